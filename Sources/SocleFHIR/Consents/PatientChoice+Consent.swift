// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension PatientChoice {
    /// This version as a `Consent` of Socle's profile: what `planConsent` reads back as the same choice.
    ///
    /// - Returns: nil for a directive that may open something, which is shown by the resource it came by.
    var consent: JSONObject? {
        guard let name = kind.consentKind else { return nil }
        var provision = kind.provision
        provision["period"] = period.json
        let content: JSONObject = [
            "resourceType": "Consent", "status": status,
            "scope": ["coding": [Vocabulary.patientPrivacy.json]],
            "category": [
                ["coding": [["system": "http://loinc.org", "code": "59284-0"]]],
                ["coding": [["system": .string(Vocabulary.consentKind), "code": .string(name.rawValue)]]],
            ],
            "patient": ["reference": .string("Patient/\(patient.value)")],
            "dateTime": .string(recordedAt.description),
            "policy": [["uri": .string("\(Vocabulary.soclePolicy)\(name.rawValue)")]],
            "extension": .array(extensions + kind.informed), "provision": .object(provision),
        ]
        return content.withoutEmptyLists
    }

    /// The same resource, saying what this version says: of the kind it had, with another period, recorder or proof.
    func updating(_ content: JSONObject) -> JSONObject {
        var content = content
        content["status"] = status
        var provision = content["provision"]?.object ?? JSONObject()
        provision["period"] = period.json
        content["provision"] = .object(provision)
        let own: Set = [Vocabulary.recordedBy, Vocabulary.evidence]
        let others = (content["extension"]?.array ?? []).filter { !own.contains($0["url"]?.string ?? "") }
        content["extension"] = .array(others + extensions)
        // What they stood for is said by the extensions now.
        content["performer"] = nil
        if evidence == nil { content["sourceReference"] = nil }
        return content.withoutEmptyLists
    }

    private var status: JSONValue {
        period.end.map { $0 <= recordedAt } ?? false ? "inactive" : "active"
    }

    private var extensions: [JSONValue] {
        var list: [JSONValue] = []
        if let recordedBy {
            // A professional is known by a number, an account by its `sub`.
            let value: (name: String, JSONValue) =
                ProfessionalIdentifier.isNumber(recordedBy)
                ? ("valueReference", ["reference": .string("Practitioner/\(recordedBy)")])
                : ("valueString", .string(recordedBy))
            list.append(.object(["url": .string(Vocabulary.recordedBy), value.name: value.1]))
        }
        if let evidence { list.append(["url": .string(Vocabulary.evidence), "valueCode": .string(evidence)]) }
        return list
    }
}

extension PatientChoice.Kind {
    var consentKind: ConsentKind? {
        switch self {
        case .teamInformation: .teamInformation
        case .teamConsent: .teamConsent
        case .oppositionToSharing: .oppositionToSharing
        case .oppositionInEmergency: .oppositionInEmergency
        case .oppositionToRegulation: .oppositionToRegulation
        case .block: .block
        case .mask: .mask
        case .minorSecret: .minorSecret
        case .administrator: .administrator
        case .carerMandate: .carerMandate
        case .consentOutsideTeam: .consentOutsideTeam
        case .occupationalConsent: .occupationalConsent
        case .directive(let directive): directive.refusesOnly ? .refusals : nil
        }
    }

    /// Whether it opens anything to anybody.
    var permits: Bool {
        switch self {
        case .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation, .block, .mask, .minorSecret: false
        case .teamInformation, .teamConsent, .administrator, .carerMandate, .consentOutsideTeam, .occupationalConsent:
            true
        case .directive(let directive):
            !directive.refusesOnly && CompiledDirective(directive).clauses.contains { $0.effect == .permit }
        }
    }

    /// Whether it keeps if the patient was informed: it is decided on, and no reason to refuse the record.
    var tellsWhetherInformed: Bool {
        switch self {
        case .consentOutsideTeam, .occupationalConsent: true
        default: false
        }
    }

    fileprivate var informed: [JSONValue] {
        let informed: Bool
        switch self {
        case .consentOutsideTeam(let consent): informed = consent.informed
        case .occupationalConsent(_, let given): informed = given
        default: return []
        }
        return [["url": .string(Vocabulary.informed), "valueBoolean": .bool(informed)]]
    }

    /// The root provision, its period aside.
    fileprivate var provision: JSONObject {
        func permit(_ members: JSONObject = [:]) -> JSONObject { rule("permit", members) }
        func rule(_ type: String, _ members: JSONObject) -> JSONObject {
            var rule: JSONObject = ["type": .string(type)]
            for (name, value) in members.members { rule[name] = value }
            return rule
        }
        func denying(_ members: JSONObject) -> JSONObject {
            permit(["provision": [.object(rule("deny", members))]])
        }
        func purpose(_ code: String, _ system: String = RulePurpose.actReason) -> JSONValue {
            [["system": .string(system), "code": .string(code)]]
        }
        switch self {
        case .teamInformation(let recipients), .teamConsent(let recipients): return permit(team(recipients))
        case .oppositionToSharing: return rule("deny", ["purpose": purpose("TREAT")])
        case .oppositionInEmergency: return denying(["purpose": purpose("BTG")])
        case .oppositionToRegulation: return denying(["purpose": purpose("REG15", RulePurpose.socle)])
        case .block(let party): return denying(["actor": [actor(party)]])
        case .mask(let target): return denying(masked(target))
        case .minorSecret(let document): return denying(masked(.document(document)))
        case .administrator(let professional): return permit(["actor": [actor(.professional(professional))]])
        case .carerMandate(let person, let categories):
            return permit(["actor": [actor(.relatedPerson(person))], "class": classes(categories)])
        case .consentOutsideTeam(let consent):
            return permit([
                "actor": [actor(consent.grantee)], "purpose": purpose("TREAT"),
                "code": codes(consent.documentTypes),
            ])
        case .occupationalConsent(let professional, _):
            return permit([
                "actor": [actor(.professional(professional))], "purpose": purpose("OCCUP", RulePurpose.socle),
            ])
        case .directive(let directive):
            return directive.root.provision
        }
    }

    private func actor(_ party: Party) -> JSONValue { party.json.actor }

    /// Kinds of place are words in lower case (`dac`), structures have identifiers.
    private func team(_ recipients: Set<String>) -> JSONObject {
        func isPlace(_ text: String) -> Bool { text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F } }
        let structures = recipients.filter { !isPlace($0) }.sorted().compactMap { StructureIdentifier($0) }
        return [
            "extension": .array(
                recipients.filter(isPlace).sorted().map {
                    ["url": .string(Vocabulary.placeKind), "valueCode": .string($0)]
                }),
            "actor": .array(structures.map { actor(.structure($0)) }),
        ]
    }

    private func masked(_ target: MaskTarget) -> JSONObject {
        switch target {
        case .document(let id):
            let reference = Reference.json("DocumentReference", id)
            return ["data": [["meaning": "instance", "reference": reference]]]
        case .types(let codes): return ["code": [["coding": .array(codes.sorted().map { ["code": .string($0)] })]]]
        case .category(let category): return ["class": classes([category])]
        }
    }

    private func classes(_ categories: Set<String>) -> JSONValue {
        .array(
            categories.sorted().map { ["system": .string(Vocabulary.resourceCategory), "code": .string($0)] })
    }

    /// None covers everything; a consent that covers nothing says so by a code that nothing has.
    private func codes(_ types: Set<String>) -> JSONValue {
        let codes = types == ["*"] ? [] : types.isEmpty ? ["none"] : types.sorted()
        return .array(codes.map { ["coding": [["code": .string($0)]]] })
    }
}

extension Period {
    var json: JSONValue {
        var json: JSONObject = ["start": .string(start.description)]
        json["end"] = end.map { .string($0.description) }
        return .object(json)
    }
}

extension Party {
    var id: String {
        switch self {
        case .professional(let id): id.value
        case .structure(let id): id.value
        case .relatedPerson(let id): id.value
        }
    }

    /// A `Reference` to whom it names.
    var json: JSONValue {
        switch self {
        case .professional(let id): Reference.json("Practitioner", id.value)
        case .structure(let id): Reference.json("Organization", id.value)
        case .relatedPerson(let id): Reference.json("RelatedPerson", id.value)
        }
    }
}

extension Reference {
    /// A literal reference, or a logical one where our identifier is none of FHIR's.
    static func json(_ type: String, _ id: String) -> JSONValue {
        Primitive.isIdentifier(id)
            ? ["reference": .string("\(type)/\(id)")]
            : ["type": .string(type), "identifier": ["value": .string(id)]]
    }
}

extension Coding {
    var json: JSONValue { ["system": .string(system), "code": .string(code)] }
}

extension ProfessionalIdentifier {
    /// Whether a text is the number of a professional (RPPS with its prefix, ADELI, ...) and nothing else.
    static func isNumber(_ text: String) -> Bool {
        (8...12).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension JSONObject {
    /// FHIR has no empty list.
    var withoutEmptyLists: JSONObject {
        var object = JSONObject()
        for (name, value) in members where value.array?.isEmpty != true {
            object[name] =
                value.object.map { .object($0.withoutEmptyLists) }
                ?? value.array.map {
                    .array($0.map { item in item.object.map { .object($0.withoutEmptyLists) } ?? item })
                }
                ?? value
        }
        return object
    }
}

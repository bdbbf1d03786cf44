// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// How a member or a grantee is laid out: a kind and an identifier.
struct PartyColumns {
    var kind: Party.Kind
    var id: String

    init(_ party: Party) {
        kind = party.kind
        id =
            switch party {
            case .professional(let value): value.value
            case .structure(let value): value.value
            case .relatedPerson(let value): value.value
            }
    }

    static func party(_ kind: Party.Kind, _ id: String) -> Party? {
        switch kind {
        case .professional: ProfessionalIdentifier(id).map(Party.professional)
        case .structure: StructureIdentifier(id).map(Party.structure)
        case .relatedPerson: RelatedPersonIdentifier(id).map(Party.relatedPerson)
        }
    }

    var json: JSONValue { ["kind": .string(kind.rawValue), "id": .string(id)] }

    static func party(_ json: JSONValue?) -> Party? {
        guard let kind = json?["kind"]?.string.flatMap(Party.Kind.init(rawValue:)), let id = json?["id"]?.string else {
            return nil
        }
        return party(kind, id)
    }
}

/// How what was chosen is laid out: a name, and the rest as JSON.
struct ChoiceColumns {
    enum Name: String {
        case teamInformation = "team_information"
        case teamConsent = "team_consent"
        case oppositionToSharing = "opposition_sharing"
        case oppositionInEmergency = "opposition_emergency"
        case oppositionToRegulation = "opposition_regulation"
        case block
        case mask
        case minorSecret = "minor_secret"
        case administrator
        case carerMandate = "carer_mandate"
        case consentOutsideTeam = "consent_outside_team"
        case occupationalConsent = "occupational_consent"
        case directive
    }

    /// The names of choices that only ever close: what either record of one person refuses, both refuse.
    static let restrictions: [Name] = [
        .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation, .block, .mask, .minorSecret,
    ]

    var name: Name
    var details: JSONValue = .object(JSONObject())

    init(_ kind: PatientChoice.Kind) {
        func words(_ set: Set<String>) -> JSONValue { JSONValue(set.sorted()) }
        switch kind {
        case .teamInformation(let recipients):
            name = .teamInformation
            details = ["recipients": words(recipients)]
        case .teamConsent(let recipients):
            name = .teamConsent
            details = ["recipients": words(recipients)]
        case .oppositionToSharing: name = .oppositionToSharing
        case .oppositionInEmergency: name = .oppositionInEmergency
        case .oppositionToRegulation: name = .oppositionToRegulation
        case .block(let party):
            name = .block
            details = ["grantee": PartyColumns(party).json]
        case .mask(let target):
            name = .mask
            details =
                switch target {
                case .document(let id): ["document": .string(id)]
                case .types(let codes):
                    codes.count == 1 ? ["type": .string(codes.first ?? "")] : ["types": words(codes)]
                case .category(let name): ["category": .string(name)]
                }
        case .minorSecret(let document):
            name = .minorSecret
            details = ["document": .string(document)]
        case .administrator(let id):
            name = .administrator
            details = ["professional": .string(id.value)]
        case .carerMandate(let id, let categories):
            name = .carerMandate
            details = ["person": .string(id.value), "categories": words(categories)]
        case .consentOutsideTeam(let consent):
            name = .consentOutsideTeam
            details = [
                "grantee": PartyColumns(consent.grantee).json, "types": words(consent.documentTypes),
                "informed": .bool(consent.informed),
            ]
        case .occupationalConsent(let id, let informed):
            name = .occupationalConsent
            details = ["professional": .string(id.value), "informed": .bool(informed)]
        case .directive(let directive):
            name = .directive
            details = DirectiveColumns.json(directive)
        }
    }

    /// - Returns: nil for details that this version does not understand: the patient's file cannot then be read, and
    ///   whatever rests on it is refused.
    static func kind(_ name: Name, _ details: JSONValue) -> PatientChoice.Kind? {
        func words(_ member: String) -> Set<String>? { details[member]?.strings.map { Set($0) } }
        func professional() -> ProfessionalIdentifier? {
            details["professional"]?.string.flatMap { ProfessionalIdentifier($0) }
        }
        switch name {
        case .teamInformation: return words("recipients").map { .teamInformation(recipients: $0) }
        case .teamConsent: return words("recipients").map { .teamConsent(recipients: $0) }
        case .oppositionToSharing: return .oppositionToSharing
        case .oppositionInEmergency: return .oppositionInEmergency
        case .oppositionToRegulation: return .oppositionToRegulation
        case .block: return PartyColumns.party(details["grantee"]).map { .block($0) }
        case .mask:
            if let id = details["document"]?.string { return .mask(.document(id)) }
            if let code = details["type"]?.string { return .mask(.type(code)) }
            if let codes = words("types") { return .mask(.types(codes)) }
            return details["category"]?.string.map { .mask(.category($0)) }
        case .minorSecret: return details["document"]?.string.map { .minorSecret(document: $0) }
        case .administrator: return professional().map { .administrator($0) }
        case .carerMandate:
            guard let id = details["person"]?.string.flatMap({ RelatedPersonIdentifier($0) }),
                let categories = words("categories")
            else { return nil }
            return .carerMandate(id, categories: categories)
        case .consentOutsideTeam:
            guard let grantee = PartyColumns.party(details["grantee"]), let types = words("types"),
                let informed = details["informed"]?.bool
            else { return nil }
            return .consentOutsideTeam(OutsideConsent(grantee: grantee, documentTypes: types, informed: informed))
        case .occupationalConsent:
            guard let id = professional(), let informed = details["informed"]?.bool else { return nil }
            return .occupationalConsent(id, informed: informed)
        case .directive: return DirectiveColumns.directive(details).map { .directive($0) }
        }
    }
}

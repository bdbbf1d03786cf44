// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// Reads the members of a scenario as the records they become.
struct ScenarioReader {
    let id: String
    let json: JSONValue
    let now: Instant

    private func fault(_ message: String) -> ScenarioFault { ScenarioFault("\(id): \(message)") }

    private func text(_ value: JSONValue?, _ name: String) throws(ScenarioFault) -> String {
        guard let text = value?.string else { throw fault("`\(name)` is missing") }
        return text
    }

    private func kind() throws(ScenarioFault) -> SubjectKind {
        guard let kind = SubjectKind(rawValue: try text(json["subject"]?["type"], "subject.type")) else {
            throw fault("`subject.type` is unknown")
        }
        return kind
    }

    private func period(_ value: JSONValue) throws(ScenarioFault) -> Period {
        let start = (value["from"] ?? value["at"])?.string
        guard let from = start.map({ Instant(iso8601: $0) }) ?? Instant(milliseconds: 0) else {
            throw fault("a period does not start with an instant")
        }
        guard let end = value["to"]?.string else { return Period(start: from) }
        guard let to = Instant(iso8601: end) else { throw fault("a period does not end with an instant") }
        return Period(start: from, end: to)
    }

    // MARK: people

    func people() throws(ScenarioFault) -> [PersonChange] {
        var changes: [PersonChange] = []
        var structures: [String: String] = [:]
        for member in json["care_team"]?.array ?? [] {
            if let id = member["member"]?.string, id.hasPrefix("STR-") { structures[id] = "STRUCTURE" }
        }
        if try kind() == .professional {
            let professional = try professional()
            for activity in professional.activities {
                structures[activity.structure.value] = activity.kind.uppercased()
            }
            changes.append(.professional(professional))
        } else if let link = try link() {
            changes.append(.link(link))
        }
        for (id, type) in structures.sorted(by: { $0.key < $1.key }) {
            guard let identifier = StructureIdentifier(id) else { throw fault("`\(id)` is not an identifier") }
            changes.append(.structure(Structure(id: identifier, name: id, type: type, teamCapable: true)))
        }
        if let patient = try patient() { changes.append(.patient(patient)) }
        return changes
    }

    private func professional() throws(ScenarioFault) -> Professional {
        let subject = json["subject"] ?? .null
        var activities: [Activity] = []
        for activity in subject["activities"]?.array ?? [] {
            guard let structure = StructureIdentifier(try text(activity["structure"], "activities.structure")) else {
                throw fault("`activities.structure` is not an identifier")
            }
            activities.append(
                Activity(
                    structure: structure, kind: activity["kind"]?.string ?? "",
                    sector: activity["sector"]?.string ?? "", mode: activity["mode"]?.string ?? ""))
        }
        guard let identifier = ProfessionalIdentifier(try text(subject["id"], "subject.id")),
            let status = Professional.RegistryStatus(rawValue: subject["registry_status"]?.string ?? "active")
        else { throw fault("`subject` is not a professional") }
        return Professional(
            id: identifier, name: subject["name"]?.string ?? "",
            profession: CodedConcept(
                code: try text(subject["profession"]?["code"], "profession.code"),
                system: try text(subject["profession"]?["system"], "profession.system")),
            speciality: subject["specialty"]?.string, registryStatus: status, activities: activities)
    }

    /// The account of a patient, a relative or an administrator, with what was established when it was linked.
    private func link() throws(ScenarioFault) -> AccountLink? {
        let subject = json["subject"] ?? .null
        let name = try text(subject["id"], "subject.id")
        let match = AccountLink.IdentityMatch(rawValue: subject["identity_match"]?.string ?? "none") ?? .none
        switch try kind() {
        case .professional, .system: return nil
        case .admin:
            return AccountLink(
                subject: name, person: .administrator(roles: Set(subject["admin_roles"]?.strings ?? [])))
        case .patient:
            guard let patient = PatientIdentifier(name) else { throw fault("`subject.id` is not an identifier") }
            return AccountLink(subject: name, person: .patient(patient, match: match))
        case .relatedPerson:
            guard let person = RelatedPersonIdentifier(name) else { throw fault("`subject.id` is not an identifier") }
            var relations: [AccountLink.Relation] = []
            if let patient = json["patient"]?["id"]?.string.flatMap({ PatientIdentifier($0) }) {
                relations.append(
                    AccountLink.Relation(
                        patient: patient, code: subject["relation"]?.string ?? "",
                        legalRepresentative: subject["legal_representative"]?.bool ?? false))
            }
            return AccountLink(subject: name, person: .relatedPerson(person, match: match, of: relations))
        }
    }

    private func patient() throws(ScenarioFault) -> Patient? {
        guard let json = json["patient"], !json.isNull else { return nil }
        guard let identifier = PatientIdentifier(try text(json["id"], "patient.id")),
            let status = INSStatus(rawValue: json["ins_status"]?.string ?? "PROV"),
            let capacity = Patient.Capacity(rawValue: json["capacity"]?.string ?? "able")
        else { throw fault("`patient` is not a patient") }
        let year = json["age"]?.integer.flatMap { age in Int(now.description.prefix(4)).map { $0 - Int(age) } }
        return Patient(
            id: identifier, insStatus: status, birthDate: year.flatMap { CalendarDate("\($0)-01-01") },
            // In an emergency the incapacity is what the professional declares, not what the record says.
            capacity: isEmergency && capacity == .unableToExpress ? .able : capacity,
            alive: json["alive"]?.bool ?? true)
    }

    private var isEmergency: Bool { json["request"]?["purpose"]?.string == "BTG" }

    // MARK: care team and choices

    func consents() throws(ScenarioFault) -> [ConsentChange] {
        guard let patient = json["patient"]?["id"]?.string.flatMap({ PatientIdentifier($0) }) else { return [] }
        var changes: [ConsentChange] = []
        for (index, member) in (json["care_team"]?.array ?? []).enumerated() {
            guard let party = party(try text(member["member"], "care_team.member")),
                let basis = Membership.LegalBasis(rawValue: try text(member["basis"], "care_team.basis"))
            else { throw fault("`care_team` holds what is not a membership") }
            changes.append(
                .join(
                    Membership(
                        id: "m\(index)", patient: patient, member: party, period: try period(member),
                        role: member["role"]?.string, legalBasis: basis)))
        }
        for (index, choice) in (json["choices"]?.array ?? []).enumerated() {
            let period = try period(choice)
            changes.append(
                .choose(
                    PatientChoice(
                        id: "c\(index)", patient: patient, kind: try kind(of: choice), period: period,
                        recordedAt: period.start, recordedBy: choice["recorded_by"]?.string,
                        evidence: choice["evidence"]?.string)))
        }
        return changes
    }

    private func party(_ id: String) -> Party? {
        if id.hasPrefix("STR-") { return StructureIdentifier(id).map(Party.structure) }
        if id.hasPrefix("REL-") { return RelatedPersonIdentifier(id).map(Party.relatedPerson) }
        return ProfessionalIdentifier(id).map(Party.professional)
    }

    private func grantee(_ choice: JSONValue) throws(ScenarioFault) -> Party {
        let grantee = choice["grantee"]
        if let id = grantee?["professional"]?.string, let id = ProfessionalIdentifier(id) { return .professional(id) }
        if let id = grantee?["structure"]?.string, let id = StructureIdentifier(id) { return .structure(id) }
        if let id = grantee?["related_person"]?.string, let id = RelatedPersonIdentifier(id) {
            return .relatedPerson(id)
        }
        throw fault("a choice names nobody in `grantee`")
    }

    private func kind(of choice: JSONValue) throws(ScenarioFault) -> PatientChoice.Kind {
        let name = try text(choice["kind"], "choices.kind")
        switch name {
        case "information_equipe": return .teamInformation(recipients: Set(choice["recipients"]?.strings ?? []))
        case "opposition_partage": return .oppositionToSharing
        case "opposition_urgence": return .oppositionInEmergency
        case "opposition_regulation_15": return .oppositionToRegulation
        case "blocage": return .block(try grantee(choice))
        case "masquage":
            if let document = choice["document"]?.string { return .mask(.document(document)) }
            if let type = choice["type_code"]?.string { return .mask(.type(type)) }
            return .mask(.category(try text(choice["category"], "masquage.document")))
        case "secret_mineur": return .minorSecret(document: try text(choice["document"], "secret_mineur.document"))
        case "administrateur":
            guard case .professional(let id) = try grantee(choice) else { break }
            return .administrator(id)
        case "mandat_proche":
            guard case .relatedPerson(let id) = try grantee(choice) else { break }
            return .carerMandate(id, categories: Set(choice["scope"]?.strings ?? []))
        case "consentement_hors_equipe":
            return .consentOutsideTeam(
                OutsideConsent(
                    grantee: try grantee(choice), documentTypes: Set(choice["doc_types"]?.strings ?? []),
                    informed: choice["informed"]?.bool ?? false))
        case "consentement_medecin_travail":
            guard case .professional(let id) = try grantee(choice) else { break }
            return .occupationalConsent(id, informed: choice["informed"]?.bool ?? false)
        default: break
        }
        throw fault("the choice `\(name)` cannot be read")
    }

    // MARK: question

    func registration() throws(ScenarioFault) -> ApplicationRegistration {
        let request = json["request"] ?? .null
        let application = try text(request["application"], "request.application")
        let category = try text(request["resource"]?["category"], "resource.category")
        return ApplicationRegistration(
            clientID: application, service: application,
            purposes: [try text(request["purpose"], "request.purpose")],
            actions: [try text(request["action"], "request.action")], resourceTypes: [category],
            heldTypes: [category], assertedSubjects: [try kind()], namesByRPPS: true, pseudonymises: true,
            structure: json["subject"]?["structure"]?.string.flatMap { StructureIdentifier($0) })
    }

    /// A cell names a profession by code: the system is the subject's where the code is theirs.
    func matrix() -> String {
        let own = json["subject"]?["profession"]
        var lines = ["profession_code,profession_system_oid,type_code,access,status"]
        for cell in json["matrix"]?.array ?? [] {
            let code = cell["profession"]?.string ?? ""
            let system = own?["code"]?.string == code ? own?["system"]?.string : nil
            lines.append(
                [
                    code, system ?? CodeSystem.healthProfessions, cell["type_code"]?.string ?? "",
                    cell["access"]?.bool == true ? "allow" : "deny", cell["status"]?.string ?? "",
                ].joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func request() throws(ScenarioFault) -> JSONValue {
        let request = json["request"] ?? .null
        let subject = json["subject"] ?? .null
        let kind = try kind()
        let name = try text(subject["id"], "subject.id")
        var properties = JSONObject()
        properties["situation"] = subject["active_activity"].flatMap { $0.isNull ? nil : $0 }
        properties["method"] = subject["authn"]?["method"]
        properties["acr"] = subject["authn"]?["acr"].flatMap { $0.isNull ? nil : $0 }
        var resource = JSONObject()
        resource["patient"] = json["patient"]?["id"]
        for member in request["resource"]?.object?.members ?? [] where !["category", "id"].contains(member.name) {
            resource[member.name] = member.value
        }
        var context = request["context"]?.object ?? JSONObject()
        context["purpose"] = request["purpose"]
        if isEmergency { context["patient_capacity"] = json["patient"]?["capacity"] }
        return [
            "subject": [
                "type": .string(kind.rawValue), "id": .string(kind == .professional ? "rpps:\(name)" : name),
                "properties": .object(properties),
            ],
            "action": ["name": .string(try text(request["action"], "request.action"))],
            "resource": [
                "type": .string(try text(request["resource"]?["category"], "resource.category")),
                "id": .string(try text(request["resource"]?["id"], "resource.id")), "properties": .object(resource),
            ],
            "context": .object(context),
        ]
    }
}

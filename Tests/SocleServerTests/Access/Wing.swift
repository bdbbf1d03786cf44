// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import Testing

/// Two professionals of one structure and four patients, with a record of every kind that an answer looks at; every way
/// to ask about them, and every way to change what the answers rest on.
struct Wing {
    /// One call, and the changes of `changes` that alter its answer.
    struct Call: Sendable, CustomTestStringConvertible {
        var name: String
        var path: String
        var client = "point-acces-pro"
        var body: JSONObject
        var rests: Set<ChangeName>

        var testDescription: String { name }
        var isSearch: Bool { path.hasPrefix("/access/v1/search/") }
    }

    enum ChangeName: CaseIterable {
        case memberLeaves, patientOpposes, otherPatientOpposes, oppositionIsLifted, mergedRecordOpposes, mandateEnds
        case paulStruckOff, leaStruckOff, structureFormsNoTeam, applicationClosed, otherPolicy
        case paulUnlinked, patientUnmatched, carerUnmatched
    }

    struct Change: Sendable {
        var name: ChangeName
        var key: RecordKey
        var made: any RecordChange
        var undone: any RecordChange
    }

    static let since = Period(start: Instant(seconds: 1_700_000_000))
    private static let over = Period(start: since.start, end: since.start + .seconds(1))

    let paul: Professional
    let lea: Professional
    let structure: Structure
    /// Of the first, Paul and Léa are members; of the second their structure; of the third Paul, but they oppose. The
    /// fourth was merged into the first.
    let patients: [PatientIdentifier]
    private let carer: RelatedPersonIdentifier

    init() throws {
        let place = try #require(StructureIdentifier("STR-1"))
        func nurse(_ id: String, _ name: String) throws -> Professional {
            Professional(
                id: try #require(ProfessionalIdentifier(id)), name: name,
                profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                activities: [Activity(structure: place, kind: "cabinet", sector: "SA07", mode: "L")])
        }
        paul = try nurse("899700100022", "Paul Nadir")
        lea = try nurse("899700100030", "Léa Morel")
        structure = Structure(id: place, name: "Maison de santé", type: "MSP", teamCapable: true)
        patients = try (1...4).map { try #require(PatientIdentifier("PAT-\($0)")) }
        carer = try #require(RelatedPersonIdentifier("REL-1"))
    }

    func load(_ fixture: AccessFixture) async throws {
        let policies = try SharedData.policies()
        var closed = policies
        closed.files["closed.cedar"] = """
            @id("closed") @order("0") @rule("R-TEST") @reason("no_basis")
            forbid (principal, action, resource);
            """
        let members: [(PatientIdentifier, String, Party)] = [
            (patients[0], "m1", .professional(paul.id)), (patients[0], "m2", .professional(lea.id)),
            (patients[1], "m1", .structure(structure.id)), (patients[2], "m1", .professional(paul.id)),
        ]
        try await fixture.load(
            [
                PersonChange.professional(paul), PersonChange.professional(lea), PersonChange.structure(structure),
                PersonChange.link(paulLink), PersonChange.link(patientLink(.exact)),
                PersonChange.link(carerLink(.exact)),
                PersonChange.link(AccountLink(subject: "sub-lea", person: .professional(lea.id))),
            ] + patients.map { PersonChange.patient(Patient(id: $0, insStatus: .qualified)) }
                + members.map { membership($0.1, of: $0.0, $0.2) }
                + patients.prefix(3).map { choice("c1", 1, of: $0, .teamInformation(recipients: [])) } + [
                    choice("o", 1, of: patients[2], .oppositionToSharing),
                    choice("m", 1, of: patients[0], mandate),
                    AccessChange.register(registration("point-acces-pro")),
                    AccessChange.register(registration("sans-rpps")),
                ],
            matrix: """
                profession_code,profession_system_oid,type_code,access,status
                60,1.2.250.1.71.1.2.7,15507-7,allow,attested
                """, policies: policies)
        try await fixture.write([
            AccessChange.addPolicy(
                PolicyVersion(number: 2, text: closed, author: "author", createdAt: Wing.since.start)),
            IdentityChange.merge(survivor: patients[0], absorbed: patients[3], at: Wing.since.start),
        ])
    }

    /// Each can be made and undone once.
    func changes(asking client: String) -> [Change] {
        var closed = registration(client)
        closed.purposes = []
        let incapable = Structure(id: structure.id, name: structure.name, type: structure.type, teamCapable: false)
        let leave = ConsentChange.leave(patient: patients[0], membership: "m1", at: Ward.now)
        return [
            Change(
                name: .memberLeaves, key: key(patients[0]), made: leave,
                undone: membership("m3", of: patients[0], .professional(paul.id), since: Period(start: Ward.now))),
            opposition(.patientOpposes, of: patients[0]), opposition(.otherPatientOpposes, of: patients[1]),
            opposition(.mergedRecordOpposes, of: patients[3]),
            Change(
                name: .oppositionIsLifted, key: key(patients[2]),
                made: choice("o", 2, of: patients[2], .oppositionToSharing, Wing.over),
                undone: choice("o", 3, of: patients[2], .oppositionToSharing)),
            Change(
                name: .mandateEnds, key: key(patients[0]), made: choice("m", 2, of: patients[0], mandate, Wing.over),
                undone: choice("m", 3, of: patients[0], mandate)),
            struckOff(.paulStruckOff, paul), struckOff(.leaStruckOff, lea),
            Change(
                name: .structureFormsNoTeam, key: RecordKey(.structure, structure.id.value),
                made: PersonChange.structure(incapable), undone: PersonChange.structure(structure)),
            Change(
                name: .applicationClosed, key: RecordKey(.application, client), made: AccessChange.register(closed),
                undone: AccessChange.register(registration(client))),
            Change(
                name: .otherPolicy, key: RecordKey(.policy, "active"),
                made: AccessChange.activatePolicy(number: 2, approver: "approver"),
                undone: AccessChange.activatePolicy(number: 1, approver: "approver")),
            Change(
                name: .paulUnlinked, key: RecordKey(.person, "sub-paul"),
                made: PersonChange.link(AccountLink(subject: "sub-paul", person: .administrator(roles: []))),
                undone: PersonChange.link(paulLink)),
            Change(
                name: .patientUnmatched, key: RecordKey(.person, "sub-patient"),
                made: PersonChange.link(patientLink(.partial)), undone: PersonChange.link(patientLink(.exact))),
            Change(
                name: .carerUnmatched, key: RecordKey(.person, "sub-carer"),
                made: PersonChange.link(carerLink(.none)), undone: PersonChange.link(carerLink(.exact))),
        ]
    }

    /// What changes nothing but the revision of that registration.
    func touch(_ client: String) -> any RecordChange { AccessChange.register(registration(client)) }

    // MARK: Records

    private var mandate: PatientChoice.Kind { .carerMandate(carer, categories: ["patient", "liaison_note"]) }
    private var paulLink: AccountLink { AccountLink(subject: "sub-paul", person: .professional(paul.id)) }

    private func patientLink(_ match: AccountLink.IdentityMatch) -> AccountLink {
        AccountLink(subject: "sub-patient", person: .patient(patients[0], match: match))
    }

    private func carerLink(_ match: AccountLink.IdentityMatch) -> AccountLink {
        let relation = AccountLink.Relation(patient: patients[0], code: "MTH", legalRepresentative: false)
        return AccountLink(subject: "sub-carer", person: .relatedPerson(carer, match: match, of: [relation]))
    }

    private func registration(_ client: String) -> ApplicationRegistration {
        let types: Set = ["patient", "document", "liaison_note"]
        return ApplicationRegistration(
            clientID: client, service: "point-acces-pro", purposes: ["TREAT", "PATRQT", "BTG"],
            actions: ["read", "search"],
            resourceTypes: types, heldTypes: types, assertedSubjects: [.professional, .patient, .relatedPerson],
            namesByRPPS: client != "sans-rpps")
    }

    private func membership(
        _ id: String, of patient: PatientIdentifier, _ member: Party, since period: Period = since
    ) -> any RecordChange {
        ConsentChange.join(
            Membership(
                id: id, patient: patient, member: member, period: period,
                legalBasis: member == .structure(structure.id) ? .establishment : .recognised))
    }

    private func choice(
        _ id: String, _ version: Int, of patient: PatientIdentifier, _ kind: PatientChoice.Kind,
        _ period: Period = since
    ) -> any RecordChange {
        ConsentChange.choose(
            PatientChoice(
                id: id, version: version, patient: patient, kind: kind, period: period, recordedAt: period.start))
    }

    private func opposition(_ name: ChangeName, of patient: PatientIdentifier) -> Change {
        Change(
            name: name, key: key(patient), made: choice("late", 1, of: patient, .oppositionToSharing),
            undone: choice("late", 2, of: patient, .oppositionToSharing, Wing.over))
    }

    private func struckOff(_ name: ChangeName, _ professional: Professional) -> Change {
        var changed = professional
        changed.registryStatus = .struckOff
        return Change(
            name: name, key: RecordKey(.person, professional.id.value), made: PersonChange.professional(changed),
            undone: PersonChange.professional(professional))
    }

    private func key(_ patient: PatientIdentifier) -> RecordKey { RecordKey(.patient, patient.value) }
}

// MARK: - Calls

extension Wing {
    private static let paulsName: JSONValue = "rpps:899700100022"
    private static let leasName: JSONValue = "rpps:899700100030"
    /// What every answer rests on.
    private static let always: Set<ChangeName> = [.applicationClosed, .otherPolicy]
    private static let firstPatient: Set<ChangeName> =
        always.union([.memberLeaves, .patientOpposes, .mergedRecordOpposes, .paulStruckOff])

    private static func subject(_ type: String, _ id: JSONValue?, in situation: String? = nil) -> JSONValue {
        var properties: JSONObject = ["method": "psc", "acr": "eidas1"]
        properties["situation"] = situation.map(JSONValue.string)
        var subject: JSONObject = ["type": .string(type), "properties": .object(properties)]
        subject["id"] = id
        return .object(subject)
    }

    private static func note(of patient: String) -> JSONValue {
        ["type": "liaison_note", "id": "N-1", "properties": ["patient": .string(patient)]]
    }

    private static func body(
        _ subject: JSONValue, _ resource: JSONValue, purpose: JSONValue = "TREAT"
    ) -> JSONObject {
        ["subject": subject, "action": ["name": "read"], "resource": resource, "context": ["purpose": purpose]]
    }

    private static func search(
        _ name: String, _ entity: SearchedEntity, _ body: JSONObject, client: String = "point-acces-pro",
        rests: Set<ChangeName>
    ) -> Call {
        Call(name: name, path: AccessRoutes.search(entity), client: client, body: body, rests: rests)
    }

    static let evaluation = Call(
        name: "one question", path: AccessRoutes.evaluation,
        body: body(subject("professional", paulsName, in: "STR-1"), note(of: "PAT-1")), rests: firstPatient)

    static let batch: Call = {
        let asked: [(JSONValue, String, JSONValue)] = [
            (subject("professional", paulsName, in: "STR-1"), "PAT-1", "TREAT"),
            (subject("professional", leasName, in: "STR-1"), "PAT-1", "TREAT"),
            (subject("professional", "sub-paul", in: "STR-1"), "PAT-2", "TREAT"),
            (subject("professional", paulsName, in: "STR-1"), "PAT-3", "TREAT"),
            (subject("patient", "sub-patient"), "PAT-1", "PATRQT"),
            (subject("related_person", "sub-carer"), "PAT-4", "PATRQT"),
        ]
        let items = asked.map { JSONValue.object(body($0, note(of: $1), purpose: $2)) }
        return Call(
            name: "several questions", path: AccessRoutes.evaluations, body: ["evaluations": .array(items)],
            rests: Set(ChangeName.allCases))
    }()

    static let searches: [Call] = {
        let someone = subject("professional", nil)
        let paul = subject("professional", paulsName, in: "STR-1")
        let candidates: JSONValue = [["id": "D-1", "type_code": "15507-7"], ["id": "D-2", "type_code": "15507-7"]]
        let team = firstPatient.union([.leaStruckOff])
        return [
            search("who", .subject, body(someone, note(of: "PAT-1")), rests: team),
            search(
                "who, by their accounts", .subject, body(someone, note(of: "PAT-1")), client: "sans-rpps",
                rests: team.union([.paulUnlinked])),
            search(
                "which structures", .subject, body(someone, note(of: "PAT-2")),
                rests: always.union([.otherPatientOpposes, .structureFormsNoTeam])),
            search(
                "who in a situation", .subject, body(subject("professional", nil, in: "STR-1"), note(of: "PAT-2")),
                rests: always.union([.otherPatientOpposes, .structureFormsNoTeam, .paulStruckOff, .leaStruckOff])),
            search(
                "which account of the patient", .subject,
                body(subject("patient", nil), note(of: "PAT-1"), purpose: "PATRQT"),
                rests: always.union([.patientUnmatched])),
            search(
                "which carers", .subject, body(subject("related_person", nil), note(of: "PAT-1"), purpose: "PATRQT"),
                rests: always.union([.carerUnmatched, .mandateEnds])),
            search(
                "which patients of a professional", .resource, body(paul, ["type": "patient"]),
                rests: firstPatient.union([.otherPatientOpposes, .oppositionIsLifted, .structureFormsNoTeam])),
            search(
                "which patients of an account", .resource,
                body(subject("patient", "sub-patient"), ["type": "patient"], purpose: "PATRQT"),
                rests: always.union([.patientUnmatched])),
            search(
                "which patients of a carer", .resource,
                body(subject("related_person", "sub-carer"), ["type": "patient"], purpose: "PATRQT"),
                rests: always.union([.carerUnmatched, .mandateEnds])),
            search(
                "which documents", .resource,
                body(
                    paul, ["type": "document", "properties": ["patient": "PAT-1", "candidates": candidates]]),
                rests: firstPatient),
            search("what may be done", .action, body(paul, note(of: "PAT-1")), rests: firstPatient),
        ]
    }()

    static let calls = [evaluation, batch] + searches
}

extension AccessFixture {
    func send(_ call: Wing.Call, token: String? = nil) async -> WebResponse {
        await post(JSONValue.object(call.body).bytes, to: call.path, token: token ?? "app~\(call.client)")
    }

    /// What the answer says, in the order it says it: each decision with its reason, or each thing found.
    func told(_ call: Wing.Call) async throws -> [JSONValue] {
        let response = await send(call)
        #expect(response.status == .ok, "\(call.name): \(String(decoding: response.body, as: UTF8.self))")
        return try Wing.told(response)
    }
}

extension Wing {
    /// Each decision with its reason, or each thing found; empty for an answer that is neither.
    static func told(_ response: WebResponse) throws -> [JSONValue] {
        let answer = try JSONValue(parsing: response.body)
        if let results = answer["results"]?.array { return results }
        guard answer["decision"] != nil || answer["evaluations"] != nil else { return [] }
        return (answer["evaluations"]?.array ?? [answer]).map { item in
            ["decision": item["decision"] ?? .null, "reason": item["context"]?["reason"] ?? .null]
        }
    }
}

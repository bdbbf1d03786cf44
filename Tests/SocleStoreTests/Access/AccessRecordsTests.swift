// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleOIDC
import SocleStore
import Testing

@Suite("Records of people, teams, choices and policies · one contract, every driver")
struct AccessRecordsTests {
    @Test("a person, their places and their account come back as they were written") func person() async throws {
        try await withStores { store in
            let professional = try Sample.professional()
            let link = AccountLink(subject: "sub-1", person: .professional(professional.id))
            try await store.write(PersonChange.professional(professional), PersonChange.link(link))
            let records = StoredAccessRecords(database: store.database)
            let file = try await records.asker(client: "app", subject: .account("sub-1"))
            #expect(file.professional == professional)
            #expect(file.link == link)
            #expect(file.registration == nil)
            #expect(file.policyNumber == nil)
            let named = try await records.asker(client: "app", subject: .professional(professional.id))
            #expect(named.professional == professional)
            #expect(named.link == nil)
        }
    }

    @Test("a disabled account is nobody, and an answer that rested on it does not stand") func disabledAccount()
        async throws
    {
        try await withStores { store in
            let professional = try Sample.professional()
            let account = Account(
                subject: "sub-1", login: "marie", displayName: "Marie", passwordHash: "x", sealedTOTPSeed: [0])
            try await store.write(
                PersonChange.professional(professional), SignInChange.addAccount(account),
                PersonChange.link(AccountLink(subject: "sub-1", person: .professional(professional.id))))
            let records = StoredAccessRecords(database: store.database)
            let before = try await records.asker(client: "app", subject: .account("sub-1"))
            #expect(before.professional == professional)
            try await store.write(SignInChange.setDisabled(subject: "sub-1", true))
            let after = try await records.asker(client: "app", subject: .account("sub-1"))
            #expect(after.link == nil && after.professional == nil)
            let outcome = try await store.lane.commit(Submission(entry: nil, stamp: before.stamp))
            #expect(outcome == .conflict(RecordKey(.account, "sub-1")), "\(store.name)")
        }
    }

    @Test("every kind of account link comes back") func links() async throws {
        try await withStores { store in
            let patient = try #require(PatientIdentifier("PAT-1"))
            let related = try #require(RelatedPersonIdentifier("REL-1"))
            let relation = AccountLink.Relation(patient: patient, code: "MTH", legalRepresentative: true)
            let people: [AccountLink.Person] = [
                .professional(try #require(ProfessionalIdentifier("899700100022"))),
                .patient(patient, match: .partial), .relatedPerson(related, match: .exact, of: [relation]),
                .administrator(roles: ["policy_author", "rights_admin"]),
            ]
            let records = StoredAccessRecords(database: store.database)
            for (index, person) in people.enumerated() {
                let link = AccountLink(subject: "sub-\(index)", person: person)
                try await store.write(PersonChange.link(link))
                #expect(try await records.link(of: "sub-\(index)") == link)
            }
        }
    }

    @Test("every kind of choice comes back, in its last version, and its history in full") func choices() async throws {
        try await withStores { store in
            let patient = try Sample.patient()
            try await store.write(PersonChange.patient(patient))
            let kinds = try Sample.kinds()
            for (index, kind) in kinds.enumerated() {
                try await store.write(ConsentChange.choose(Sample.choice("c\(index)", kind, of: patient.id)))
            }
            let records = StoredAccessRecords(database: store.database)
            let file = try await records.file(of: patient.id)
            #expect(file.patient == patient)
            #expect(Set(file.choices.map(\.kind)) == Set(kinds))
            var withdrawn = Sample.choice("c0", kinds[0], of: patient.id, version: 2)
            withdrawn.period.end = Instant(seconds: 2000)
            try await store.write(ConsentChange.choose(withdrawn))
            let after = try await records.file(of: patient.id)
            #expect(after.choices.count == kinds.count)
            #expect(after.choices.first { $0.id == "c0" } == withdrawn)
            #expect(try await records.history(of: patient.id).count == kinds.count + 1)
        }
    }

    @Test("a version that does not follow the last is refused, and changes nothing") func versions() async throws {
        try await withStores { store in
            let patient = try Sample.patient().id
            try await store.write(ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient)))
            for version in [1, 3] {
                let choice = Sample.choice("c", .oppositionInEmergency, of: patient, version: version)
                #expect(try await store.outcome(of: ConsentChange.choose(choice)) == .refused(changeIndex: 0))
            }
            let records = StoredAccessRecords(database: store.database)
            #expect(try await records.history(of: patient).map(\.kind) == [.oppositionToSharing])
        }
    }

    @Test("a membership ends, is re-entered as another, and is not ended twice") func memberships() async throws {
        try await withStores { store in
            let patient = try Sample.patient().id
            let structure = try #require(StructureIdentifier("STR-1"))
            let first = Membership(
                id: "m1", patient: patient, member: .structure(structure), period: Period(start: Instant(seconds: 10)),
                role: "PCP", legalBasis: .establishment, addedBy: "operator", information: .oral)
            try await store.write(
                PersonChange.structure(Structure(id: structure, name: "S", type: "MSP", teamCapable: true)),
                ConsentChange.join(first))
            #expect(try await store.outcome(of: ConsentChange.join(first)) == .refused(changeIndex: 0))
            let leave = ConsentChange.leave(patient: patient, membership: "m1", at: Instant(seconds: 20))
            try await store.write(leave)
            #expect(try await store.outcome(of: leave) == .refused(changeIndex: 0))
            var second = first
            second.id = "m2"
            second.period = Period(start: Instant(seconds: 30))
            try await store.write(ConsentChange.join(second))
            let file = try await StoredAccessRecords(database: store.database).file(of: patient)
            #expect(file.memberships.map(\.id) == ["m1", "m2"])
            #expect(file.memberships.first?.period.end == Instant(seconds: 20))
            #expect(file.memberships.last == second)
            #expect(file.teamCapable == [structure])
            #expect(file.stamp.revisions[RecordKey(.structure, "STR-1")] == 1)
        }
    }

    @Test("a word that was taken as how the patient was told, and is none, tells nothing") func information()
        async throws
    {
        try await withStores { store in
            let patient = try Sample.patient().id
            let stay = Membership(
                id: "m1", patient: patient, member: .structure(try #require(StructureIdentifier("STR-1"))),
                period: Period(start: Instant(seconds: 10)), legalBasis: .recognised, information: .paper)
            try await store.write(ConsentChange.join(stay))
            let records = StoredAccessRecords(database: store.database)
            #expect(try await records.file(of: patient).memberships == [stay])
            _ = try store.database.write { connection throws(StoreError) in
                try connection.execute("UPDATE memberships SET information = 'none'")
            }
            #expect(try await records.file(of: patient).memberships.map(\.information) == [nil])
        }
    }

    @Test("a policy version is immutable and numbered in order; only a known one is put in force")
    func policies() async throws {
        try await withStores { store in
            let records = StoredAccessRecords(database: store.database)
            let text = PolicyText(files: ["a.cedar": "// é \"quoted\"\n", "matrix.csv": ""])
            let one = PolicyVersion(number: 1, text: text, author: "a", createdAt: Instant(seconds: 5))
            #expect(
                try await store.outcome(of: AccessChange.activatePolicy(number: 1, approver: "b"))
                    == .refused(changeIndex: 0))
            try await store.write(AccessChange.addPolicy(one))
            #expect(try await records.activePolicy() == nil)
            try await store.write(AccessChange.activatePolicy(number: 1, approver: "b"))
            #expect(try await records.activePolicy() == 1)
            #expect(try await records.policy(number: 1) == one)
            for number: Int64 in [1, 3] {
                var other = one
                other.number = number
                #expect(try await store.outcome(of: AccessChange.addPolicy(other)) == .refused(changeIndex: 0))
            }
            #expect(try await records.policy(number: 3) == nil)
        }
    }

    @Test("a version is approved by somebody else than its author; the way back is to one that was in force")
    func approvals() async throws {
        try await withStores { store in
            let records = StoredAccessRecords(database: store.database)
            for number: Int64 in 1...3 {
                try await store.write(
                    AccessChange.addPolicy(
                        PolicyVersion(
                            number: number, text: PolicyText(files: [:]), author: "a",
                            createdAt: Instant(seconds: number))))
            }
            func refused(_ change: AccessChange) async throws {
                #expect(try await store.outcome(of: change) == .refused(changeIndex: 0), "\(change)")
            }
            try await refused(.activatePolicy(number: 1, approver: "a"))
            #expect(try await records.activePolicy() == nil)
            try await store.write(AccessChange.activatePolicy(number: 1, approver: "b"))
            try await refused(.activatePolicy(number: 1, approver: "c"))
            try await refused(.rollBackPolicy(number: 2, approver: "b"))
            try await refused(.rollBackPolicy(number: 1, approver: "b"))
            try await refused(.rollBackPolicy(number: 9, approver: "b"))
            try await store.write(AccessChange.activatePolicy(number: 2, approver: "c"))
            try await refused(.rollBackPolicy(number: 1, approver: "a"))
            try await store.write(AccessChange.rollBackPolicy(number: 1, approver: "d"))
            #expect(try await records.activePolicy() == 1)
            let versions = try await records.policyVersions()
            #expect(versions.map(\.number) == [1, 2, 3])
            #expect(versions.map(\.approver) == ["b", "c", nil])
            #expect(versions.map(\.isInForce) == [true, false, false])
            #expect(versions.last?.createdAt == Instant(seconds: 3))
        }
    }

    @Test("a registration comes back as it was written") func registration() async throws {
        try await withStores { store in
            let registration = Sample.registration
            try await store.write(AccessChange.register(registration))
            let records = StoredAccessRecords(database: store.database)
            #expect(try await records.asker(client: "app", subject: .application).registration == registration)
        }
    }

    @Test("a person and a patient that nobody wrote are absent, with revision 0") func absent() async throws {
        try await withStores { store in
            let records = StoredAccessRecords(database: store.database)
            let asker = try await records.asker(client: "nobody", subject: .account("nobody"))
            #expect(asker.registration == nil && asker.link == nil && asker.professional == nil)
            #expect(asker.stamp.revisions.allSatisfy { $0.value == 0 })
            let file = try await records.file(of: try Sample.patient().id)
            #expect(file.patient == nil && file.memberships.isEmpty && file.choices.isEmpty)
            #expect(file.stamp.revisions == [RecordKey(.patient, "PAT-1"): 0])
        }
    }
}

/// DESIGN 4.4: each revision is bumped in the transaction of any change.
@Suite("Freshness · every writer bumps the revision that answers rest on")
struct RevisionTests {
    @Test("over every change there is") func everyWriter() async throws {
        try await withStores { store in
            let patient = try Sample.patient()
            let professional = try Sample.professional()
            let structure = try #require(StructureIdentifier("STR-1"))
            let other = Patient(id: try #require(PatientIdentifier("PAT-2")))
            let version = PolicyVersion(
                number: 1, text: PolicyText(files: [:]), author: "a", createdAt: Instant(seconds: 1))
            var next = version
            next.number = 2
            let membership = Membership(
                id: "m1", patient: patient.id, member: .professional(professional.id),
                period: Period(start: Instant(seconds: 1)), legalBasis: .recognised)
            let writers: [(any RecordChange, RecordKey)] = [
                (PersonChange.professional(professional), RecordKey(.person, professional.id.value)),
                (
                    PersonChange.structure(Structure(id: structure, name: "S", type: "MSP", teamCapable: true)),
                    RecordKey(.structure, "STR-1")
                ),
                (PersonChange.patient(patient), RecordKey(.patient, patient.id.value)),
                (
                    PersonChange.link(AccountLink(subject: "s", person: .administrator(roles: []))),
                    RecordKey(.person, "s")
                ),
                (ConsentChange.join(membership), RecordKey(.patient, patient.id.value)),
                (
                    ConsentChange.leave(patient: patient.id, membership: "m1", at: Instant(seconds: 9)),
                    RecordKey(.patient, patient.id.value)
                ),
                (
                    ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient.id)),
                    RecordKey(.patient, patient.id.value)
                ),
                (
                    ConsentChange.refer(
                        Referral(
                            id: "r", patient: patient.id, from: professional.id, to: .structure(structure),
                            period: Period(start: Instant(seconds: 1)), recordedAt: Instant(seconds: 1))),
                    RecordKey(.patient, patient.id.value)
                ),
                (PersonChange.patient(other), RecordKey(.patient, other.id.value)),
                (
                    IdentityChange.merge(survivor: patient.id, absorbed: other.id, at: Instant(seconds: 3)),
                    RecordKey(.patient, patient.id.value)
                ),
                (
                    IdentityChange.split(absorbed: other.id, at: Instant(seconds: 4)),
                    RecordKey(.patient, patient.id.value)
                ),
                (AccessChange.register(Sample.registration), RecordKey(.application, "app")),
                (AccessChange.addPolicy(version), RecordKey(.policy, "v1")),
                (AccessChange.activatePolicy(number: 1, approver: "b"), RecordKey(.policy, "active")),
                (AccessChange.addPolicy(next), RecordKey(.policy, "v2")),
                (AccessChange.activatePolicy(number: 2, approver: "b"), RecordKey(.policy, "active")),
                (AccessChange.rollBackPolicy(number: 1, approver: "b"), RecordKey(.policy, "active")),
            ]
            for (change, key) in writers {
                let before = try await store.revision(of: key)
                try await store.write(change)
                #expect(try await store.revision(of: key) == before + 1, "\(change)")
            }
        }
    }
}

@Suite("Places of exercise · from before each role had its own")
struct ActivityMigrationTests {
    @Test("a place is the last written role's that did not end it; what no role speaks of stays by itself")
    func migrated() async throws {
        try await withDatabases { name, database in
            try database.migrate(Migrations.all.filter { $0.id != "access-7-roles" })
            func role(_ id: String, _ person: String, _ place: String, _ instant: Int, _ more: String...) -> [String] {
                let entries = [
                    "'practitioner', 'Practitioner/\(person)', NULL", "'organization', 'Organization/\(place)', NULL",
                ]
                return [
                    "INSERT INTO fhir_versions (type, id, version, instant, content) VALUES ('PractitionerRole', '\(id)', 2, \(instant), '{}')",
                    "INSERT INTO fhir_current (type, id, version) VALUES ('PractitionerRole', '\(id)', 2)",
                ]
                    + (entries + more).map {
                        "INSERT INTO fhir_index (type, id, parameter, text, high) VALUES ('PractitionerRole', '\(id)', \($0))"
                    }
            }
            var rows = [
                """
                INSERT INTO professionals (id, name, profession_code, profession_system, registry_status)
                VALUES ('899700100022', 'Paul', '60', '1.2.250.1.71.1.2.7', 'active')
                """
            ]
            for (index, place) in ["STR-1", "STR-2", "STR-3"].enumerated() {
                rows.append(
                    """
                    INSERT INTO activities (professional, position, structure, kind, sector, mode)
                    VALUES ('899700100022', \(index), '\(place)', 'cabinet', '', '')
                    """)
            }
            rows += role("first", "899700100022", "STR-1", 10) + role("last", "899700100022", "STR-1", 20)
            rows += role("off", "899700100022", "STR-1", 30, "'active', '=false', NULL")
            rows += role("past", "899700100022", "STR-1", 40, "'date', '', 5")
            rows += role("open", "899700100022", "STR-3", 10, "'date', '', NULL", "'active', '=true', NULL")
            rows += role("other", "899700100099", "STR-2", 10)
            let texts = rows
            try database.write { connection throws(StoreError) in
                for text in texts { try connection.execute(Statement(postgres: text, sqlite: text)) }
            }
            try database.migrate()
            let found = try await StoredAccessRecords(database: database).professional(try Sample.professional().id)
            #expect(found?.activities.map(\.role) == ["last", nil, "open"], "\(name)")
            #expect(found?.exercises(at: Instant(seconds: 0)) == true)
        }
    }
}

enum Sample {
    static func professional() throws -> Professional {
        let structure = try #require(StructureIdentifier("STR-1"))
        let other = try #require(StructureIdentifier("STR-2"))
        return Professional(
            id: try #require(ProfessionalIdentifier("899700100022")), name: "Paul Nadir",
            givenName: "Paul", familyName: "Nadir",
            profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions), speciality: "SM26",
            registryStatus: .struckOff,
            activities: [
                Activity(structure: structure, kind: "cabinet", sector: "SA08", mode: "L"),
                Activity(
                    structure: other, kind: "dac", sector: "SA57", mode: "S",
                    profession: CodedConcept(code: "330", system: CodeSystem.careRoles), role: "role-1",
                    start: Instant(seconds: 1000), end: Instant(seconds: 2000)),
            ])
    }

    static func patient() throws -> Patient {
        Patient(
            id: try #require(PatientIdentifier("PAT-1")), name: "Jeanne", ins: INS("269054958815780"),
            insStatus: .qualified, birthDate: CalendarDate("1969-05-12"), capacity: .unableToExpress, alive: false)
    }

    static func choice(
        _ id: String, _ kind: PatientChoice.Kind, of patient: PatientIdentifier, version: Int = 1
    ) -> PatientChoice {
        PatientChoice(
            id: id, version: version, patient: patient, kind: kind, period: Period(start: Instant(seconds: 1000)),
            recordedAt: Instant(seconds: 900), recordedBy: "899700100022", evidence: "dematerialise")
    }

    static func kinds() throws -> [PatientChoice.Kind] {
        let professional = try #require(ProfessionalIdentifier("899700100022"))
        let structure = try #require(StructureIdentifier("STR-1"))
        let related = try #require(RelatedPersonIdentifier("REL-1"))
        return [
            .teamInformation(recipients: []), .teamInformation(recipients: ["dac", "STR-1"]),
            .teamConsent(recipients: ["cabinet"]), .oppositionToSharing,
            .oppositionInEmergency, .oppositionToRegulation, .block(.professional(professional)),
            .block(.structure(structure)), .mask(.document("DOC-1")), .mask(.type("11502-2")),
            .mask(.types(["11502-2", "BIO-CR"])),
            .mask(.category("agenda")), .minorSecret(document: "DOC-2"), .administrator(professional),
            .carerMandate(related, categories: ["agenda", "liaison_note"]),
            .consentOutsideTeam(
                OutsideConsent(grantee: .professional(professional), documentTypes: ["*"], informed: true)),
            .occupationalConsent(professional, informed: false),
            .directive(
                ConsentDirective(
                    root: ConsentRule(
                        .permit, actors: [.careTeam],
                        exceptions: [ConsentRule(.deny, actors: [.party(.professional(professional))])]),
                    refusesOnly: true)),
        ]
    }

    static var registration: ApplicationRegistration {
        ApplicationRegistration(
            clientID: "app", service: "point-acces-pro", purposes: ["TREAT", "BTG"], actions: ["read"],
            resourceTypes: ["document", "document_list"], heldTypes: ["document"],
            assertedSubjects: [.professional, .system], namesByRPPS: true, pseudonymises: false,
            structure: StructureIdentifier("STR-1"), traces: true)
    }
}

extension TestStore {
    /// Clients in use, without anything of their own.
    func enlist(_ clients: String...) async throws {
        for id in clients {
            try await write(
                OAuthChange.createClient(
                    Client(
                        id: id, name: id, authentication: .none, redirectURIs: ["https://\(id).example/cb"],
                        grantTypes: [.authorizationCode], scopes: ["openid"])))
        }
    }

    func write(_ changes: any RecordChange...) async throws {
        for change in changes {
            let outcome = try await outcome(of: change)
            #expect(outcome == .committed(nil), "\(name): \(change)")
        }
    }

    func outcome(of change: any RecordChange) async throws -> CommitOutcome {
        try await lane.commit(Submission(changes: [change], entry: nil))
    }

    func revision(of key: RecordKey) async throws -> Int64 {
        try await database.read { connection throws(StoreError) in try connection.revision(of: key) }
    }
}

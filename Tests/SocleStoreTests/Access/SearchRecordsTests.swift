// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Indexes of searches · one contract, every driver")
struct SearchRecordsTests {
    private let now = Instant(seconds: 1_793_610_000)
    private let since = Instant(seconds: 1_700_000_000)

    private func patient(_ name: String) throws -> PatientIdentifier { try #require(PatientIdentifier(name)) }
    private func professional(_ name: String) throws -> ProfessionalIdentifier {
        try #require(ProfessionalIdentifier(name))
    }

    private func membership(
        _ id: String, of patient: PatientIdentifier, _ party: Party, until end: Instant? = nil
    ) -> ConsentChange {
        .join(
            Membership(
                id: id, patient: patient, member: party, period: Period(start: since, end: end),
                legalBasis: .recognised))
    }

    private func choice(_ id: String, of patient: PatientIdentifier, _ kind: PatientChoice.Kind) -> ConsentChange {
        .choose(
            PatientChoice(
                id: id, patient: patient, kind: kind, period: Period(start: since), recordedAt: since))
    }

    @Test("patients: by memberships not ended and by grants, once each, in order, page after page") func patients()
        async throws
    {
        try await withStores { store in
            let doctor = Party.professional(try professional("P-1"))
            let ward = Party.structure(try #require(StructureIdentifier("S-1")))
            let other = try professional("P-2")
            for name in ["A.1", "A-1", "a-1", "B_1", "Z-1", "A-2", "A-3"] {
                try await store.write(PersonChange.patient(Patient(id: try patient(name))))
            }
            try await store.write(
                membership("m1", of: try patient("a-1"), doctor), membership("m2", of: try patient("a-1"), doctor),
                membership("m1", of: try patient("A-1"), ward),
                membership("m1", of: try patient("Z-1"), doctor, until: now),
                membership("m1", of: try patient("A-3"), .professional(other)),
                choice(
                    "c1", of: try patient("A.1"),
                    .consentOutsideTeam(OutsideConsent(grantee: doctor, documentTypes: ["*"], informed: true))),
                choice("c1", of: try patient("B_1"), .administrator(try professional("P-1"))),
                choice("c1", of: try patient("A-2"), .occupationalConsent(try professional("P-1"), informed: true)),
                choice("c2", of: try patient("A-1"), .administrator(try professional("P-1"))),
                choice("c1", of: try patient("A-3"), .block(doctor)))
            let search = StoredSearch(database: store.database)
            let all = try await search.patients(
                linkedTo: [doctor, ward], orAnybody: false, notEndedBy: now, after: nil, limit: 50)
            #expect(all.map(\.value) == ["A-1", "A-2", "A.1", "B_1", "a-1"], "\(store.name)")
            var paged: [PatientIdentifier] = []
            while true {
                let page = try await search.patients(
                    linkedTo: [doctor, ward], orAnybody: false, notEndedBy: now, after: paged.last, limit: 2)
                paged += page
                if page.count < 2 { break }
            }
            #expect(paged == all, "\(store.name)")
            let before = now - .seconds(1)
            #expect(
                try await search.patients(
                    linkedTo: [doctor], orAnybody: false, notEndedBy: before, after: nil, limit: 50
                )
                .map(\.value).contains("Z-1"))
        }
    }

    @Test("a merged record is found as the one that answers for it, and again by itself after a split") func merged()
        async throws
    {
        try await withStores { store in
            let doctor = Party.professional(try professional("P-1"))
            let nurse = try professional("P-2")
            let (kept, absorbed) = (try patient("K-1"), try patient("A-1"))
            for id in [kept, absorbed] { try await store.write(PersonChange.patient(Patient(id: id))) }
            try await store.write(membership("m1", of: absorbed, doctor))
            try await store.write(IdentityChange.merge(survivor: kept, absorbed: absorbed, at: now))
            let search = StoredSearch(database: store.database)
            func found(_ party: Party) async throws -> [String] {
                try await search.patients(linkedTo: [party], orAnybody: false, notEndedBy: now, after: nil, limit: 50)
                    .map(\.value)
            }
            #expect(try await found(doctor) == ["K-1"], "\(store.name)")
            // Written under the absorbed identifier, after the merge.
            try await store.write(choice("c1", of: absorbed, .administrator(nurse)))
            #expect(try await found(.professional(nurse)) == ["K-1"], "\(store.name)")
            try await store.write(IdentityChange.split(absorbed: absorbed, at: now))
            #expect(try await found(doctor).contains("A-1"), "\(store.name)")
            #expect(try await found(.professional(nurse)).contains("A-1"), "\(store.name)")
        }
    }

    @Test("a branch that is split from a patient is found by what was written of its records while they were one")
    func branch() async throws {
        try await withStores { store in
            let (doctor, nurse) = (Party.professional(try professional("P-1")), try professional("P-2"))
            let ids = try ["K-1", "A-1", "C-1"].map(patient)
            for id in ids { try await store.write(PersonChange.patient(Patient(id: id))) }
            try await store.write(IdentityChange.merge(survivor: ids[0], absorbed: ids[1], at: since))
            try await store.write(IdentityChange.merge(survivor: ids[1], absorbed: ids[2], at: since))
            try await store.write(
                membership("m1", of: ids[2], doctor), choice("c1", of: ids[2], .administrator(nurse)))
            let search = StoredSearch(database: store.database)
            func found(_ party: Party) async throws -> [String] {
                try await search.patients(linkedTo: [party], orAnybody: false, notEndedBy: now, after: nil, limit: 50)
                    .map(\.value)
            }
            for party in [doctor, .professional(nurse)] {
                #expect(try await found(party) == ["K-1"], "\(store.name)")
            }
            try await store.write(IdentityChange.split(absorbed: ids[1], at: now))
            for party in [doctor, .professional(nurse)] {
                // C-1 is found as A-1; that K-1 is still looked at costs a decision.
                #expect(try await found(party) == ["A-1", "K-1"], "\(store.name)")
            }
        }
    }

    private static func names(_ party: String) -> Set<RuleActor> {
        ProfessionalIdentifier(party).map { [.party(.professional($0))] } ?? []
    }

    /// Trees of every shape that says to whom they open, each with whom: `*` is anybody.
    private static let directives: [(tree: ConsentRule, open: Set<String>)] = {
        let care: Set = ["\(RulePurpose.actReason)|TREAT"]
        let research: Set = ["\(RulePurpose.actReason)|HRESCH"]
        return [
            (ConsentRule(.permit, purposes: care, actors: names("P-1")), ["P-1"]),
            (ConsentRule(.permit, purposes: care.union(research)), ["*"]),
            (ConsentRule(.permit, purposes: research), []),
            (ConsentRule(.permit, actors: [.careTeam]), []),
            (ConsentRule(.deny, exceptions: [ConsentRule(.permit, purposes: care, actors: names("P-2"))]), ["P-2"]),
            (ConsentRule(.deny, actors: names("P-1"), exceptions: [ConsentRule(.permit)]), ["P-1"]),
            (ConsentRule(.deny, purposes: research, exceptions: [ConsentRule(.permit)]), []),
            (
                ConsentRule(
                    nil,
                    exceptions: [
                        ConsentRule(.deny, actors: names("P-1")),
                        ConsentRule(
                            .permit, actors: names("P-1").union(names("P-2")), exceptions: [ConsentRule(.permit)]),
                    ]), ["P-1", "P-2"]
            ),
            (ConsentRule(.deny, actors: names("P-1"), exceptions: [ConsentRule(.deny)]), []),
        ]
    }()

    @Test("directives: found by whom they open care to, or by everybody, also when they were there before the index")
    func directives() async throws {
        try await withStores { store in
            let kept = try patient("KEPT")
            try await store.write(PersonChange.patient(Patient(id: kept)))
            for (number, directive) in Self.directives.enumerated() {
                let id = try patient("D-\(number)")
                try await store.write(PersonChange.patient(Patient(id: id)))
                try await store.write(choice("c", of: id, .directive(ConsentDirective(root: directive.tree))))
            }
            // The first is found as the record it was merged into.
            try await store.write(
                IdentityChange.merge(survivor: kept, absorbed: patient("D-0"), at: now))
            let search = StoredSearch(database: store.database)
            func found(_ names: Set<String>) async throws -> [String] {
                let parties = try names.subtracting(["*"]).map { Party.professional(try professional($0)) }
                return try await search.patients(
                    linkedTo: Set(parties), orAnybody: names.contains("*"), notEndedBy: now, after: nil, limit: 50
                ).map(\.value)
            }
            func expect(_ names: Set<String>) async throws {
                let open = Self.directives.enumerated().filter { !$0.element.open.isDisjoint(with: names) }
                let expected = open.map { $0.offset == 0 ? "KEPT" : "D-\($0.offset)" }.sorted()
                #expect(try await found(names) == expected, "\(store.name) \(names)")
            }
            let questions: [Set<String>] = [["P-1"], ["P-2"], ["*"], ["P-1", "*"], []]
            for names in questions { try await expect(names) }
            let all: Statement = "SELECT party_kind, party, patient FROM search_links ORDER BY 1, 2, 3"
            let written = try await store.database.rows(all, [])
            // As a store of before the index had them.
            let before: [Statement] = [
                "DELETE FROM search_links", "DROP INDEX IF EXISTS activities_by_bytes",
                "DELETE FROM schema_migrations WHERE id = 'search-2-directives'",
            ]
            try store.database.write { connection throws(StoreError) in
                for statement in before { try connection.execute(statement) }
            }
            #expect(try await found(["P-1", "P-2", "*"]).isEmpty)
            #expect(try store.database.migrate() == ["search-2-directives"])
            #expect(try await store.database.rows(all, []) == written, "\(store.name)")
            for names in questions { try await expect(names) }
        }
    }

    @Test("a directive that was corrected before the index is indexed as it is now") func corrected() async throws {
        try await withStores { store in
            let id = try patient("A-1")
            let trees = [ConsentRule(.permit), ConsentRule(.permit, actors: Self.names("P-1"))]
            for (number, tree) in trees.enumerated() {
                try await store.write(
                    ConsentChange.choose(
                        PatientChoice(
                            id: "c", version: number + 1, patient: id, kind: .directive(ConsentDirective(root: tree)),
                            period: Period(start: since), recordedAt: since)))
            }
            let before: [Statement] = [
                "DELETE FROM search_links", "DROP INDEX IF EXISTS activities_by_bytes",
                "DELETE FROM schema_migrations WHERE id = 'search-2-directives'",
            ]
            try store.database.write { connection throws(StoreError) in
                for statement in before { try connection.execute(statement) }
            }
            try store.database.migrate()
            let search = StoredSearch(database: store.database)
            for (anybody, expected) in [(true, []), (false, ["A-1"])] {
                let parties: Set<Party> = anybody ? [] : [.professional(try professional("P-1"))]
                let found = try await search.patients(
                    linkedTo: parties, orAnybody: anybody, notEndedBy: now, after: nil, limit: 9)
                #expect(found.map(\.value) == expected, "\(store.name)")
            }
        }
    }

    @Test("people: those who exercise in a place, the accounts of each, those of a patient and of their family")
    func people() async throws {
        try await withStores { store in
            let place = try #require(StructureIdentifier("S-1"))
            let subject = try patient("A-1")
            let carer = try #require(RelatedPersonIdentifier("REL-1"))
            for name in ["P-b", "P-A", "P-a"] {
                try await store.write(
                    PersonChange.professional(
                        Professional(
                            id: try professional(name), name: name,
                            profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                            activities: [
                                Activity(structure: place, kind: "cabinet", sector: "SA07", mode: "L"),
                                Activity(structure: place, kind: "cabinet", sector: "SA07", mode: "S"),
                            ])))
            }
            let relation = AccountLink.Relation(patient: subject, code: "MTH", legalRepresentative: true)
            try await store.write(
                PersonChange.link(AccountLink(subject: "sub-2", person: .professional(try professional("P-a")))),
                PersonChange.link(AccountLink(subject: "sub-1", person: .professional(try professional("P-a")))),
                PersonChange.link(AccountLink(subject: "sub-p", person: .patient(subject, match: .exact))),
                PersonChange.link(
                    AccountLink(subject: "sub-m", person: .relatedPerson(carer, match: .exact, of: [relation]))),
                PersonChange.link(
                    AccountLink(subject: "sub-k", person: .relatedPerson(carer, match: .exact, of: []))))
            let search = StoredSearch(database: store.database)
            let there = try await search.professionals(exercisingIn: place, after: nil, limit: 2)
            #expect(there.map(\.value) == ["P-A", "P-a"], "\(store.name)")
            let rest = try await search.professionals(exercisingIn: place, after: there.last, limit: 2)
            #expect(rest.map(\.value) == ["P-b"], "\(store.name)")
            let elsewhere = try ["S-2", "a-1"].map { try #require(StructureIdentifier($0)) }
            try await store.write(
                PersonChange.professional(
                    Professional(
                        id: try professional("P-c"), name: "c",
                        profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                        activities: elsewhere.map { Activity(structure: $0, kind: "x", sector: "SA07", mode: "L") })))
            let first = try await search.structures(after: nil, limit: 2)
            #expect(first.map(\.value) == ["S-1", "S-2"], "\(store.name)")
            #expect(try await search.structures(after: first.last, limit: 2).map(\.value) == ["a-1"])
            #expect(
                try await search.accounts(of: [professional("P-a"), professional("P-b")])
                    == [professional("P-a"): ["sub-1", "sub-2"], professional("P-b"): []])
            #expect(try await search.accounts(ofPatient: subject, after: nil, limit: 9) == ["sub-p"])
            #expect(try await search.accounts(closeTo: subject, or: [], after: nil, limit: 9) == ["sub-m"])
            #expect(
                try await search.accounts(closeTo: subject, or: [carer], after: nil, limit: 9) == ["sub-k", "sub-m"])
            #expect(try await search.accounts(closeTo: subject, or: [carer], after: "sub-k", limit: 9) == ["sub-m"])
        }
    }

    @Test("a store from before the indexes is indexed when it is migrated") func migrated() async throws {
        try await withDatabases { name, database in
            let before = Migrations.all.filter { !$0.id.hasPrefix("search-") }
            try database.migrate(before)
            let rows: [Statement] = [
                """
                INSERT INTO choices (patient, id, version, kind, details, period_start, recorded_at) VALUES
                    ('A-1', 'c1', 1, 'consent_outside_team',
                        '{"grantee":{"kind":"structure","id":"S-1"},"types":["*"],"informed":true}', 0, 0),
                    ('A-2', 'c1', 1, 'occupational_consent', '{"professional":"P-1","informed":true}', 0, 0),
                    ('A-2', 'c1', 2, 'occupational_consent', '{"professional":"P-1","informed":true}', 0, 0),
                    ('A-3', 'c1', 1, 'carer_mandate', '{"person":"REL-1","categories":[]}', 0, 0),
                    ('A-4', 'c1', 1, 'block', '{"grantee":{"kind":"structure","id":"S-1"}}', 0, 0)
                """,
                """
                INSERT INTO account_links (subject, kind, person, identity_match, details) VALUES
                    ('sub-1', 'related_person', 'REL-1', 'exact', '[{"patient":"A-9","code":"MTH","legal":true}]')
                """,
            ]
            try database.write { connection throws(StoreError) in
                for row in rows { try connection.execute(row) }
            }
            try database.migrate()
            let search = StoredSearch(database: database)
            let structure = Party.structure(try #require(StructureIdentifier("S-1")))
            let all = try await search.patients(
                linkedTo: [
                    structure, .professional(try professional("P-1")),
                    .relatedPerson(try #require(RelatedPersonIdentifier("REL-1"))),
                ], orAnybody: false, notEndedBy: now, after: nil, limit: 9)
            #expect(all.map(\.value) == ["A-1", "A-2", "A-3"], "\(name)")
            let close = try await search.accounts(closeTo: patient("A-9"), or: [], after: nil, limit: 9)
            #expect(close == ["sub-1"], "\(name)")
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore
import Testing

@Suite("FHIRRecords · on each store")
struct FHIRRecordsTests {
    private func version(
        _ id: String, _ number: Int64, _ content: JSONObject = ["resourceType": "Consent"]
    ) -> StoredVersion {
        StoredVersion(
            reference: Reference(type: "Consent", id: id), version: number, lastUpdated: Instant(seconds: number),
            content: content)
    }

    private func write(
        _ store: TestStore, _ version: StoredVersion, _ index: [IndexEntry] = []
    ) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: [FHIRChange.write(version, index: index)], entry: nil))
    }

    private func search(
        _ records: StoredFHIRRecords, _ parameters: [(String, String)]
    ) async throws -> [String] {
        let query = try SearchQuery(
            .consent, parameters: parameters.map { (name: $0.0, value: $0.1) }, base: "https://socle.test/fhir")
        return try await records.search(query).map(\.reference.id)
    }

    @Test("versions follow one another; one out of turn is refused and writes nothing") func versions() async throws {
        try await withStores { store in
            let records = StoredFHIRRecords(database: store.database)
            let reference = Reference(type: "Consent", id: "a")
            let none = try await records.current(reference)
            #expect(none == nil)
            #expect(try await write(store, version("a", 2)) == .refused(changeIndex: 0))
            #expect(try await write(store, version("a", 1)) == .committed(nil))
            #expect(try await write(store, version("a", 1)) == .refused(changeIndex: 0))
            #expect(try await write(store, version("a", 3)) == .refused(changeIndex: 0))
            let second = version("a", 2, ["resourceType": "Consent", "x": "é\"\\ñ"])
            #expect(try await write(store, second) == .committed(nil))
            #expect(try await records.current(reference) == second)
            #expect(try await records.version(reference, 1)?.version == 1)
            #expect(try await records.version(reference, 3) == nil)
            #expect(try await records.history(reference, before: nil, limit: 5).map(\.version) == [2, 1])
            #expect(try await records.history(reference, before: 2, limit: 5).map(\.version) == [1])
            #expect(try await records.history(reference, before: nil, limit: 1).map(\.version) == [2])
            #expect(try await records.current(Reference(type: "CareTeam", id: "a")) == nil)
        }
    }

    @Test("a search finds by text, by beginning and by date, and goes on after a page") func searches() async throws {
        try await withStores { store in
            let records = StoredFHIRRecords(database: store.database)
            for number in 0..<9 {
                let day = Instant(seconds: 86_400 * Int64(number))
                _ = try await write(
                    store, version("c\(number)", 1),
                    [
                        IndexEntry("patient", .exact("Patient/\(number % 2)")),
                        IndexEntry("status", .exact(number < 5 ? "=active" : "=inactive")),
                        IndexEntry("date", .span(start: day, end: day + .days(1))),
                    ])
            }
            _ = try await write(
                store, version("open", 1), [IndexEntry("period", .span(start: Instant(seconds: 0), end: nil))])
            #expect(try await search(records, [("patient", "1")]) == ["c1", "c3", "c5", "c7"])
            #expect(try await search(records, [("patient", "1"), ("status", "active")]) == ["c1", "c3"])
            #expect(try await search(records, [("patient", "1,0"), ("status", "inactive")]).count == 4)
            // One more than the page tells that there is another.
            #expect(try await search(records, [("patient", "1"), ("_count", "2")]) == ["c1", "c3", "c5"])
            let page = PageToken.text(after: "c3")
            #expect(
                try await search(records, [("patient", "1"), ("_count", "2"), ("_page", page)]) == ["c5", "c7"])
            // A day in France begins an hour before that of UTC.
            #expect(try await search(records, [("date", "1970-01-03")]).isEmpty)
            #expect(try await search(records, [("date", "ge1970-01-03"), ("date", "le1970-01-03")]) == ["c1", "c2"])
            #expect(try await search(records, [("date", "1970-01")]).count == 9)
            let noon = "1970-01-03T12:00:00Z"
            #expect(try await search(records, [("date", noon)]).isEmpty)
            #expect(try await search(records, [("date", "ge\(noon)"), ("date", "le\(noon)")]) == ["c2"])
            #expect(try await search(records, [("date", "ge1970-01-08T12:00:00Z")]) == ["c7", "c8"])
            #expect(try await search(records, [("date", "lt1970-01-02T00:00:00Z")]) == ["c0"])
            #expect(try await search(records, [("period", "2040")]).isEmpty)
            #expect(try await search(records, [("period", "ge2040")]) == ["open"])
            #expect(try await search(records, [("period", "lt1960")]).isEmpty)
        }
    }

    @Test("a new version is found by what it says, no longer by what the last one said") func reindexed() async throws {
        try await withStores { store in
            let records = StoredFHIRRecords(database: store.database)
            _ = try await write(store, version("a", 1), [IndexEntry("status", .exact("=draft"))])
            _ = try await write(store, version("a", 2), [IndexEntry("status", .exact("=active"))])
            #expect(try await search(records, [("status", "draft")]).isEmpty)
            #expect(try await search(records, [("status", "active")]) == ["a"])
        }
    }

    @Test("a directive comes back from its columns as it went") func directives() async throws {
        try await withStores { store in
            let patient = try #require(PatientIdentifier("PAT-1"))
            let person = try #require(ProfessionalIdentifier("P"))
            let place = try #require(StructureIdentifier("S"))
            let directive = ConsentDirective(
                root: ConsentRule(
                    nil, period: Span(start: Instant(seconds: 5)), purposes: ["a|b"], actions: [.access, .collect],
                    data: DataCondition(
                        labels: ["l"], classes: ["c"], codes: ["k"], period: Span(end: Instant(seconds: 9)),
                        references: [.init(.authoredby, type: "Practitioner", id: "x")]),
                    exceptions: [
                        ConsentRule(
                            .permit,
                            actors: [
                                .party(.professional(person)), .party(.structure(place)), .patient(patient), .careTeam,
                                .team("k1-onco"), .breakGlassUsers, .unknown("Group/g"),
                            ]),
                        ConsentRule(.deny, exceptions: [ConsentRule(.permit)]),
                    ]))
            let choice = PatientChoice(
                id: "c", patient: patient, kind: .directive(directive), period: Period(start: Instant(seconds: 1)),
                recordedAt: Instant(seconds: 1))
            #expect(
                try await store.lane.commit(Submission(changes: [ConsentChange.choose(choice)], entry: nil))
                    == .committed(nil))
            var needs = Surroundings.Needs()
            needs.patients = [patient]
            let around = try await StoredFHIRRecords(database: store.database).surroundings(needs)
            #expect(around.patients[patient]?.choices == [choice])
            #expect(around.stamp.revisions == [RecordKey(.patient, "PAT-1"): 1])
        }
    }

    @Test("a patient's entries come newest first, page by page, and no other's") func entries() async throws {
        try await withStores { store in
            let records = StoredFHIRRecords(database: store.database)
            let patient = try #require(PatientIdentifier("PAT-1"))
            for number in 0..<7 {
                let draft = EntryDraft(
                    kind: .choice, instant: Instant(seconds: Int64(number / 2)), actor: "a",
                    patient: number == 6 ? PatientIdentifier("PAT-2") : patient, details: [:])
                _ = try await store.lane.commit(Submission(entry: draft))
            }
            var found: [JournalEntry] = []
            var before: JournalPlace?
            while true {
                let page = try await records.trail(
                    of: patient, from: nil, to: nil, before: before, limit: 2
                ).entries
                found += page
                guard let last = page.last else { break }
                before = JournalPlace(instant: last.instant, position: last.position)
            }
            #expect(found.map(\.instant.seconds) == [2, 2, 1, 1, 0, 0])
            #expect(Set(found.map(\.position)).count == 6)
            let some = try await records.trail(
                of: patient, from: Instant(seconds: 1), to: Instant(seconds: 2), before: nil, limit: 9)
            #expect(some.entries.map(\.instant.seconds) == [1, 1])
            #expect(some.identifiers == [patient])
            #expect(try await records.entry(found[0].position) == found[0])
        }
    }

    @Test("whose an account is, is told of a disabled one too, and of an unknown one nothing") func people()
        async throws
    {
        try await withStores { store in
            let nurse = AccountLink.Person.professional(try #require(ProfessionalIdentifier("899700100022")))
            let account = Account(
                subject: "sub-1", login: "nadir", displayName: "Paul", passwordHash: "x", sealedTOTPSeed: [0])
            try await store.write(
                SignInChange.addAccount(account), PersonChange.link(AccountLink(subject: "sub-1", person: nurse)),
                SignInChange.setDisabled(subject: "sub-1", true))
            let found = try await StoredFHIRRecords(database: store.database).people(of: ["sub-1", "sub-2"])
            #expect(found == ["sub-1": nurse])
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleStore
import Synchronization
import Testing

@Suite("Records as resources · whatever is recorded is shown by FHIR, on each store")
struct PresentationTests {
    private static let base = "https://socle.test/fhir"

    private struct Edge {
        let records: StoredFHIRRecords
        let presenter: RecordPresenter
        let writer: FHIRWriter

        init(_ store: TestStore) {
            records = StoredFHIRRecords(database: store.database)
            presenter = RecordPresenter(
                records: records, lane: store.lane, base: PresentationTests.base, clock: store.clock.now)
            writer = FHIRWriter(
                records: records, lane: store.lane, base: PresentationTests.base, presenter: presenter)
        }

        /// A search as the interface makes it.
        func search(_ type: ResourceType, _ name: String, _ value: String) async throws -> [StoredVersion] {
            let query = try SearchQuery(
                type, parameters: [(name: name, value: value), (name: "_count", value: "100")],
                base: PresentationTests.base)
            #expect(try await presenter.present(for: query) == false)
            return try await records.search(query)
        }

        func history(_ version: StoredVersion) async throws -> [StoredVersion] {
            try await records.history(version.reference, before: nil, limit: 100)
        }

        func update(
            _ version: StoredVersion, at instant: Instant, matching: Int64? = nil, _ alter: (inout JSONObject) -> Void
        ) async throws {
            var content = version.content
            alter(&content)
            _ = try await writer.write(
                [
                    WriteOperation(
                        resource: try Resource(.object(content)), id: version.reference.id, isCreate: false,
                        precondition: .version(matching ?? version.version))
                ], by: "dossier", stamp: Stamp(), at: instant)
        }
    }

    private func choices(of store: TestStore) async throws -> [PatientChoice] {
        let records = StoredAccessRecords(database: store.database)
        return try await records.history(of: try Sample.patient().id)
    }

    @Test("every kind of choice is a consent of our profile, once, under a name that stays") func kinds() async throws {
        try await withStores { store in
            let edge = Edge(store)
            let patient = try Sample.patient().id
            let kinds = try Sample.kinds()
            for (index, kind) in kinds.enumerated() {
                try await store.write(ConsentChange.choose(Sample.choice("c\(index)", kind, of: patient)))
            }
            let found = try await edge.search(.consent, "patient", "PAT-1")
            #expect(found.count == kinds.count && found.allSatisfy { $0.version == 1 }, "\(store.name)")
            #expect(found.allSatisfy { $0.content["meta"]?["versionId"]?.string == "1" })
            #expect(found.allSatisfy { $0.reference.id.utf8.count == 32 }, "a digest, which tells nothing")
            #expect(try await edge.search(.consent, "patient", "PAT-1") == found, "again, nothing is written")
            #expect(try await edge.search(.consent, "patient", "PAT-2").isEmpty)
            let related = try await edge.search(.consent, "actor", "RelatedPerson/REL-1")
            #expect(related.count == 1)
            // Sent back as it is, each says the same choice: nothing but its version changes.
            for version in found { try await edge.update(version, at: Instant(seconds: 950)) { _ in } }
            let histories = Dictionary(grouping: try await choices(of: store), by: \.id)
            #expect(histories.count == kinds.count)
            for (id, versions) in histories {
                #expect(versions.map(\.version) == [1, 2], "\(id)")
                #expect(versions[0].kind == versions[1].kind && versions[0].period == versions[1].period, "\(id)")
                #expect(versions[1].recordedBy == "899700100022" && versions[1].evidence == "dematerialise")
            }
        }
    }

    @Test("each version of a choice is a version of its consent; a withdrawal is inactive") func versions() async throws
    {
        try await withStores { store in
            let edge = Edge(store)
            let patient = try Sample.patient().id
            let choice = Sample.choice("c", .oppositionToSharing, of: patient)
            let end = Instant(seconds: 5000)
            let withdrawn = try #require(choice.withdrawn(at: end, by: "sub-1"))
            try await store.write(ConsentChange.choose(choice), ConsentChange.choose(withdrawn))
            let found = try await edge.search(.consent, "patient", "PAT-1")
            let last = try #require(found.first)
            #expect(found.count == 1 && last.version == 2 && last.lastUpdated == end, "\(store.name)")
            #expect(last.content["status"] == "inactive")
            #expect(last.content["provision"]?["period"]?["end"]?.string == end.description)
            let history = try await edge.history(last)
            #expect(history.map { $0.content["status"]?.string } == ["inactive", "active"])
            #expect(history.map(\.lastUpdated) == [end, choice.recordedAt])
            // Chosen again, by other means: the next version.
            var again = withdrawn
            again.version = 3
            again.period = Period(start: Instant(seconds: 6000))
            again.recordedAt = Instant(seconds: 6000)
            try await store.write(ConsentChange.choose(again))
            let now = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            #expect(now.version == 3 && now.reference == last.reference && now.content["status"] == "active")
        }
    }

    @Test("memberships are one care team, with who added them and how the patient was told") func team() async throws {
        try await withStores { store in
            let edge = Edge(store)
            let patient = try Sample.patient().id
            let nurse = try Sample.professional().id
            let place = try #require(StructureIdentifier("STR-1"))
            let start = Instant(seconds: 100)
            try await store.write(
                ConsentChange.join(
                    Membership(
                        id: "import/1", patient: patient, member: .professional(nurse), period: Period(start: start),
                        role: "PCP", legalBasis: .recognised, addedBy: "operator", information: .oral)),
                ConsentChange.join(
                    Membership(
                        id: "m2", patient: patient, member: .structure(place), period: Period(start: start),
                        legalBasis: .organised, addedBy: "899700100011")))
            let team = try #require(
                try await edge.search(.careTeam, "participant", "Practitioner/\(nurse.value)").first)
            #expect(team.reference.id == "PAT-1" && team.version == 1, "\(store.name)")
            let participants = team.content["participant"]?.array ?? []
            #expect(participants.count == 2)
            let text = JSONValue.array(participants).text
            for word in ["PCP", "L1110-12-3", "operator", "oral", "Practitioner/899700100011", "Organization/STR-1"] {
                #expect(text.contains(word), "\(word)")
            }
            try await store.write(ConsentChange.leave(patient: patient, membership: "m2", at: Instant(seconds: 200)))
            let after = try #require(try await edge.search(.careTeam, "patient", "PAT-1").first)
            #expect(after.version == 2 && after.content["participant"]?.array?.count == 2)
            #expect(JSONValue.object(after.content).text.contains(Instant(seconds: 200).description))
            // By FHIR: the nurse is taken from the list, and leaves; the stay that was over stays as history.
            try await edge.update(after, at: Instant(seconds: 300)) { content in
                content["participant"] = .array(
                    (content["participant"]?.array ?? []).filter {
                        !$0.text.contains(nurse.value) || $0.text.contains("STR-1")
                    })
            }
            let memberships = try await StoredAccessRecords(database: store.database).file(of: patient).memberships
            #expect(memberships.count == 2 && memberships.allSatisfy { $0.period.end != nil })
            let current = try #require(try await edge.search(.careTeam, "patient", "PAT-1").first)
            #expect(current.version == 3)
        }
    }

    @Test("a presented record is updated by FHIR as any other: with its version, and only with that") func update()
        async throws
    {
        try await withStores { store in
            let edge = Edge(store)
            let patient = try Sample.patient().id
            try await store.write(ConsentChange.choose(Sample.choice("c", .oppositionInEmergency, of: patient)))
            let shown = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            await #expect(throws: FHIRRefusal.self) {
                try await edge.update(shown, at: Instant(seconds: 2000), matching: 2) { $0["status"] = "inactive" }
            }
            try await edge.update(shown, at: Instant(seconds: 2000)) { $0["status"] = "inactive" }
            let history = try await choices(of: store)
            #expect(history.map(\.id) == ["c", "c"] && history.map(\.version) == [1, 2], "\(store.name)")
            #expect(history.last?.period.end == Instant(seconds: 2000))
            // The engine writes meanwhile: what the client read is no longer the last version.
            let second = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            var third = Sample.choice("c", .oppositionInEmergency, of: patient, version: 3)
            third.recordedAt = Instant(seconds: 3000)
            try await store.write(ConsentChange.choose(third))
            var refusal: FHIRRefusal?
            do {
                try await edge.update(second, at: Instant(seconds: 3001)) { $0["status"] = "inactive" }
            } catch let error as FHIRRefusal {
                refusal = error
            }
            #expect(refusal?.status == 412)
            #expect(try await choices(of: store).count == 3, "no write is lost")
        }
    }

    @Test("a consent that came by FHIR and was withdrawn by other means is shown withdrawn, as its author wrote it")
    func withdrawnElsewhere() async throws {
        try await withStores { store in
            let edge = Edge(store)
            let consent: JSONObject = [
                "resourceType": "Consent", "id": "opp", "status": "active",
                "scope": [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"]
                    ]
                ],
                "category": [["coding": [["system": "http://loinc.org", "code": "59284-0"]]]],
                "patient": ["reference": "Patient/PAT-1"], "dateTime": "2026-01-10",
                "identifier": [["system": "urn:app", "value": "42"]],
                "policy": [["uri": "urn:socle:policy:equipe-de-soins:v0"]],
                "provision": [
                    "type": "deny",
                    "purpose": [["system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"]],
                ],
            ]
            let now = store.clock.now()
            _ = try await edge.writer.write(
                [WriteOperation(resource: try Resource(.object(consent)), id: "opp", isCreate: false)], by: "app",
                stamp: Stamp(), at: now)
            #expect(try await edge.records.pending(limit: 10).isEmpty, "what came by FHIR needs no showing")
            let choice = try #require(try await choices(of: store).first)
            let withdrawn = try #require(choice.withdrawn(at: now + .hours(1), by: "sub-9", evidence: "compte"))
            try await store.write(ConsentChange.choose(withdrawn))
            let found = try await edge.search(.consent, "patient", "PAT-1")
            let shown = try #require(found.first)
            #expect(found.count == 1 && shown.reference.id == "opp" && shown.version == 2, "\(store.name)")
            #expect(shown.content["status"] == "inactive")
            #expect(shown.content["identifier"]?.array?.first?["value"] == "42")
            // Under a name that is taken, a new consent is refused rather than written over another choice.
            try await store.write(
                ConsentChange.choose(Sample.choice("mine", .oppositionInEmergency, of: choice.patient)))
            var other = consent
            other["id"] = "mine"
            let operation = WriteOperation(resource: try Resource(.object(other)), id: "mine", isCreate: false)
            await #expect(throws: FHIRRefusal.self) {
                _ = try await edge.writer.write([operation], by: "app", stamp: Stamp(), at: now)
            }
            #expect(try await choices(of: store).count == 3)
        }
    }

    @Test("a directive stored when it was read otherwise stays as its author wrote it, and its end is shown")
    func readOtherwise() async throws {
        try await withStores { store in
            let edge = Edge(store)
            let consent: JSONObject = [
                "resourceType": "Consent", "id": "d", "status": "active",
                "scope": [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"]
                    ]
                ],
                "category": [["coding": [["system": "http://loinc.org", "code": "59284-0"]]]],
                "patient": ["reference": "Patient/PAT-1"], "dateTime": "2026-01-10", "policy": [["uri": "urn:x"]],
                "provision": ["type": "permit", "provision": [["type": "deny", "period": ["start": "2026-02-01"]]]],
            ]
            let now = store.clock.now()
            _ = try await edge.writer.write(
                [WriteOperation(resource: try Resource(.object(consent)), id: "d", isCreate: false)], by: "app",
                stamp: Stamp(), at: now)
            var older = try #require(try await choices(of: store).first)
            older.kind = .directive(ConsentDirective(root: ConsentRule(.deny, actors: [.careTeam])))
            for version in 2...3 {
                older.version = version
                try await store.write(ConsentChange.choose(older))
                let shown = try await edge.search(.consent, "patient", "PAT-1")
                #expect(shown.map(\.version) == [1], "\(store.name): nothing else is said")
            }
            let withdrawn = try #require(older.withdrawn(at: now + .hours(1), by: "sub-9"))
            try await store.write(ConsentChange.choose(withdrawn))
            let shown = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            #expect(shown.version == 2 && shown.content["status"] == "inactive", "\(store.name)")
            #expect(shown.content["provision"]?["provision"] == consent["provision"]?["provision"])
        }
    }

    @Test("what waits is presented by and by, and a search without a patient says when some still does") func waiting()
        async throws
    {
        try await withStores { store in
            let edge = Edge(store)
            for number in 0..<(RecordPresenter.batch + 3) {
                let patient = try #require(PatientIdentifier("PAT-\(number)"))
                try await store.write(ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient)))
            }
            let query = try SearchQuery(
                .consent, parameters: [(name: "status", value: "active")], base: Self.base)
            #expect(try await edge.presenter.present(for: query), "\(store.name): three wait")
            #expect(try await edge.presenter.present(for: query) == false)
            #expect(try await edge.records.pending(limit: 10).isEmpty)
            let count = try await store.database.integer("SELECT count(*) FROM fhir_current WHERE type = 'Consent'")
            #expect(count == Int64(RecordPresenter.batch + 3))
        }
    }

    /// Writes a resource of somebody else's under a name, as a client that came first.
    private func take(_ name: String, _ type: String, _ store: TestStore) async throws {
        let element = type == "CareTeam" ? "subject" : "patient"
        let content: JSONObject = [
            "resourceType": .string(type), "id": .string(name), "status": "active",
            element: ["reference": "Patient/EVE"],
        ]
        let version = StoredVersion(
            reference: Reference(type: type, id: name), version: 1, lastUpdated: Instant(seconds: 1), content: content)
        try await store.write(
            FHIRChange.write(version, index: [IndexEntry("patient", .exact("Patient/EVE"))]))
    }

    @Test("a name that another patient's resource bears gives way to another, which stays") func taken() async throws {
        try await withStores { store in
            let edge = Edge(store)
            let patient = try Sample.patient().id
            let nurse = try Sample.professional().id
            try await take("PAT-1", "CareTeam", store)
            let choice = Sample.choice("c", .oppositionToSharing, of: patient)
            let digest = try #require(try await name(of: choice))
            try await take(digest, "Consent", store)
            try await store.write(
                ConsentChange.choose(choice),
                ConsentChange.join(
                    Membership(
                        id: "m", patient: patient, member: .professional(nurse),
                        period: Period(start: Instant(seconds: 100)), legalBasis: .recognised)))
            let team = try #require(try await edge.search(.careTeam, "patient", "PAT-1").first)
            #expect(team.reference.id != "PAT-1" && team.version == 1, "\(store.name)")
            let consent = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            #expect(consent.reference.id != digest && consent.version == 1)
            #expect(try await edge.records.pending(limit: 10).isEmpty)
            // The same names from then on, for other means and for FHIR.
            try await store.write(
                ConsentChange.leave(patient: patient, membership: "m", at: Instant(seconds: 5000)),
                ConsentChange.choose(try #require(choice.withdrawn(at: Instant(seconds: 5000), by: "sub-1"))))
            let later = try #require(try await edge.search(.careTeam, "patient", "PAT-1").first)
            #expect(later.reference == team.reference && later.version == 2)
            let ended = try #require(try await edge.search(.consent, "patient", "PAT-1").first)
            #expect(ended.reference == consent.reference && ended.version == 2)
            try await edge.update(ended, at: Instant(seconds: 6000)) { $0["status"] = "active" }
            #expect(try await choices(of: store).map(\.id) == ["c", "c", "c"])
            try await edge.update(later, at: Instant(seconds: 6000)) { _ in }
            #expect(try await edge.search(.careTeam, "patient", "PAT-1").count == 1)
            // And what the others wrote is as they wrote it.
            #expect(try await edge.search(.careTeam, "patient", "EVE").map(\.version) == [1])
        }
    }

    /// The name that a choice has in a store where nobody took it.
    private func name(of choice: PatientChoice) async throws -> String? {
        var name: String?
        try await withStores { store in
            try await store.write(ConsentChange.choose(choice))
            name = try await Edge(store).search(.consent, "patient", choice.patient.value).first?.reference.id
        }
        return name
    }

    @Test("what a split leaves of a directive is a consent of the other record, which they may end")
    func splitRefusals()
        async throws
    {
        try await withStores { store in
            let edge = Edge(store)
            let professional = try Sample.professional().id
            let (one, other) = (try Sample.patient().id, try #require(PatientIdentifier("PAT-2")))
            let start = Instant(seconds: 2000)
            try await store.write(
                PersonChange.patient(try Sample.patient()), PersonChange.patient(Patient(id: other, name: "Two")),
                IdentityChange.merge(survivor: one, absorbed: other, at: start))
            let root = ConsentRule(
                .permit, actors: [.careTeam],
                exceptions: [ConsentRule(.deny, actors: [.party(.professional(professional))])])
            var choice = Sample.choice("d", .directive(ConsentDirective(root: root)), of: one)
            choice.recordedAt = start + .seconds(1)
            try await store.write(
                ConsentChange.choose(choice), IdentityChange.split(absorbed: other, at: start + .seconds(2)))
            let found = try await edge.search(.consent, "patient", "PAT-2")
            let shown = try #require(found.first)
            #expect(found.count == 1 && shown.version == 1 && shown.content["status"] == "active", "\(store.name)")
            #expect(shown.content["category"]?.array?.last?.text.contains("refusals") == true)
            #expect(JSONValue.object(shown.content).text.contains("Practitioner/\(professional.value)"))
            try await edge.update(shown, at: start + .seconds(3)) { $0["status"] = "inactive" }
            let records = StoredAccessRecords(database: store.database)
            let kept = try await records.file(of: other).choices
            #expect(kept.count == 1 && kept.allSatisfy { $0.period.ended(by: start + .seconds(3)) })
            #expect(try await records.file(of: one).choices.first?.period.end == nil, "each ends their own")
            let after = try await edge.search(.consent, "patient", "PAT-2")
            #expect(after.map(\.version) == [2] && after.first?.content["status"] == "inactive")
        }
    }

    @Test("a patient who cannot be presented holds up nobody else, is told of, and is tried again") func stuck()
        async throws
    {
        try await withStores { store in
            let failures = Mutex<[String]>([])
            let records = StoredFHIRRecords(database: store.database)
            let stuck = try Sample.patient().id
            let presenter = RecordPresenter(
                records: StuckRecords(records: records, stuck: stuck), lane: store.lane, base: Self.base,
                clock: store.clock.now, report: { failure in failures.withLock { $0.append(failure) } })
            let other = try #require(PatientIdentifier("PAT-2"))
            for patient in [stuck, other] {
                try await store.write(ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient)))
            }
            let query = try SearchQuery(.consent, parameters: [(name: "status", value: "active")], base: Self.base)
            #expect(try await presenter.present(for: query), "\(store.name): one waits")
            #expect(failures.withLock { $0 } == ["unreadable"])
            #expect(try await records.search(query).count == 1)
            try await presenter.present(Reference(type: "Consent", id: "nope"))
            #expect(try await records.pending(limit: 10) == [stuck])
            await #expect(throws: FHIRUnavailable.self) { try await presenter.present([stuck]) }
            // As soon as it can be read, it is presented.
            let edge = Edge(store)
            #expect(try await edge.presenter.present(for: query) == false)
            #expect(try await records.search(query).count == 2)
        }
    }
}

/// Records of which one patient's cannot be read.
private struct StuckRecords: FHIRRecords {
    let records: StoredFHIRRecords
    let stuck: PatientIdentifier

    func file(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> PresentedFile {
        guard patient != stuck else { throw FHIRUnavailable(detail: "unreadable") }
        return try await records.file(of: patient)
    }

    func current(_ reference: Reference) async throws(FHIRUnavailable) -> StoredVersion? {
        try await records.current(reference)
    }
    func version(_ reference: Reference, _ number: Int64) async throws(FHIRUnavailable) -> StoredVersion? {
        try await records.version(reference, number)
    }
    func history(
        _ reference: Reference, before: Int64?, limit: Int
    ) async throws(FHIRUnavailable) -> [StoredVersion] {
        try await records.history(reference, before: before, limit: limit)
    }
    func search(_ query: SearchQuery) async throws(FHIRUnavailable) -> [StoredVersion] {
        try await records.search(query)
    }
    func surroundings(_ needs: Surroundings.Needs) async throws(FHIRUnavailable) -> Surroundings {
        try await records.surroundings(needs)
    }
    func identifiers(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await records.identifiers(of: patient)
    }
    func pending(limit: Int) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await records.pending(limit: limit)
    }
    func isPending(_ patient: PatientIdentifier) async throws(FHIRUnavailable) -> Bool {
        try await records.isPending(patient)
    }
    func patients(withINS number: String) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await records.patients(withINS: number)
    }
    func others(withINSOf patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier] {
        try await records.others(withINSOf: patient)
    }
    func structures(withFINESS number: String) async throws(FHIRUnavailable) -> [StructureIdentifier] {
        try await records.structures(withFINESS: number)
    }
    func entry(_ position: EntryPosition) async throws(FHIRUnavailable) -> JournalEntry? {
        try await records.entry(position)
    }
    func trail(
        of patient: PatientIdentifier, from: Instant?, to: Instant?, before: JournalPlace?, limit: Int
    ) async throws(FHIRUnavailable) -> PatientTrail {
        try await records.trail(of: patient, from: from, to: to, before: before, limit: limit)
    }
    func people(of accounts: Set<String>) async throws(FHIRUnavailable) -> [String: AccountLink.Person] {
        try await records.people(of: accounts)
    }
}

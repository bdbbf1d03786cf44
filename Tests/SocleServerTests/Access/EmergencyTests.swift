// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Synchronization
import Testing

/// A clock that a test moves.
final class MovableClock: Sendable {
    private let instant = Mutex(Ward.now)
    var now: Instant { instant.withLock { $0 } }
    func advance(by time: Duration) { instant.withLock { $0 = $0 + time } }
}

@Suite("Emergencies · one episode, its notices and its review (R-BTG-1, R-BTG-4)")
struct EmergencyTests {
    static let physician = "899700100011"

    /// A ward whose nurse is outside the team of PAT-2, who has a médecin traitant.
    func ward(_ body: (AccessFixture, MovableClock) async throws -> Void) async throws {
        let clock = MovableClock()
        let now: @Sendable () -> Instant = { clock.now }
        try await AccessFixture.with(now: Ward.now, clock: now) { fixture in
            try await Ward.load(fixture) { $0.purposes.insert("REG15") }
            let patient = try #require(PatientIdentifier("PAT-2"))
            try await fixture.write([
                PersonChange.patient(Patient(id: patient)),
                ConsentChange.join(
                    Membership(
                        id: "mt", patient: patient,
                        member: .professional(try #require(ProfessionalIdentifier(Self.physician))),
                        period: Period(start: Instant(seconds: 1)), role: "PCP", legalBasis: .recognised)),
            ])
            try await body(fixture, clock)
        }
    }

    func question(
        _ document: String = "R-1", of patient: String = "PAT-2", justification: JSONValue = "inconsciente"
    ) throws -> JSONValue {
        var object = try #require(Ward.question(patient: patient, purpose: "BTG").object)
        object["resource"] = [
            "type": "liaison_note", "id": .string(document), "properties": ["patient": .string(patient)],
        ]
        object["context"] = [
            "purpose": "BTG", "justification": justification, "immediate_risk": true,
            "patient_capacity": "unable_to_express",
        ]
        return .object(object)
    }

    func episode(_ answer: JSONValue) throws -> String {
        #expect(answer["context"]?["reason"]?.string == "break_glass")
        return try #require(answer["context"]?["episode"]?["id"]?.string)
    }

    /// The next version of the policies in force, with one parameter more.
    func publish(_ parameter: String, in fixture: AccessFixture) async throws {
        var text = try SharedData.policies()
        text.files["matrix.csv"] = "profession_code,profession_system_oid,type_code,access,status\n"
        text.files["parameters.csv", default: ""] += "\(parameter)\n"
        let submission = try PolicyPublication.submission(
            text, number: 2, author: "author", approver: "approver", at: Ward.now)
        guard case .committed = try await fixture.lane.commit(submission) else {
            Issue.record("version 2 is not published")
            return
        }
    }

    private func count(_ statement: Statement, in fixture: AccessFixture) async throws -> Int64 {
        try await fixture.database.rows(statement, []).first?.integer(0) ?? 0
    }

    @Test("the first permit opens it, later ones cite it; the patient and their doctor are told once") func once()
        async throws
    {
        try await ward { fixture, clock in
            let first = try episode(try await fixture.ask(question()))
            clock.advance(by: .hours(4) - .milliseconds(1))
            #expect(try episode(try await fixture.ask(question("R-2"))) == first)
            #expect(try await count("SELECT count(*) FROM emergency_episodes", in: fixture) == 1)
            #expect(try await count("SELECT count(*) FROM emergency_accesses", in: fixture) == 2)
            let notices = try await fixture.database.rows("SELECT recipient FROM notices ORDER BY recipient", [])
            #expect(try notices.map { try $0.text(0) } == ["patient", "professional/\(Self.physician)"])
            let reviews = try await StoredEmergencies(fixture.database).awaitingReview(unresolvedOnly: true, limit: 10)
            #expect(reviews.map(\.episode.id) == [first])
            #expect(reviews.first?.accesses == 2 && reviews.first?.unresolved == 2)
            #expect(reviews.first?.episode.justification == "inconsciente")
            #expect(reviews.first?.episode.declaredCapacity == "unable_to_express")
            #expect(reviews.first?.episode.immediateRisk == true)
        }
    }

    @Test("at its end a question opens another, told and reviewed anew") func time() async throws {
        try await ward { fixture, clock in
            let first = try episode(try await fixture.ask(question()))
            clock.advance(by: .hours(4))
            let second = try episode(try await fixture.ask(question()))
            #expect(second != first)
            #expect(try await count("SELECT count(*) FROM notices", in: fixture) == 4)
            #expect(
                try await StoredEmergencies(fixture.database).awaitingReview(unresolvedOnly: false, limit: 10).count
                    == 2)
        }
    }

    @Test("each question needs its reason, within an episode too; a refusal opens nothing") func refusals() async throws
    {
        try await ward { fixture, _ in
            let refused = try await fixture.ask(question(justification: "  "))
            #expect(refused["context"]?["reason"]?.string == "justification_required")
            #expect(refused["context"]?["episode"] == nil)
            #expect(try await count("SELECT count(*) FROM emergency_episodes", in: fixture) == 0)
            _ = try episode(try await fixture.ask(question()))
            let again = try await fixture.ask(question(justification: .null))
            #expect(again["context"]?["reason"]?.string == "justification_required")
            #expect(try await count("SELECT count(*) FROM emergency_accesses", in: fixture) == 1)
        }
    }

    @Test("an opposition recorded within an episode binds at the next question") func opposition() async throws {
        try await ward { fixture, _ in
            _ = try episode(try await fixture.ask(question()))
            try await fixture.write([
                ConsentChange.choose(
                    PatientChoice(
                        id: "o", patient: try #require(PatientIdentifier("PAT-2")), kind: .oppositionInEmergency,
                        period: Period(start: Instant(seconds: 1)), recordedAt: Instant(seconds: 1)))
            ])
            let refused = try await fixture.ask(question("R-2"))
            #expect(refused["context"]?["reason"]?.string == "emergency_opposition")
        }
    }

    @Test("an episode lasts as long as its service says (break_glass_duration)") func serviceTime() async throws {
        try await ward { fixture, clock in
            try await publish("point-acces-pro,break_glass_duration,PT30M,", in: fixture)
            let first = try episode(try await fixture.ask(question()))
            clock.advance(by: .minutes(30) - .milliseconds(1))
            let within = try await fixture.ask(question())
            #expect(try episode(within) == first)
            #expect(within["context"]?["episode"]?["until"]?.string == (Ward.now + .minutes(30)).description)
            clock.advance(by: .milliseconds(1))
            #expect(try episode(try await fixture.ask(question())) != first)
        }
    }

    @Test("of one document asked twice in one call two accesses are kept, each under its name") func twice()
        async throws
    {
        try await ward { fixture, _ in
            var body = try #require(question().object)
            let resource = try #require(body["resource"])
            body["resource"] = nil
            body["evaluations"] = [["resource": resource], ["resource": resource]]
            let response = await fixture.post(JSONValue.object(body).bytes, to: AccessRoutes.evaluations)
            let answers = try #require(try JSONValue(parsing: response.body)["evaluations"]?.array)
            #expect(try Set(answers.map(episode)).count == 1)
            #expect(try await count("SELECT count(DISTINCT id) FROM emergency_accesses", in: fixture) == 2)
        }
    }

    @Test("the questions of one call share one episode; each access is kept") func batch() async throws {
        try await ward { fixture, _ in
            let one = try question()
            let body: JSONValue = [
                "subject": one["subject"] ?? .null, "action": one["action"] ?? .null,
                "context": one["context"] ?? .null,
                "evaluations": [
                    ["resource": try question("A")["resource"] ?? .null],
                    ["resource": try question("B")["resource"] ?? .null],
                    ["resource": Ward.question()["resource"] ?? .null],
                ],
            ]
            let response = await fixture.post(body.bytes, to: AccessRoutes.evaluations)
            let answers = try #require(try JSONValue(parsing: response.body)["evaluations"]?.array)
            let episodes = answers.map { $0["context"]?["episode"]?["id"]?.string }
            #expect(episodes[0] != nil && episodes[0] == episodes[1])
            #expect(episodes[2] != nil && episodes[2] != episodes[0], "another patient, another emergency")
            #expect(try await count("SELECT count(*) FROM emergency_episodes", in: fixture) == 2)
            #expect(try await count("SELECT count(*) FROM emergency_accesses", in: fixture) == 3)
        }
    }

    @Test("of many first questions at once, one opens and all cite it") func concurrent() async throws {
        try await ward { fixture, _ in
            let question = try question()
            let episodes = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<24 {
                    group.addTask { try await fixture.ask(question)["context"]?["episode"]?["id"]?.string }
                }
                var found: [String?] = []
                for try await episode in group { found.append(episode) }
                return found
            }
            #expect(Set(episodes).count == 1 && episodes[0] != nil)
            #expect(try await count("SELECT count(*) FROM emergency_episodes", in: fixture) == 1)
            #expect(try await count("SELECT count(*) FROM notices", in: fixture) == 2)
        }
    }

    @Test("a regulation is told and reviewed too, as an episode of its own") func regulation() async throws {
        try await ward { fixture, _ in
            let samu = try #require(StructureIdentifier("STR-SAMU"))
            let regulator = try #require(ProfessionalIdentifier("899700100077"))
            try await fixture.write([
                PersonChange.professional(
                    Professional(
                        id: regulator, name: "Hugo Perrin",
                        profession: CodedConcept(code: "10", system: CodeSystem.healthProfessions),
                        activities: [Activity(structure: samu, kind: "samu", sector: "SA01", mode: "S")]))
            ])
            let answer = try await fixture.ask([
                "subject": [
                    "type": "professional", "id": "rpps:899700100077",
                    "properties": ["situation": "STR-SAMU", "method": "psc", "acr": "eidas1"],
                ],
                "action": ["name": "read"],
                "resource": ["type": "liaison_note", "id": "R", "properties": ["patient": "PAT-2"]],
                "context": ["purpose": "REG15", "call_id": "15-1234"],
            ])
            #expect(answer["context"]?["reason"]?.string == "regulation_15")
            #expect(answer["context"]?["episode"]?["id"]?.string != nil)
            #expect(try await count("SELECT count(*) FROM notices WHERE subject = 'regulation_15'", in: fixture) == 2)
            let reviews = try await StoredEmergencies(fixture.database).awaitingReview(unresolvedOnly: true, limit: 10)
            #expect(reviews.first?.episode.callID == "15-1234")
        }
    }

    @Test("a review ends once, and opens again with a later access of its episode") func review() async throws {
        try await ward { fixture, _ in
            let id = try episode(try await fixture.ask(question()))
            let review = EmergencyChange.review(episode: id, by: "dpo", conclusion: "justified", at: Ward.now)
            try await fixture.write([review])
            let again = try await fixture.lane.commit(Submission(changes: [review], entry: nil))
            #expect(again == .refused(changeIndex: 0))
            let emergencies = StoredEmergencies(fixture.database)
            #expect(try await emergencies.awaitingReview(unresolvedOnly: false, limit: 10).isEmpty)
            // An access that comes later in the episode is one that nobody reviewed.
            #expect(try episode(try await fixture.ask(question("R-2"))) == id)
            #expect(try await emergencies.awaitingReview(unresolvedOnly: false, limit: 10).map(\.accesses) == [2])
        }
    }
}

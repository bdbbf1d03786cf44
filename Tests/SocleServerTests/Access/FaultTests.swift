// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Synchronization
import Testing

/// Readings that fail until it is mended.
private final class Fault: Sendable {
    private let isMended = Mutex(false)
    private let concerns: @Sendable (Reading) -> Bool

    init(_ concerns: @escaping @Sendable (Reading) -> Bool) { self.concerns = concerns }

    func mend() { isMended.withLock { $0 = true } }
    func fails(_ reading: Reading) -> Bool { concerns(reading) && !isMended.withLock { $0 } }
}

@Suite("Faults · DESIGN 4.2: no fact, no policy, no store: nothing is granted, and nothing is listed")
struct FaultTests {
    /// Which readings fail, and which calls cannot be answered without them.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var concerns: @Sendable (Reading) -> Bool
        var calls: Set<String>

        init(
            _ description: String, _ calls: Set<String>, _ concerns: @escaping @Sendable (Reading) -> Bool
        ) {
            testDescription = description
            self.calls = calls
            self.concerns = concerns
        }
    }

    private static let all = Set(Wing.calls.map(\.name))
    private static let people: Set = ["who", "who, by their accounts", "which structures", "who in a situation"]
    static let rows: [Row] = [
        Row("the people", all) { if case .asker = $0 { true } else { false } },
        Row("the patients", all) { if case .file = $0 { true } else { false } },
        Row("the policies", all) { $0 == .policy },
        // The last of several: what was found before is not told either.
        Row(
            "one patient",
            ["several questions", "which structures", "who in a situation", "which patients of a professional"]
        ) { if case .file(let id) = $0 { id.value == "PAT-2" } else { false } },
        Row("one person", ["several questions", "who", "who in a situation"]) {
            if case .asker(.professional(let id)) = $0 { id.value == "899700100030" } else { false }
        },
        Row("one account", ["several questions", "which carers", "which patients of a carer"]) {
            $0 == .asker(.account("sub-carer"))
        },
        Row("the application", people) { $0 == .asker(.application) },
        Row("the index of patients", ["which patients of a professional", "which patients of a carer"]) {
            $0 == .patientsLinked
        },
        Row("the index of people", ["which structures", "who in a situation"]) { $0 == .exercising },
        Row("the accounts of people", ["who, by their accounts"]) { $0 == .accountsOfProfessionals },
        Row("the accounts of patients", ["which account of the patient"]) { $0 == .accountsOfPatient },
        Row("the accounts of carers", ["which carers"]) { $0 == .accountsClose },
    ]

    @Test("records that cannot be read: refused and journalled, or no list; mended, all is as it was", arguments: rows)
    func reading(_ row: Row) async throws {
        let wing = try Wing()
        let fault = Fault(row.concerns)
        try await AccessFixture.with(now: Ward.now, failing: fault.fails) { fixture in
            try await wing.load(fixture)
            var answered: [String: [JSONValue]] = [:]
            for call in Wing.calls {
                let entries = try await fixture.entries()
                let response = await fixture.send(call)
                if row.calls.contains(call.name) {
                    try await fixture.expectRefused(call, reason: "unavailable", from: entries, response)
                } else {
                    #expect(response.status == .ok, "\(call.name)")
                    answered[call.name] = try Wing.told(response)
                }
            }
            fault.mend()
            for call in Wing.calls {
                let whole = try await fixture.told(call)
                #expect(whole.contains { $0["decision"] != false }, "\(call.name): \(whole)")
                if let told = answered[call.name] { #expect(told == whole, "\(call.name)") }
            }
        }
    }

    @Test("episodes that cannot be read: an emergency is refused, and leaves nothing") func episodes() async throws {
        let fault = Fault { $0 == .episodes }
        try await AccessFixture.with(now: Ward.now, failing: fault.fails) { fixture in
            try await Ward.load(fixture)
            try await fixture.write([PersonChange.patient(Patient(id: #require(PatientIdentifier("PAT-2"))))])
            let call = Wing.Call(
                name: "an emergency", path: AccessRoutes.evaluations,
                body: ["evaluations": [Ward.emergency(patient: "PAT-2"), Ward.question()]], rests: [])
            try await fixture.expectRefused(
                call, reason: "unavailable", from: fixture.entries(), await fixture.send(call))
            #expect(try await fixture.ask(Ward.emergency(patient: "PAT-2"))["decision"]?.bool == false)
            // A question of care reads no episode.
            #expect(try await fixture.ask(Ward.question())["decision"]?.bool == true)
            #expect(try await fixture.database.rows("SELECT id FROM emergency_episodes", []).isEmpty)
            #expect(try await fixture.database.rows("SELECT recipient FROM notices", []).isEmpty)
            fault.mend()
            #expect(
                try await fixture.ask(Ward.emergency(patient: "PAT-2"))["context"]?["reason"]?.string == "break_glass")
        }
    }

    @Test(
        "a journal that cannot be written: nothing is granted, nothing is listed, nothing is written",
        arguments: [
            BrokenLane(), BrokenLane(outcome: .refused(changeIndex: 0)),
            BrokenLane(outcome: .conflict(RecordKey(.policy, "active"))),
        ])
    func lane(_ broken: BrokenLane) async throws {
        let wing = try Wing()
        let lane: (StoreLane) -> any CommitLane = { _ in broken }
        try await AccessFixture.with(now: Ward.now, decidingThrough: lane) { fixture in
            try await wing.load(fixture)
            let entries = try await fixture.entries()
            for call in Wing.calls {
                let response = await fixture.send(call)
                guard !call.isSearch else {
                    try await fixture.expectRefused(call, reason: "unavailable", from: entries, response)
                    continue
                }
                let answer = try JSONValue(parsing: response.body)
                for item in answer["evaluations"]?.array ?? [answer] {
                    #expect(item["decision"] == false && item["context"]?["reason"] == "unavailable", "\(item)")
                    #expect(item["context"]?["id"] == nil, "it names an entry that is not there")
                }
            }
            let emergency = try await fixture.ask(Ward.emergency(patient: "PAT-3"))
            #expect(emergency["decision"]?.bool == false && emergency["context"]?["episode"] == nil)
            #expect(try await fixture.entries() == entries)
        }
    }
}

extension AccessFixture {
    /// A call answered by a refusal of each of its questions, in one entry; or a search by no list, and none.
    func expectRefused(
        _ call: Wing.Call, reason: String, from entries: Int64, _ response: WebResponse
    ) async throws {
        let answer = try JSONValue(parsing: response.body)
        guard !call.isSearch else {
            #expect(response.status == .serviceUnavailable, "\(call.name): \(answer)")
            #expect(answer["results"] == nil && answer["page"] == nil, "\(call.name): \(answer)")
            #expect(try await self.entries() == entries, "\(call.name)")
            return
        }
        #expect(response.status == .ok)
        let asked = call.body["evaluations"]?.array?.count ?? 1
        let refused: JSONValue = ["decision": false, "reason": .string(reason)]
        #expect(try Wing.told(response) == Array(repeating: refused, count: asked), "\(call.name): \(answer)")
        for item in answer["evaluations"]?.array ?? [answer] {
            #expect(item["context"]?["id"]?.string?.isEmpty == false, "\(call.name): it is in the journal")
        }
        #expect(try await self.entries() == entries + 1, "\(call.name)")
        let items = try #require(EntryItems.read(try await lastDetails()))
        #expect(items.map { $0["reason"]?.string } == Array(repeating: reason, count: asked), "\(call.name)")
        #expect(items.allSatisfy { $0["outcome"] == "deny" }, "\(call.name)")
        // A refusal of this kind rests on no record.
        #expect(try await lastEntry()["revisions"]?.object?.isEmpty != false)
    }
}

extension Ward {
    /// A question of somebody outside the team, with all that an emergency declares.
    static func emergency(patient: String) -> JSONValue {
        var question = question(patient: patient, purpose: "BTG").object ?? JSONObject()
        question["context"] = [
            "purpose": "BTG", "justification": "coma", "immediate_risk": true,
            "patient_capacity": "unable_to_express",
        ]
        return .object(question)
    }
}

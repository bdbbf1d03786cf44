// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleJSON
import SocleServer
import Testing

@Suite("Trace · how an answer was reached, for callers who may know")
struct TraceTests {
    private func asking(_ question: JSONValue = Ward.question(), trace: JSONValue = true) throws -> JSONValue {
        var object = try #require(question.object)
        var context = try #require(object["context"]?.object)
        context["trace"] = trace
        object["context"] = .object(context)
        return .object(object)
    }

    /// The answer and what the journal's last entry says of its one item.
    private func answer(
        _ question: JSONValue, token: String = "app", _ register: (inout ApplicationRegistration) -> Void
    ) async throws -> (answer: JSONValue, item: JSONValue) {
        var found: (JSONValue, JSONValue)?
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture, register: register)
            let answer = try await fixture.ask(question, token: token)
            let item = try #require(try await fixture.lastDetails()["items"]?.array?.first)
            found = (answer, item)
        }
        return try #require(found)
    }

    private func policies(_ answer: JSONValue) throws -> [JSONValue] {
        try #require(answer["context"]?["trace"]?["policies"]?.array)
    }

    @Test("every policy in the order of the rules, with its conditions, their truth and the values met")
    func entitled() async throws {
        let (answer, item) = try await answer(asking()) { $0.traces = true }
        let policies = try policies(answer)
        let shipped = try PolicyProgram(number: 1, text: SharedData.policies()).orderedRules
        #expect(policies.compactMap { $0["id"]?.string } == shipped.map(\.id))
        #expect(policies.compactMap { $0["order"]?.string } == shipped.map { "\($0.order)" })
        // What applies is what the answer names, and the first of it decides.
        let applied = policies.filter { $0["applies"]?.bool == true }.compactMap { $0["id"]?.string }
        #expect(applied == answer["context"]?["policies"]?.strings)
        let deciding = policies.filter { $0["decides"]?.bool == true }
        #expect(deciding.compactMap { $0["rule"]?.string } == [answer["context"]?["rule"]?.string])
        for policy in policies {
            let conditions = try #require(policy["conditions"]?.array)
            #expect(!conditions.isEmpty)
            let outcomes = conditions.compactMap { $0["outcome"]?.string }
            #expect(outcomes.count == conditions.count)
            #expect((policy["applies"]?.bool == true) == outcomes.allSatisfy { $0 == "holds" }, "\(policy)")
        }
        let entitlement = try #require(policies.first?["conditions"]?.array?.first)
        #expect(entitlement["outcome"]?.string == "fails")
        #expect(entitlement["values"]?["context.application"]?.string == #"Application::"entitled""#)
        #expect(answer["context"]?["trace"]?["facts"]?["relation"]?.string == "own")
        // The journal says that a patient's choices were shown.
        #expect(item["trace"]?.bool == true)
        #expect(item["ignored"] == nil)
    }

    @Test("a document shows its cell of the matrix, a refusal what refused") func refusal() async throws {
        let question = try JSONValue(
            parsing: Ward.question(resource: "document").text.replacing(
                #""patient":"PAT-1""#, with: #""patient":"PAT-1","type_code":"15507-7""#))
        let (permit, _) = try await answer(asking(question)) { $0.traces = true }
        #expect(permit["context"]?["trace"]?["matrix"]?.string == "line 2: 60 x 15507-7 allow (attested)")
        let (deny, _) = try await answer(asking(Ward.question(patient: "PAT-2"))) { $0.traces = true }
        #expect(deny["decision"]?.bool == false)
        #expect(deny["context"]?["trace"]?["matrix"] == nil)
        let deciding = try #require(try policies(deny).first { $0["decides"]?.bool == true })
        #expect(deciding["reason"]?.string == deny["context"]?["reason"]?.string)
        #expect(deciding["effect"]?.string == "forbid")
    }

    @Test("who is not registered for it gets the answer alone, and the journal says it was asked")
    func unregistered() async throws {
        let plain = try await answer(Ward.question()) { _ in }
        for token in ["app", "user~sub-nurse~STR-1"] {
            let question = Ward.question(subject: token == "app" ? "rpps:\(Ward.nurse)" : "sub-nurse")
            let (answer, item) = try await answer(asking(question), token: token) { _ in }
            #expect(answer["context"]?["trace"] == nil)
            #expect(answer["context"]?.object?.names == plain.answer["context"]?.object?.names)
            #expect(answer["decision"] == plain.answer["decision"])
            #expect(item["trace"] == nil)
            #expect(item["ignored"]?.strings?.contains("context.trace") == true)
        }
    }

    @Test(
        "a question outside the registration shows nothing, whatever else is registered",
        arguments: ["purpose", "action", "type", "subject"])
    func outside(what: String) async throws {
        let (answer, item) = try await answer(asking()) {
            $0.traces = true
            switch what {
            case "purpose": $0.purposes = ["BTG"]
            case "action": $0.actions = ["search"]
            case "type": $0.resourceTypes = ["document"]
            default: $0.assertedSubjects = [.patient]
            }
        }
        #expect(answer["context"]?["reason"]?.string == "client_not_entitled")
        #expect(answer["context"]?["trace"] == nil)
        #expect(item["ignored"]?.strings == ["context.trace"])
    }

    @Test("another client's right is not this one's") func anotherClient() async throws {
        let (answer, _) = try await answer(asking(), token: "app~another") { $0.traces = true }
        #expect(answer["context"]?["reason"]?.string == "client_not_entitled")
        #expect(answer["context"]?["trace"] == nil)
    }

    @Test("false, or nothing, asks for no trace") func notAsked() async throws {
        for question in [try asking(trace: false), try asking(trace: .null), Ward.question()] {
            let (answer, item) = try await answer(question) { $0.traces = true }
            #expect(answer["context"]?["trace"] == nil)
            #expect(item["trace"] == nil && item["ignored"] == nil)
        }
    }

    @Test("anything but true or false is malformed", arguments: [#""true""#, "1", "{}", "[]"])
    func malformed(text: String) async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture) { $0.traces = true }
            let before = try await fixture.entries()
            let body = try asking(trace: JSONValue(parsing: text)).bytes
            let response = await fixture.post(body)
            #expect(response.status == .badRequest)
            #expect(String(decoding: response.body, as: UTF8.self).contains("context.trace"))
            #expect(try await fixture.entries() == before)
        }
    }

    @Test("in a list each question that asks for one is refused alone, entitled or not") func batch() async throws {
        for entitled in [true, false] {
            try await AccessFixture.with(now: Ward.now) { fixture in
                try await Ward.load(fixture) { $0.traces = entitled }
                let list: JSONValue = [
                    "subject": Ward.question()["subject"] ?? .null, "action": ["name": "read"],
                    "resource": Ward.question()["resource"] ?? .null, "context": ["purpose": "TREAT"],
                    "evaluations": [[:], ["context": ["purpose": "TREAT", "trace": true]], [:]],
                ]
                let response = await fixture.post(list.bytes, to: AccessRoutes.evaluations)
                #expect(response.status == .ok)
                let items = try #require(try JSONValue(parsing: response.body)["evaluations"]?.array)
                #expect(items.map { $0["decision"]?.bool } == [true, false, true])
                #expect(items[1]["context"]?["error"]?["message"]?.string?.contains("ask it alone") == true)
                #expect(!String(decoding: response.body, as: UTF8.self).contains("\"facts\""))
                // Without a list it is one question.
                let one = await fixture.post(try asking().bytes, to: AccessRoutes.evaluations)
                #expect((try JSONValue(parsing: one.body)["context"]?["trace"] != nil) == entitled)
            }
        }
    }

    @Test("a policy that errs refuses, says where, and decides nothing") func erring() throws {
        var text = try SharedData.policies()
        text.files["99-wrong.cedar"] = """
            @id("wrong-99.1") @order("99.1") @rule("R-X") @reason("blocked")
            forbid (principal, action, resource) when { 9223372036854775807 + 1 == 0 };
            """
        let program = try PolicyProgram(number: 1, text: text)
        let sheet = FactSheet(facts: Facts(subject: .professional, category: "agenda"))
        let decision = program.decide(sheet, parameters: PolicyParameters())
        #expect(decision.reason == "policy_error")
        let trace = program.trace(sheet, of: decision)
        #expect(trace.steps.allSatisfy { !$0.decides })
        #expect(trace.errors.contains { $0.contains("overflow") })
        #expect(trace.steps.last?.applies == false)
        #expect(trace.json["policies"]?.array?.last?["conditions"]?.array?.last?["outcome"]?.string == "error")
    }
}

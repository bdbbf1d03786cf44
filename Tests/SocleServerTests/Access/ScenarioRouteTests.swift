// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleJSON
import SocleServer
import Testing

/// The same expected decisions as the pure ones, from the socket's side of the server to its journal.
@Suite("Expected decisions · over the AuthZEN route, facts in the store, matrix published")
struct ScenarioRouteTests {
    @Test("every scenario and variant gets its decision, reason, rule, obligations and advice") func all() async throws
    {
        guard let scenarios = try SharedData.scenarios() else { return }
        let policies = try SharedData.policies()
        for scenario in scenarios {
            let records = try scenario.records()
            try await AccessFixture.with(now: records.now) { fixture in
                try await fixture.load(records, policies: policies)
                let before = try await fixture.entries()
                let answer = try await fixture.ask(
                    records.request, token: "app~\(records.registration.clientID)")
                #expect(try await fixture.entries() == before + 1, "one call, one entry")
                let context = try #require(answer["context"]?.object)
                #expect(
                    answer["decision"]?.bool == (scenario.expected.outcome == .permit),
                    "\(scenario.id): \(answer.text)")
                #expect(context["reason"]?.string == scenario.expected.reason, "\(scenario.id)")
                #expect(context["rule"]?.string == scenario.expected.rule, "\(scenario.id)")
                #expect(
                    Set(context["obligations"]?.strings ?? ["?"]) == scenario.expected.obligations, "\(scenario.id)")
                #expect(context["advice"]?.strings == scenario.expected.advice, "\(scenario.id)")
                #expect(context["policy_version"]?.integer == 1)
                #expect(context["id"]?.string?.contains(":") == true)
                #expect(context["reason_user"]?["fr"]?.string?.isEmpty == false)
                #expect(context["policies"]?.strings?.isEmpty == false)
            }
        }
    }
}

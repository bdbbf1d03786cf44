// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Explanation of a decision")
struct ExplanationTests {
    private func explanation(_ policy: String) throws -> Explanation {
        let compiled = CompiledPolicies(try PolicySet(parsing: policy))
        return try #require(compiled.explain(Bench.request, Bench.entities()).first)
    }

    @Test("each clause says what became of it, and the rest is not reached") func clauses() throws {
        let found = try explanation(
            """
            permit(principal == User::"alice", action, resource)
            when { principal.age > 50 && context.level == 3 } unless { false };
            """)
        #expect(found.outcome == .fails)
        #expect(found.clauses.map(\.outcome) == [.holds, .fails, .notReached])
        #expect(found.clauses[1].parts.map(\.outcome) == [.fails, .notReached])
        #expect(found.clauses[1].parts[0].text == "principal.age > 50")
        #expect(found.clauses[1].parts[0].values == [.init(text: "principal.age", value: "40")])
    }

    @Test("an error is told with its place and what was met") func errors() throws {
        let found = try explanation("forbid(principal, action, resource) when { resource.author.badge == 1 };")
        #expect(found.outcome == .error("1:44: the entity `User::\"alice\"` has no attribute `badge`"))
        #expect(
            found.clauses[0].values == [
                .init(text: "resource.author.badge", value: "the entity `User::\"alice\"` has no attribute `badge`")
            ])
    }

    @Test("a policy that applies shows the side of `||` that made it apply") func alternatives() throws {
        let found = try explanation(
            "permit(principal, action, resource) when { context.level == 1 || context.level == 3 || context.level == 4 };"
        )
        #expect(found.outcome == .holds)
        #expect(found.clauses[0].parts.map(\.outcome) == [.fails, .holds, .notReached])
    }

    @Test("only the policies asked for are explained") func chosen() throws {
        let compiled = CompiledPolicies(
            try PolicySet(parsing: "permit(principal, action, resource); forbid(principal, action, resource);"))
        let found = try compiled.explain(Bench.request, Bench.entities(), ids: ["policy1"])
        #expect(found.map(\.policy.id) == ["policy1"])
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleStore

@Suite("Look-ups by key · DESIGN 4.4")
struct LookUpPlanTests {
    @Test("revisions are looked up by key: no width of the statement reads the whole table") func revisions()
        async throws
    {
        try await withStores { store in
            guard store.database is SQLiteDatabase else { return }
            let statements =
                (Revisions.several + [Revisions.widest]).map { ($0.width, 2, $0.statement) }
                + (Revisions.movedSeveral + [Revisions.movedWidest]).map { ($0.width, 3, $0.statement) }
            for (width, columns, statement) in statements {
                let parameters = [DatabaseValue](repeating: .text("x"), count: columns * width)
                let rows = try await store.database.rows(
                    Statement("EXPLAIN QUERY PLAN " + statement.text), parameters)
                let plan = try rows.map { try $0.text(3) }
                #expect(plan.contains { $0.hasPrefix("SEARCH r USING PRIMARY KEY") }, "\(width): \(plan)")
                #expect(!plan.contains { $0.hasPrefix("SCAN r") }, "\(width): \(plan)")
            }
        }
    }

    @Test("whether records still stand is looked up by key") func standing() async throws {
        try await withStores { store in
            guard store.database is SQLiteDatabase else { return }
            for (width, statement) in Revisions.stands + [Revisions.standsWidest] {
                let parameters = [[DatabaseValue]](repeating: [.text("x"), .text("y"), .integer(1)], count: width)
                let rows = try await store.database.rows(
                    Statement("EXPLAIN QUERY PLAN " + statement.text), parameters.flatMap(\.self))
                let plan = try rows.map { try $0.text(3) }
                #expect(
                    plan.contains { $0.hasPrefix("SEARCH record_revisions USING PRIMARY KEY") }, "\(width): \(plan)")
                #expect(!plan.contains { $0.hasPrefix("SCAN record_revisions") }, "\(width): \(plan)")
            }
        }
    }
}

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
            for (width, statement) in Revisions.several + [Revisions.widest] {
                let parameters = [DatabaseValue](repeating: .text("x"), count: 2 * width)
                let rows = try await store.database.rows(
                    Statement("EXPLAIN QUERY PLAN " + statement.text), parameters)
                let plan = try rows.map { try $0.text(3) }
                #expect(plan.contains { $0.hasPrefix("SEARCH r USING PRIMARY KEY") }, "\(width): \(plan)")
                #expect(!plan.contains { $0.hasPrefix("SCAN r") }, "\(width): \(plan)")
            }
        }
    }
}

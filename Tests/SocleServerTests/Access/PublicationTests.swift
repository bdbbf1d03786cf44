// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleStore
import Synchronization
import Testing

@Suite("Publication · while questions run")
struct PublicationTests {
    private static let askers = 4
    private static let versions: ClosedRange<Int64> = 2...5

    /// The version that each asker was last answered by, and what went wrong.
    private final class Board: Sendable {
        struct State {
            var acknowledged: Int64 = 1
            var answered: [Int: Int64] = [:]
            var faults: [String] = []
            var isOver = false
        }
        let state = Mutex(State())

        var isOver: Bool { state.withLock { $0.isOver } }

        func haveAllAnswered(by version: Int64) -> Bool {
            state.withLock { state in (0..<askers).allSatisfy { (state.answered[$0] ?? 0) >= version } }
        }
    }

    @Test("no question fails, and one that follows an acknowledgement is answered by the new version, or a later one")
    func meanwhile() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let records = StoredAccessRecords(database: fixture.database)
            let board = Board()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for asker in 0..<Self.askers {
                    group.addTask { try await Self.keepAsking(asker, fixture, board) }
                }
                // Whatever happens, the askers stop.
                defer { board.state.withLock { $0.isOver = true } }
                for version in Self.versions {
                    let base = try #require(try await records.policy(number: version - 1))
                    try await Self.publish(base, as: version, fixture, records)
                    board.state.withLock { $0.acknowledged = version }
                    while !board.haveAllAnswered(by: version), board.state.withLock({ $0.faults.isEmpty }) {
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
            }
            #expect(board.state.withLock { $0.faults } == [])
            // And back: the version before last decides again at once.
            let person = try await Self.desk(fixture, records)
            let former = try #require(try await records.policy(number: 4))
            let submission = try person.rollback(to: former, by: Self.approver, at: fixture.now)
            #expect(try await fixture.lane.commit(submission).isCommitted)
            #expect(try await fixture.ask(Ward.question())["context"]?["policy_version"]?.integer == 4)
        }
    }

    private static let author = PolicyPublication.Administrator(subject: "sub-a", roles: ["policy_author"])
    private static let approver = PolicyPublication.Administrator(subject: "sub-b", roles: ["policy_approver"])

    private static func keepAsking(_ asker: Int, _ fixture: AccessFixture, _ board: Board) async throws {
        while !board.isOver {
            let acknowledged = board.state.withLock { $0.acknowledged }
            let answer = try await fixture.ask(Ward.question())
            let version = answer["context"]?["policy_version"]?.integer ?? 0
            board.state.withLock { state in
                state.answered[asker] = version
                if answer["decision"]?.bool != true { state.faults.append("refused: \(answer.text)") }
                if version < acknowledged { state.faults.append("\(version) after \(acknowledged)") }
            }
        }
    }

    /// What stands in force now, and the revisions that a publication rests on.
    private static func desk(
        _ fixture: AccessFixture, _ records: StoredAccessRecords
    ) async throws -> PolicyPublication {
        let asker = try await records.asker(client: "socle", subject: .account("sub-b"))
        let number = try #require(asker.policyNumber)
        let inForce = try #require(try await records.policy(number: number))
        return try PolicyPublication(inForce: inForce, stamp: asker.stamp)
    }

    private static func publish(
        _ base: PolicyVersion, as number: Int64, _ fixture: AccessFixture, _ records: StoredAccessRecords
    ) async throws {
        var text = base.text
        text.files["reasons.csv", default: ""] += "publication_\(number),fr,en,fr,en\n"
        let draft = try await desk(fixture, records).draft(text, number: number, by: author, at: fixture.now)
        #expect(try await fixture.lane.commit(draft.submission).isCommitted)
        #expect(try await records.activePolicy() == number - 1)
        let version = try #require(try await records.policy(number: number))
        let published = try await desk(fixture, records).publication(of: version, by: approver, at: fixture.now)
        #expect(try await fixture.lane.commit(published.submission).isCommitted)
    }

    @Test("a publication decided on what another one replaced meanwhile is not written") func overtaken() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let records = StoredAccessRecords(database: fixture.database)
            let first = try #require(try await records.policy(number: 1))
            let old = try await Self.desk(fixture, records)
            try await Self.publish(first, as: 2, fixture, records)
            let late = try old.rollback(to: first, by: Self.approver, at: fixture.now)
            guard case .conflict = try await fixture.lane.commit(late) else {
                Issue.record("it was written")
                return
            }
            #expect(try await records.activePolicy() == 2)
        }
    }
}

extension CommitOutcome {
    fileprivate var isCommitted: Bool { if case .committed = self { true } else { false } }
}

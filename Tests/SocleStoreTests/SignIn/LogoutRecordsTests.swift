// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleStore
import Testing

@Suite("Logout notices, on each store")
struct LogoutRecordsTests {
    let start = Instant(seconds: 1_793_610_000)

    private func client(_ id: String, told: Bool = true) -> Client {
        var metadata = ClientMetadata()
        if told { metadata.backChannelLogoutURI = "https://\(id).example/back" }
        return Client(
            id: id, name: id, authentication: .none, redirectURIs: ["https://\(id).example/cb"],
            grantTypes: [.authorizationCode], scopes: ["openid"], metadata: metadata)
    }

    private func grant(_ id: String, _ client: String, session: String = "sid-1") -> Grant {
        Grant(
            id: id, clientID: client, subject: "sub-1", sessionID: session, scopes: ["openid"], authenticatedAt: start,
            acr: "eidas1", methods: ["pwd"], situation: nil, createdAt: start, expires: start + .hours(1))
    }

    private func session(_ id: String) -> Session {
        Session(
            id: id, cookieDigest: "digest-\(id)", subject: "sub-1", authenticatedAt: start, methods: ["pwd"],
            acr: "eidas1", situation: nil, lastSeen: start, expires: start + .hours(10))
    }

    private func commit(_ store: TestStore, _ changes: any RecordChange...) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: changes, entry: nil))
    }

    private func fill(_ store: TestStore) async throws {
        let outcome = try await commit(
            store, OAuthChange.createClient(client("a")), OAuthChange.createClient(client("b")),
            OAuthChange.createClient(client("quiet", told: false)), SignInChange.startSession(session("sid-1")),
            SignInChange.startSession(session("sid-2")), OAuthChange.startGrant(grant("g1", "a")),
            OAuthChange.startGrant(grant("g2", "a")), OAuthChange.startGrant(grant("g3", "b")),
            OAuthChange.startGrant(grant("g4", "quiet")), OAuthChange.startGrant(grant("g5", "b", session: "sid-2")))
        #expect(outcome == .committed(nil), "\(store.name)")
    }

    @Test("the end of a session queues one notice for each application to be told, in the same transaction")
    func queued() async throws {
        try await withStores { store in
            try await fill(store)
            let records = StoredLogout(store.database)
            #expect(try await records.due(at: start + .days(9), limit: 10).isEmpty)
            _ = try await commit(store, SignInChange.endSession(id: "sid-1", at: start + .seconds(5)))
            let due = try await records.due(at: start + .seconds(5), limit: 10)
            #expect(due.map(\.notice.clientID) == ["a", "b"], "\(store.name)")
            #expect(due.allSatisfy { $0.notice.sessionID == "sid-1" && $0.notice.subject == "sub-1" })
            #expect(due.map(\.client?.id) == ["a", "b"])
            #expect(try await records.due(at: start + .seconds(4), limit: 10).isEmpty)
            #expect(try await records.due(at: start + .seconds(5), limit: 1).count == 1)
            // A second end is refused, and queues nothing.
            #expect(
                try await commit(store, SignInChange.endSession(id: "sid-1", at: start + .seconds(6)))
                    == .refused(changeIndex: 0))
            #expect(try await records.due(at: start + .days(9), limit: 10).count == 2)
        }
    }

    @Test("an attempt is taken by one node, and a settled notice by none") func attempts() async throws {
        try await withStores { store in
            try await fill(store)
            let records = StoredLogout(store.database)
            _ = try await commit(store, SignInChange.endSession(id: "sid-2", at: start))
            let notice = try #require(try await records.due(at: start, limit: 10).first?.notice)
            let next = start + .seconds(10)
            #expect(try await commit(store, LogoutChange.attempt(notice, next: next)) == .committed(nil))
            #expect(
                try await commit(store, LogoutChange.attempt(notice, next: next)) == .refused(changeIndex: 0),
                "\(store.name)")
            #expect(try await records.due(at: next - .seconds(1), limit: 10).isEmpty)
            let again = try #require(try await records.due(at: next, limit: 10).first?.notice)
            #expect(again.attempts == 1 && again.queuedAt == start)
            #expect(try await commit(store, LogoutChange.settle(again)) == .committed(nil))
            #expect(try await commit(store, LogoutChange.settle(again)) == .refused(changeIndex: 0))
            #expect(try await commit(store, LogoutChange.attempt(again, next: next)) == .refused(changeIndex: 0))
        }
    }

    @Test("the applications of a session are those signed in to with it, the disabled aside") func applications()
        async throws
    {
        try await withStores { store in
            try await fill(store)
            let records = StoredLogout(store.database)
            #expect(try await records.applications(ofSession: "sid-1").map(\.id) == ["a", "b", "quiet"])
            _ = try await commit(store, OAuthChange.disableClient(id: "b"))
            #expect(try await records.applications(ofSession: "sid-1").map(\.id) == ["a", "quiet"], "\(store.name)")
            #expect(try await records.applications(ofSession: "sid-9").isEmpty)
        }
    }
}

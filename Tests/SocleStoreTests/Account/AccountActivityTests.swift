// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleOIDC
import Testing

@testable import SocleStore

@Suite("What an account is used for, on each store")
struct AccountActivityTests {
    let start = Instant(seconds: 1_793_610_000)

    private func session(_ id: String, of subject: String = "sub-1", seen: Duration = .zero) -> Session {
        Session(
            id: id, cookieDigest: "digest-\(id)", subject: subject, authenticatedAt: start, methods: ["pwd", "otp"],
            acr: "eidas1", lastSeen: start + seen, expires: start + .hours(10), startedAt: start - .minutes(1),
            device: Device(stored: "firefox windows"))
    }

    private func grant(_ id: String, session: String, client: String = "a", subject: String = "sub-1") -> Grant {
        Grant(
            id: id, clientID: client, subject: subject, sessionID: session, scopes: ["openid", "offline_access"],
            authenticatedAt: start, acr: "eidas1", methods: ["pwd"], situation: nil, createdAt: start,
            expires: start + .hours(1))
    }

    private func commit(_ store: TestStore, _ changes: any RecordChange...) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: changes, entry: nil))
    }

    @Test("a person's open sessions are theirs alone, the last seen first, with device and beginning")
    func sessions() async throws {
        try await withStores { store in
            let records = StoredActivity(store.database)
            _ = try await commit(
                store, SignInChange.startSession(session("one")),
                SignInChange.startSession(session("two", seen: .minutes(5))),
                SignInChange.startSession(session("ended")),
                SignInChange.startSession(session("other", of: "sub-2")),
                SignInChange.endSession(id: "ended", at: start))
            var expected = [session("two", seen: .minutes(5)), session("one")]
            for index in expected.indices { expected[index].revision = 1 }
            #expect(try await records.openSessions(of: "sub-1", at: start) == expected, "\(store.name)")
            #expect(try await records.openSessions(of: "sub-1", at: start + .hours(10)).isEmpty)
            #expect(try await records.openSessions(of: "sub-3", at: start).isEmpty)
        }
    }

    @Test("a session renewed elsewhere keeps its beginning and takes the device of now") func renewed() async throws {
        try await withStores { store in
            var renewed = session("one")
            _ = try await commit(store, SignInChange.startSession(renewed))
            renewed.device = nil
            renewed.cookieDigest = "digest-2"
            renewed.startedAt = start + .hours(1)
            _ = try await commit(store, SignInChange.renewSession(renewed))
            let read = try await StoredActivity(store.database).openSessions(of: "sub-1", at: start).first
            #expect(read?.startedAt == start - .minutes(1) && read?.device == nil, "\(store.name)")
        }
    }

    @Test("ending a person's sessions but one tells each application once, and touches nobody else's")
    func endSessions() async throws {
        try await withStores { store in
            var metadata = ClientMetadata()
            metadata.backChannelLogoutURI = "https://a.example/back"
            let client = Client(
                id: "a", name: "A", authentication: .none, redirectURIs: ["https://a.example/cb"],
                grantTypes: [.authorizationCode], scopes: ["openid"], metadata: metadata)
            _ = try await commit(
                store, OAuthChange.createClient(client), SignInChange.startSession(session("one")),
                SignInChange.startSession(session("two")), SignInChange.startSession(session("three")),
                SignInChange.startSession(session("other", of: "sub-2")),
                OAuthChange.startGrant(grant("g1", session: "one")),
                OAuthChange.startGrant(grant("g2", session: "two")),
                OAuthChange.startGrant(grant("g4", session: "other", subject: "sub-2")))
            let change = SignInChange.endSessions(subject: "sub-1", except: "two", at: start + .seconds(1))
            #expect(try await commit(store, change) == .committed(nil), "\(store.name)")
            let records = StoredActivity(store.database)
            #expect(try await records.openSessions(of: "sub-1", at: start).map(\.id) == ["two"])
            #expect(try await records.openSessions(of: "sub-2", at: start).map(\.id) == ["other"])
            #expect(try await StoredSessions(store.database).session(id: "one")?.revision == 2)
            #expect(try await StoredSessions(store.database).session(id: "two")?.revision == 1)
            let due = try await StoredLogout(store.database).due(at: start + .days(1), limit: 10)
            #expect(due.map(\.notice.sessionID) == ["one"])
            // Nothing left to end: it holds all the same, and tells nobody again.
            #expect(try await commit(store, change) == .committed(nil))
            #expect(try await StoredLogout(store.database).due(at: start + .days(1), limit: 10).count == 1)
        }
    }

    @Test("open grants are the person's, neither revoked nor expired") func grants() async throws {
        try await withStores { store in
            let records = StoredActivity(store.database)
            _ = try await commit(
                store, OAuthChange.startGrant(grant("g1", session: "one")),
                OAuthChange.startGrant(grant("g2", session: "one", client: "b")),
                OAuthChange.startGrant(grant("g3", session: "x", subject: "sub-2")),
                OAuthChange.revokeGrant(id: "g2", at: start))
            #expect(try await records.openGrants(of: "sub-1", at: start).map(\.id) == ["g1"], "\(store.name)")
            #expect(try await records.openGrants(of: "sub-1", at: start + .hours(1)).isEmpty)
        }
    }

    @Test("a withdrawal takes the codes not redeemed yet with it, of that person and application alone")
    func codes() async throws {
        try await withStores { store in
            for (index, (client, subject)) in [("a", "sub-1"), ("b", "sub-1"), ("a", "sub-2")].enumerated() {
                let code = AuthorizationCode(
                    digest: "code-\(index)", grant: grant("c\(index)", session: "s", client: client, subject: subject),
                    redirectURI: "https://a.example/cb", codeChallenge: nil, nonce: nil, expires: start + .seconds(60))
                _ = try await commit(store, OAuthChange.storeCode(code))
            }
            let consent = ApplicationConsent(
                subject: "sub-1", clientID: "a", scopes: ["openid"], claims: [], givenAt: start)
            _ = try await commit(
                store, OAuthChange.giveConsent(consent),
                OAuthChange.withdrawConsent(subject: "sub-1", clientID: "a", at: start))
            let redeemed = try await [0, 1, 2].asyncMap { index in
                try await commit(store, OAuthChange.redeemCode(digest: "code-\(index)", at: start)) == .committed(nil)
            }
            #expect(redeemed == [false, true, true], "\(store.name)")
        }
    }

    @Test("sessions, grants and codes are found by an index: a person's page reads no table whole")
    func plans() async throws {
        try await withStores { store in
            guard store.database is SQLiteDatabase else { return }
            for statement in [StoredActivity.sessions, StoredActivity.grants, OAuthChange.dropCodes] {
                let parameters = [DatabaseValue](repeating: .text("x"), count: statement.text.contains("$3") ? 3 : 2)
                let rows = try await store.database.rows(
                    Statement("EXPLAIN QUERY PLAN " + statement.text), parameters)
                let plan = try rows.map { try $0.text(3) }
                #expect(plan.contains { $0.hasPrefix("SEARCH") } && !plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}

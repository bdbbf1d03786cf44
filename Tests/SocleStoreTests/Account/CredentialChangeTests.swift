// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleStore
import Testing

@Suite("Changes of credentials, on each store")
struct CredentialChangeTests {
    let start = Instant(seconds: 1_793_610_000)

    private func commit(_ store: TestStore, _ changes: any RecordChange...) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: changes, entry: nil))
    }

    private func grant(_ id: String, session: String, subject: String = "sub-1", offline: Bool = false) -> Grant {
        Grant(
            id: id, clientID: "a", subject: subject, sessionID: session,
            scopes: offline ? ["openid", "offline_access"] : ["openid"], authenticatedAt: start, acr: "eidas1",
            methods: ["pwd"], situation: nil, createdAt: start, expires: start + .hours(1))
    }

    @Test("a temporary password has its end, one's own has none, and both their beginning") func password()
        async throws
    {
        try await withStores { store in
            let records = StoredAccounts(store.database)
            let account = Account(
                subject: "sub-1", login: "marie", displayName: "M", passwordHash: "h", sealedTOTPSeed: [1])
            _ = try await commit(store, SignInChange.addAccount(account))
            #expect(try await records.account(subject: "sub-1")?.passwordSince == nil)
            let temporary = SignInChange.setPassword(
                subject: "sub-1", hash: "t", expires: start + .hours(24), at: start)
            #expect(try await commit(store, temporary) == .committed(nil), "\(store.name)")
            var read = try await records.account(subject: "sub-1")
            #expect(read?.passwordHash == "t" && read?.passwordExpires == start + .hours(24) && read?.revision == 2)
            let own = SignInChange.setPassword(
                subject: "sub-1", hash: "o", expires: nil, at: start + .hours(1))
            _ = try await commit(store, own)
            read = try await records.account(subject: "sub-1")
            #expect(read?.passwordExpires == nil && read?.passwordSince == start + .hours(1) && read?.revision == 3)
            let nobody = SignInChange.setPassword(subject: "sub-9", hash: "o", expires: nil, at: start)
            #expect(try await commit(store, nobody) == .refused(changeIndex: 0))
        }
    }

    @Test("a second factor is taken away, enrolled with the step that proved it, never for a disabled account")
    func secondFactor() async throws {
        try await withStores { store in
            let records = StoredAccounts(store.database)
            let account = Account(
                subject: "sub-1", login: "marie", displayName: "M", passwordHash: "h", sealedTOTPSeed: [1],
                lastTOTPStep: 5, secondFactorSince: start - .days(1))
            let leave = PendingEnrolment(digest: "d", expires: start + .hours(1))
            _ = try await commit(store, SignInChange.addAccount(account))
            #expect(try await records.account(subject: "sub-1")?.secondFactorSince == start - .days(1))
            let removal = SignInChange.removeSecondFactor(subject: "sub-1", leave, at: start)
            #expect(try await commit(store, removal) == .committed(nil), "\(store.name)")
            var read = try await records.account(subject: "sub-1")
            #expect(read?.sealedTOTPSeed == [] && read?.enrolment == leave && read?.revision == 2)
            let enrolment = SignInChange.setSecondFactor(
                subject: "sub-1", sealedSeed: [2], step: 9, at: start + .seconds(1))
            #expect(try await commit(store, enrolment) == .committed(nil))
            read = try await records.account(subject: "sub-1")
            #expect(read?.sealedTOTPSeed == [2] && read?.enrolment == nil && read?.lastTOTPStep == 9)
            #expect(read?.secondFactorSince == start + .seconds(1) && read?.revision == 3)
            _ = try await commit(store, SignInChange.setDisabled(subject: "sub-1", true))
            #expect(try await commit(store, enrolment) == .refused(changeIndex: 0))
            let nobody = SignInChange.removeSecondFactor(subject: "sub-9", leave, at: start)
            #expect(try await commit(store, nobody) == .refused(changeIndex: 0))
        }
    }

    @Test("every grant but one session's ends, offline ones and codes under way too, of that person alone")
    func revoked() async throws {
        try await withStores { store in
            func code(_ digest: String, session: String, subject: String = "sub-1") -> OAuthChange {
                .storeCode(
                    AuthorizationCode(
                        digest: digest, grant: grant("of-\(digest)", session: session, subject: subject, offline: true),
                        redirectURI: "https://a.example/cb", codeChallenge: nil, nonce: nil,
                        expires: start + .seconds(60)))
            }
            _ = try await commit(
                store, OAuthChange.startGrant(grant("kept", session: "here")),
                OAuthChange.startGrant(grant("other", session: "there")),
                OAuthChange.startGrant(grant("offline", session: "over", offline: true)),
                OAuthChange.startGrant(grant("foreign", session: "x", subject: "sub-2")),
                code("c-here", session: "here"), code("c-there", session: "there"),
                code("c-foreign", session: "x", subject: "sub-2"))
            let change = OAuthChange.revokeGrants(subject: "sub-1", exceptSession: "here", at: start)
            #expect(try await commit(store, change) == .committed(nil))
            let records = StoredActivity(store.database)
            #expect(try await records.openGrants(of: "sub-1", at: start).map(\.id) == ["kept"], "\(store.name)")
            #expect(try await records.openGrants(of: "sub-2", at: start).map(\.id) == ["foreign"])
            for (digest, works) in [("c-here", true), ("c-there", false), ("c-foreign", true)] {
                let outcome = try await commit(store, OAuthChange.redeemCode(digest: digest, at: start))
                #expect((outcome == .committed(nil)) == works, "\(digest)")
            }
            _ = try await commit(store, OAuthChange.revokeGrants(subject: "sub-1", exceptSession: nil, at: start))
            #expect(try await records.openGrants(of: "sub-1", at: start).isEmpty)
        }
    }
}

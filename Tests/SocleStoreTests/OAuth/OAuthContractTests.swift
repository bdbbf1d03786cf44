// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore
import Testing

@Suite("Client, code and grant records · contract")
struct OAuthContractTests {
    private let now = Instant(seconds: 1_793_610_000)

    private let client = Client(
        id: "app", name: "Application", authentication: .basic, sealedSecret: [1, 2, 3],
        redirectURIs: ["https://app.example/cb", "http://localhost:3000/cb"],
        postLogoutRedirectURIs: ["https://app.example/bye"], grantTypes: [.authorizationCode, .refreshToken],
        scopes: ["openid", "profile"], idTokenAlgorithm: .es256, metadata: OAuthContractTests.metadata)

    private static let metadata = {
        var metadata = ClientMetadata()
        metadata.isThirdParty = true
        metadata.logoURI = "https://app.example/logo.png"
        metadata.keys = ["keys": [["kty": "OKP"]]]
        metadata.requestURIs = ["https://app.example/request#1"]
        metadata.userInfoAlgorithm = .es256
        metadata.defaultMaximumAge = 600
        return metadata
    }()

    private static let terms = {
        var terms = GrantTerms()
        terms.pairwiseSubject = "pair-1"
        terms.claims.userInfo = ["name": .init(isEssential: true), "email": .init()]
        terms.resources = ["https://api.example/"]
        return terms
    }()

    private let account = Account(
        subject: "sub-1", login: "anne", displayName: "Anne", passwordHash: "x", sealedTOTPSeed: [1])

    private var session: Session {
        Session(
            id: "session-1", cookieDigest: "d", subject: "sub-1", authenticatedAt: now, methods: ["pwd", "otp"],
            acr: "eidas1", lastSeen: now, expires: now + .hours(8))
    }

    private func grant(_ id: String = "grant-1", expires: Instant? = nil) -> Grant {
        Grant(
            id: id, clientID: "app", subject: "sub-1", sessionID: "session-1", scopes: ["openid", "profile"],
            authenticatedAt: now, acr: "eidas1", methods: ["pwd", "otp"], situation: "750000001",
            terms: Self.terms, createdAt: now, expires: expires ?? now + .hours(8))
    }

    private func code(_ digest: String = "code-1") -> AuthorizationCode {
        AuthorizationCode(
            digest: digest, grant: grant(), redirectURI: "https://app.example/cb", codeChallenge: "c", nonce: nil,
            expires: now + .seconds(60))
    }

    private func token(_ digest: String = "token-1") -> RefreshToken {
        RefreshToken(
            digest: digest, grantID: "grant-1", clientID: "app", createdAt: now, expires: now + .hours(1))
    }

    private func apply(_ changes: [any RecordChange], _ store: TestStore) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: changes, entry: nil))
    }

    private func commit(_ store: TestStore, _ changes: any RecordChange...) async throws {
        #expect(try await apply(changes, store) == .committed(nil), "\(store.name)")
    }

    private func refused(_ store: TestStore, _ change: OAuthChange) async throws {
        #expect(try await apply([change], store) == .refused(changeIndex: 0), "\(store.name): \(change)")
    }

    /// A store with one client, account, session and started grant.
    private func withGrant(_ body: (TestStore, StoredGrants) async throws -> Void) async throws {
        try await withStores { store in
            try await commit(
                store, OAuthChange.createClient(client), SignInChange.addAccount(account),
                SignInChange.startSession(session), OAuthChange.startGrant(grant()))
            try await body(store, StoredGrants(store.database))
        }
    }

    @Test("a client comes back as it was registered, and only once") func client() async throws {
        try await withStores { store in
            let clients = StoredClients(store.database)
            #expect(try await clients.client("app") == nil)
            try await commit(store, OAuthChange.createClient(client))
            var expected = client
            expected.revision = 1
            #expect(try await clients.client("app") == expected)
            #expect(try await clients.clients(after: nil, limit: 10) == [expected])
            #expect(try await clients.clients(after: "app", limit: 10) == [])
            try await refused(store, .createClient(client))
        }
    }

    @Test("a client is replaced whole, origins too, and removed with its grants' standing") func replaceAndRemove()
        async throws
    {
        try await withGrant { store, grants in
            let clients = StoredClients(store.database)
            var other = client
            other.name = "Renamed"
            other.redirectURIs = ["https://new.example/cb"]
            other.metadata = ClientMetadata()
            other.disabled = true
            try await commit(store, OAuthChange.replaceClient(other))
            other.disabled = false
            other.revision = 2
            #expect(try await clients.client("app") == other)
            #expect(try await clients.isRegistered(origin: "https://new.example"))
            #expect(try await !clients.isRegistered(origin: "https://app.example"))
            try await commit(store, OAuthChange.removeClient(id: "app"))
            #expect(try await clients.client("app") == nil)
            #expect(try await !grants.standing(ofGrant: "grant-1", client: "app").stands(at: now))
            try await refused(store, .removeClient(id: "app"))
            try await refused(store, .replaceClient(other))
        }
    }

    @Test("CVE-2026-90997: an assertion is used once, an initial access token as often as it says, never at once more")
    func usedOnce() async throws {
        try await withStores { store in
            let tokens = StoredInitialAccessTokens(store.database)
            let given = InitialAccessToken(digest: "t-1", label: "editor", expires: now + .days(1), uses: 5)
            try await commit(store, OAuthChange.addInitialAccessToken(given))
            #expect(try await tokens.initialAccessToken("t-1") == given)
            try await refused(store, .useInitialAccessToken(digest: "t-1", at: now + .days(1)))
            try await refused(store, .useInitialAccessToken(digest: "t-2", at: now))
            for (change, expected) in [
                (OAuthChange.useInitialAccessToken(digest: "t-1", at: now), 5),
                (.useAssertion(clientID: "app", digest: "j-1", expires: now + .minutes(1)), 1),
            ] {
                let wins = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<20 {
                        group.addTask { (try? await apply([change], store)) == .committed(nil) }
                    }
                    return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(wins == expected, "\(store.name)")
            }
            try await commit(store, OAuthChange.useAssertion(clientID: "b", digest: "j-1", expires: now + .minutes(1)))
            // Forgotten after it has expired, not before.
            let early = try await apply([OAuthChange.deleteExpired(before: now + .minutes(1), limit: 1000)], store)
            #expect(early == .refused(changeIndex: 0))
            try await refused(store, .useAssertion(clientID: "app", digest: "j-1", expires: now + .minutes(9)))
            try await commit(store, OAuthChange.deleteExpired(before: now + .minutes(2), limit: 1000))
            try await commit(
                store, OAuthChange.useAssertion(clientID: "app", digest: "j-1", expires: now + .minutes(9)))
        }
    }

    @Test("consent is remembered as last given, and withdrawn with every grant to that application") func consent()
        async throws
    {
        try await withGrant { store, grants in
            let consents = StoredConsents(store.database)
            var given = ApplicationConsent(
                subject: "sub-1", clientID: "app", scopes: ["openid", "email"], claims: ["name"], givenAt: now)
            try await commit(store, OAuthChange.giveConsent(given))
            #expect(try await consents.consent(of: "sub-1", to: "app") == given)
            given.scopes = ["openid"]
            given.claims = []
            given.givenAt = now + .seconds(1)
            try await commit(store, OAuthChange.giveConsent(given))
            #expect(try await consents.consents(of: "sub-1") == [given])
            #expect(try await consents.consent(of: "sub-2", to: "app") == nil)
            let before = try await grants.standing(ofGrant: "grant-1", client: "app")
            #expect(before.stands(at: now))
            let withdrawal = OAuthChange.withdrawConsent(subject: "sub-1", clientID: "app", at: now)
            try await commit(store, withdrawal)
            #expect(try await consents.consents(of: "sub-1") == [])
            let after = try await grants.standing(ofGrant: "grant-1", client: "app")
            #expect(!after.stands(at: now) && after.stamp != before.stamp)
            try await refused(store, withdrawal)
        }
    }

    @Test("metadata or terms that this version does not know are refused, not dropped · CVE-2026-107623")
    func unknownMembers() async throws {
        try await withGrant { store, grants in
            let clients = StoredClients(store.database)
            for change in [
                "UPDATE clients SET metadata = '{\"socle_require_something\":true}'" as Statement,
                "UPDATE grants SET terms = '{\"only_on_tuesdays\":true}'",
            ] {
                try store.database.write { connection throws(StoreError) in _ = try connection.execute(change) }
            }
            await #expect(throws: RecordsUnavailable.self) { try await clients.client("app") }
            await #expect(throws: RecordsUnavailable.self) {
                try await grants.standing(ofGrant: "grant-1", client: "app")
            }
        }
    }

    @Test("an origin is known while an enabled client has it") func origins() async throws {
        try await withStores { store in
            let clients = StoredClients(store.database)
            try await commit(store, OAuthChange.createClient(client))
            #expect(try await clients.isRegistered(origin: "https://app.example"))
            #expect(try await clients.isRegistered(origin: "http://localhost:3000"))
            #expect(try await !clients.isRegistered(origin: "http://localhost"))
            try await commit(store, OAuthChange.disableClient(id: "app"))
            #expect(try await !clients.isRegistered(origin: "https://app.example"))
            let disabled = try #require(try await clients.client("app"))
            #expect(disabled.disabled && disabled.revision == 2)
            try await refused(store, .disableClient(id: "nobody"))
        }
    }

    @Test("a code comes back whole, and is redeemed once, before it expires") func redeem() async throws {
        try await withGrant { store, grants in
            try await commit(store, OAuthChange.storeCode(code()))
            let found = try #require(try await grants.code("code-1"))
            #expect(found.code == code() && found.standing.stands(at: now))
            #expect(try await grants.code("code-2") == nil)
            try await refused(store, .redeemCode(digest: "code-1", at: now + .seconds(60)))
            try await refused(store, .redeemCode(digest: "code-2", at: now))
            try await commit(store, OAuthChange.redeemCode(digest: "code-1", at: now))
            try await refused(store, .redeemCode(digest: "code-1", at: now))
            #expect(try await grants.code("code-1")?.code.redeemedAt == now)
        }
    }

    @Test("of many redemptions at once exactly one wins") func race() async throws {
        try await withGrant { store, _ in
            try await commit(store, OAuthChange.storeCode(code()), OAuthChange.storeRefreshToken(token()))
            for change in [
                OAuthChange.redeemCode(digest: "code-1", at: now), .useUpRefreshToken(digest: "token-1", at: now),
            ] {
                let wins = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            let outcome = try? await store.lane.commit(Submission(changes: [change], entry: nil))
                            return outcome == .committed(nil)
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(wins == 1, "\(store.name)")
            }
        }
    }

    @Test("a refused change undoes the whole submission") func together() async throws {
        try await withGrant { store, grants in
            let outcome = try await apply(
                [OAuthChange.storeRefreshToken(token()), OAuthChange.redeemCode(digest: "none", at: now)], store)
            #expect(outcome == .refused(changeIndex: 1))
            #expect(try await grants.refreshToken("token-1") == nil)
        }
    }

    @Test("a refresh token is used up once, or kept with a new end") func refresh() async throws {
        try await withGrant { store, grants in
            try await commit(
                store, OAuthChange.storeRefreshToken(token()), OAuthChange.storeRefreshToken(token("token-2")))
            let found = try #require(try await grants.refreshToken("token-1"))
            #expect(found.token == token() && found.standing.grant == grant())
            try await commit(store, OAuthChange.useUpRefreshToken(digest: "token-1", at: now))
            try await refused(store, .useUpRefreshToken(digest: "token-1", at: now))
            try await refused(store, .keepRefreshToken(digest: "token-1", at: now, until: now + .hours(2)))
            #expect(try await grants.refreshToken("token-1")?.token.usedAt == now)

            try await commit(store, OAuthChange.keepRefreshToken(digest: "token-2", at: now, until: now + .hours(2)))
            #expect(try await grants.refreshToken("token-2")?.token.expires == now + .hours(2))
            try await refused(store, .keepRefreshToken(digest: "token-2", at: now + .hours(2), until: now + .hours(9)))
        }
    }

    @Test("a grant stands until it is revoked, or what it rests on ends") func standing() async throws {
        let ends: [any RecordChange] = [
            OAuthChange.revokeGrant(id: "grant-1", at: now), OAuthChange.disableClient(id: "app"),
            SignInChange.setDisabled(subject: "sub-1", true), SignInChange.endSession(id: "session-1", at: now),
        ]
        for end in ends {
            try await withGrant { store, grants in
                let before = try await grants.standing(ofGrant: "grant-1", client: "app")
                #expect(before.stands(at: now) && before.stamp.revisions.count == 4)
                #expect(try await !grants.standing(ofGrant: "grant-1", client: "other").stands(at: now))
                try await commit(store, end)
                let after = try await grants.standing(ofGrant: "grant-1", client: "app")
                #expect(!after.stands(at: now), "\(store.name): \(end)")
                // The answer that rested on the first reading must notice: the revisions moved in the same commit.
                #expect(after.stamp != before.stamp, "\(store.name): \(end)")
            }
        }
    }

    @Test("what is kept in memory ends with the next request, whichever process ended it") func keptInMemory()
        async throws
    {
        let ends: [any RecordChange] = [
            OAuthChange.revokeGrant(id: "grant-1", at: now), OAuthChange.disableClient(id: "app"),
            SignInChange.setDisabled(subject: "sub-1", true), SignInChange.endSession(id: "session-1", at: now),
        ]
        for end in ends {
            try await withGrant { store, grants in
                let clients = StoredClients(store.database)
                let elsewhere = try await store.openLane(seed: 9)
                for _ in 0..<2 {
                    #expect(try await grants.standing(ofGrant: "grant-1", client: "app").stands(at: now))
                    #expect(try await grants.standing(ofClientToken: "jti-1", client: "app").stands)
                    #expect(try await clients.client("app")?.disabled == false)
                }
                let ended = try await elsewhere.commit(Submission(changes: [end], entry: nil))
                #expect(ended == .committed(nil))
                #expect(
                    try await !grants.standing(ofGrant: "grant-1", client: "app").stands(at: now),
                    "\(store.name): \(end)")
                let disabled = if case OAuthChange.disableClient = end { true } else { false }
                #expect(try await grants.standing(ofClientToken: "jti-1", client: "app").stands == !disabled)
                #expect(try await clients.client("app")?.disabled == disabled)
                await elsewhere.close()
            }
        }
    }

    @Test("what ended and began again is read again, and what was not there is looked for again") func backAgain()
        async throws
    {
        try await withGrant { store, grants in
            #expect(try await grants.standing(ofGrant: "grant-1", client: "app").stands(at: now))
            try await commit(store, SignInChange.setDisabled(subject: "sub-1", true))
            #expect(try await !grants.standing(ofGrant: "grant-1", client: "app").stands(at: now))
            try await commit(store, SignInChange.setDisabled(subject: "sub-1", false))
            #expect(try await grants.standing(ofGrant: "grant-1", client: "app").stands(at: now))

            #expect(try await grants.standing(ofGrant: "grant-2", client: "app").grant == nil)
            try await commit(store, OAuthChange.startGrant(grant("grant-2")))
            #expect(try await grants.standing(ofGrant: "grant-2", client: "app").stands(at: now))
            let clients = StoredClients(store.database)
            #expect(try await clients.client("later") == nil)
            var later = client
            later.id = "later"
            try await commit(store, OAuthChange.createClient(later))
            #expect(try await clients.client("later")?.id == "later")
        }
    }

    @Test("a stamp stands while every one of its records has the revision it was read at", arguments: [1, 3, 8, 9, 70])
    func stands(count: Int) async throws {
        try await withStores { store in
            try await commit(store, OAuthChange.createClient(client))
            var stamp = Stamp([RecordKey(.client, "app"): 1])
            for index in 1..<max(2, count) { stamp.revisions[RecordKey(.patient, "p\(index)")] = 0 }
            #expect(try await store.database.stands(stamp))
            #expect(try await store.database.stands(Stamp()))
            for record in stamp.revisions {
                var other = stamp
                other.revisions[record.key] = record.value + 1
                let found = try await store.database.stands(other)
                #expect(!found, "\(store.name): \(record.key)")
            }
        }
    }

    @Test("an answer that rests on a grant revoked meanwhile is not committed") func stamped() async throws {
        try await withGrant { store, grants in
            let stamp = try await grants.standing(ofGrant: "grant-1", client: "app").stamp
            try await commit(store, OAuthChange.revokeGrant(id: "grant-1", at: now))
            let outcome = try await store.lane.commit(
                Submission(changes: [OAuthChange.storeRefreshToken(token())], entry: nil, stamp: stamp))
            #expect(outcome == .conflict(RecordKey(.grant, "grant-1")))
        }
    }

    @Test("a client's own token stands until it is revoked or the client disabled") func clientToken() async throws {
        try await withGrant { store, grants in
            #expect(try await grants.standing(ofClientToken: "jti-1", client: "app").stands)
            #expect(try await !grants.standing(ofClientToken: "jti-1", client: "nobody").stands)
            let revoke = OAuthChange.revokeClientToken(
                grantID: "jti-1", clientID: "app", at: now, expires: now + .minutes(5))
            try await commit(store, revoke, revoke)
            let revoked = try await grants.standing(ofClientToken: "jti-1", client: "app")
            #expect(!revoked.stands && revoked.stamp.revisions[RecordKey(.grant, "jti-1")] ?? 0 > 0)
            #expect(try await grants.standing(ofClientToken: "jti-2", client: "app").stands)
            try await commit(store, OAuthChange.disableClient(id: "app"))
            #expect(try await !grants.standing(ofClientToken: "jti-2", client: "app").stands)
        }
    }

    @Test("what expired is deleted, a bounded number at a time") func expiry() async throws {
        try await withGrant { store, grants in
            try await commit(
                store, OAuthChange.storeCode(code()), OAuthChange.storeCode(code("code-2")),
                OAuthChange.storeRefreshToken(token()),
                OAuthChange.deleteExpired(before: now + .seconds(61), limit: 1))
            let left = [try await grants.code("code-1") == nil, try await grants.code("code-2") == nil]
            #expect(left.contains(true) && left.contains(false))
            #expect(try await grants.refreshToken("token-1") != nil)
            try await commit(store, OAuthChange.deleteExpired(before: now + .days(1), limit: 1000))
            #expect(try await grants.refreshToken("token-1") == nil)
            #expect(try await grants.standing(ofGrant: "grant-1", client: "app").grant == nil)
        }
    }
}

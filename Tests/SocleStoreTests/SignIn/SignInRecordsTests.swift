// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleOIDC
import SocleStore
import Testing

@Suite("Sign-in records, on each store")
struct SignInRecordsTests {
    let start = Instant(seconds: 1_793_610_000)

    func newAccount(_ subject: String = "sub-1", login: String = "marie") -> Account {
        Account(
            subject: subject, login: login, displayName: "Marie É", passwordHash: "$argon2id$x",
            sealedTOTPSeed: [0, 1, 255], lastTOTPStep: 7, professional: ProfessionalIdentifier("899700100022"),
            adminRoles: ["matrix", "reader"], contact: contact)
    }

    private var contact: ContactDetails {
        var contact = ContactDetails()
        contact.email = "marie@example.fr"
        contact.emailVerified = true
        contact.address = ["locality": "Meaux", "postal_code": "77100"]
        return contact
    }

    func newSession(_ id: String = "sid-1", cookie: String = "digest-1") -> Session {
        Session(
            id: id, cookieDigest: cookie, subject: "sub-1", authenticatedAt: start, methods: ["pwd", "otp"],
            acr: "eidas1", situation: nil, lastSeen: start, expires: start + .hours(10))
    }

    func commit(_ store: TestStore, _ changes: SignInChange...) async throws -> CommitOutcome {
        try await store.lane.commit(Submission(changes: changes, entry: nil))
    }

    @Test("an account is read back by login and subject, with its revision") func readBack() async throws {
        try await withStores { store in
            let records = StoredAccounts(store.database)
            #expect(try await commit(store, .addAccount(newAccount())) == .committed(nil))
            var expected = newAccount()
            expected.revision = 1
            #expect(try await records.account(subject: "sub-1") == expected, "\(store.name)")
            let login = try #require(Login(" Marie "))
            #expect(try await records.account(login: login) == expected)
            #expect(try await records.account(subject: "sub-2") == nil)
            #expect(try await records.accounts(after: nil, limit: 10) == [expected])
            #expect(try await records.accounts(after: Login("marie"), limit: 10) == [])
        }
    }

    @Test("a login or a subject is given once") func taken() async throws {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()))
            #expect(
                try await commit(store, .addAccount(newAccount("sub-2"))) == .refused(changeIndex: 0), "\(store.name)")
            let other = newAccount(login: "paul")
            #expect(try await commit(store, .addAccount(other)) == .refused(changeIndex: 0))
        }
    }

    @Test("disabling and a new password bump the account; nobody's is refused") func disabled() async throws {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()))
            _ = try await commit(
                store, .setDisabled(subject: "sub-1", true),
                .setPassword(subject: "sub-1", hash: "h", expires: nil, at: start))
            let read = try await StoredAccounts(store.database).account(subject: "sub-1")
            #expect(read?.disabled == true && read?.passwordHash == "h" && read?.revision == 3, "\(store.name)")
            #expect(try await commit(store, .setDisabled(subject: "no", true)) == .refused(changeIndex: 0))
        }
    }

    @Test("a code's step is accepted once, never an earlier one, never of a disabled account") func step() async throws
    {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()))
            #expect(try await commit(store, .acceptCode(subject: "sub-1", step: 7)) == .refused(changeIndex: 0))
            #expect(try await commit(store, .acceptCode(subject: "sub-1", step: 8)) == .committed(nil), "\(store.name)")
            #expect(try await commit(store, .acceptCode(subject: "sub-1", step: 8)) == .refused(changeIndex: 0))
            #expect(try await commit(store, .acceptCode(subject: "sub-1", step: 6)) == .refused(changeIndex: 0))
            _ = try await commit(store, .setDisabled(subject: "sub-1", true))
            #expect(try await commit(store, .acceptCode(subject: "sub-1", step: 9)) == .refused(changeIndex: 0))
        }
    }

    @Test("of two submissions with one code, one wins and the other leaves nothing") func race() async throws {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()))
            let outcomes = try await withThrowingTaskGroup(of: CommitOutcome.self) { group in
                for index in 0..<8 {
                    let session = newSession("sid-\(index)", cookie: "digest-\(index)")
                    group.addTask {
                        try await commit(store, .acceptCode(subject: "sub-1", step: 9), .startSession(session))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.filter { $0 == .committed(nil) }.count == 1, "\(store.name)")
            var sessions = 0
            for index in 0..<8 where try await StoredSessions(store.database).session(id: "sid-\(index)") != nil {
                sessions += 1
            }
            #expect(sessions == 1)
        }
    }

    @Test("a session is found by its cookie with its account, until the cookie is replaced") func found() async throws {
        try await withStores { store in
            let records = StoredSessions(store.database)
            _ = try await commit(store, .addAccount(newAccount()), .startSession(newSession()))
            let found = try #require(try await records.session(cookieDigest: "digest-1"))
            #expect(found.account.subject == "sub-1" && found.session.revision == 1, "\(store.name)")
            var renewed = newSession(cookie: "digest-2")
            renewed.authenticatedAt = start + .minutes(5)
            _ = try await commit(store, .renewSession(renewed))
            #expect(try await records.session(cookieDigest: "digest-1") == nil)
            renewed.revision = 2
            #expect(try await records.session(cookieDigest: "digest-2")?.session == renewed)
        }
    }

    @Test("another person's session is never renewed, nor an ended one") func renewal() async throws {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()), .startSession(newSession()))
            var stolen = newSession(cookie: "digest-2")
            stolen.subject = "sub-2"
            #expect(try await commit(store, .renewSession(stolen)) == .refused(changeIndex: 0), "\(store.name)")
            _ = try await commit(store, .endSession(id: "sid-1", at: start))
            #expect(try await commit(store, .renewSession(newSession())) == .refused(changeIndex: 0))
            #expect(
                try await commit(store, .chooseSituation(sessionID: "sid-1", situation: "s"))
                    == .refused(changeIndex: 0))
            #expect(try await commit(store, .endSession(id: "sid-1", at: start)) == .refused(changeIndex: 0))
            #expect(try await StoredSessions(store.database).session(id: "sid-1")?.endedAt == start)
        }
    }

    @Test("choosing bumps the session; being seen does not, and never goes back") func seen() async throws {
        try await withStores { store in
            _ = try await commit(store, .addAccount(newAccount()), .startSession(newSession()))
            _ = try await commit(
                store, .chooseSituation(sessionID: "sid-1", situation: "s-2"),
                .touchSession(id: "sid-1", at: start + .minutes(2)), .touchSession(id: "sid-1", at: start))
            let read = try await StoredSessions(store.database).session(id: "sid-1")
            #expect(read?.situation == "s-2" && read?.revision == 2, "\(store.name)")
            #expect(read?.lastSeen == start + .minutes(2))
        }
    }

    @Test("an interaction is read back whole, updated, and ended once") func interaction() async throws {
        try await withStores { store in
            let records = StoredInteractions(store.database)
            var interaction = Interaction(
                id: "i-1", browserDigest: "b",
                request: AuthorizationRequest(
                    clientID: "app", redirectURI: "https://app.example/cb?x=1", scopes: ["openid", "profile"],
                    state: "é\"\\", nonce: "n", codeChallenge: "c", prompts: [.login, .consent], maximumAge: 0,
                    loginHint: "marie", acrValues: ["eidas1"], uiLocales: ["en", "fr"], hintedSubject: "sub-1"),
                createdAt: start, expires: start + .minutes(30))
            _ = try await commit(store, .saveInteraction(interaction))
            #expect(try await records.interaction(id: "i-1") == interaction, "\(store.name)")
            interaction.passwordGivenBy = "sub-1"
            interaction.passwordGivenAt = start
            interaction.codeGivenAt = start + .seconds(20)
            interaction.sessionID = "sid-1"
            interaction.authenticatedHere = true
            _ = try await commit(store, .saveInteraction(interaction))
            #expect(try await records.interaction(id: "i-1") == interaction)
            #expect(try await commit(store, .endInteraction(id: "i-1")) == .committed(nil))
            #expect(try await commit(store, .endInteraction(id: "i-1")) == .refused(changeIndex: 0))
            #expect(try await records.interaction(id: "i-1") == nil)
        }
    }

    @Test("failures add up per pair, account and address, within the window") func failures() async throws {
        try await withStores { store in
            let records = StoredFailures(store.database)
            func fail(_ account: String, _ address: String, at instant: Instant) async throws {
                let minute = FailureCount.minute(of: instant)
                _ = try await commit(
                    store,
                    .countFailure(
                        FailureCount(account: account, address: address, minute: minute, count: 1, last: instant)))
            }
            try await fail("a", "x", at: start - .minutes(20))
            try await fail("a", "x", at: start)
            try await fail("a", "x", at: start + .seconds(1))
            try await fail("a", "y", at: start + .minutes(1))
            try await fail("b", "x", at: start + .minutes(2))
            let recent = try await records.recent(account: "a", address: "x", since: start - .minutes(1))
            #expect(recent.pair == .init(count: 2, last: start + .seconds(1)), "\(store.name)")
            #expect(recent.account == .init(count: 3, last: start + .minutes(1)))
            #expect(recent.address == .init(count: 3, last: start + .minutes(2)))
            let none = try await records.recent(account: "c", address: "z", since: start)
            #expect(none == RecentFailures())
        }
    }

    @Test("each failure reaches the journal once, in one entry a minute, however late it was counted")
    func reported() async throws {
        try await withStores { store in
            let upkeep = SignInUpkeep(failures: StoredFailures(store.database), lane: store.lane)
            let throttle = StoredFailureThrottle(records: StoredFailures(store.database), lane: store.lane)
            for _ in 0..<3 { try await throttle.failed(account: "a", address: "x", at: start) }
            #expect(try await upkeep.reportFailures(now: start) == 0, "\(store.name)")
            #expect(try await upkeep.reportFailures(now: start + .minutes(1)) == 1)
            #expect(try await upkeep.reportFailures(now: start + .minutes(2)) == 0)
            try await throttle.failed(account: "a", address: "x", at: start)
            #expect(try await upkeep.reportFailures(now: start + .minutes(2)) == 1)
            let told = try await store.database.integer(
                "SELECT COUNT(*) FROM journal_entries WHERE kind = $1", [.text("sign_in")])
            #expect(told == 2)
            #expect(try await throttle.wait(account: "a", address: "x", at: start) == nil)
            try await throttle.failed(account: "a", address: "x", at: start)
            #expect(try await throttle.wait(account: "a", address: "x", at: start) == .seconds(5))
        }
    }

    @Test("attempts under way count as failures, for the pair, the account and the address") func underWay()
        async throws
    {
        try await withStores { store in
            let records = StoredFailures(store.database)
            func throttle() -> StoredFailureThrottle { StoredFailureThrottle(records: records, lane: store.lane) }
            let pair = throttle()
            for _ in 0..<5 { #expect(try await pair.begin(account: "a", address: "x", at: start) == nil) }
            #expect(try await pair.begin(account: "a", address: "x", at: start) == .seconds(5), "\(store.name)")
            #expect(try await pair.begin(account: "a", address: "y", at: start) == nil)
            for _ in 0..<6 { pair.end(account: "a", address: "x") }
            #expect(try await pair.begin(account: "a", address: "x", at: start) == nil)
            let account = throttle()
            for index in 0..<20 {
                #expect(try await account.begin(account: "a", address: "x\(index)", at: start) == nil)
            }
            #expect(try await account.begin(account: "a", address: "y", at: start) == .seconds(5))
            let address = throttle()
            for index in 0..<100 {
                #expect(try await address.begin(account: "a\(index)", address: "x", at: start) == nil)
            }
            #expect(try await address.begin(account: "b", address: "x", at: start) == .seconds(5))
            // One at a time once the failures counted are as many as go free.
            let late = throttle()
            for _ in 0..<5 { try await late.failed(account: "c", address: "z", at: start) }
            #expect(try await late.begin(account: "c", address: "z", at: start + .seconds(5)) == nil)
            #expect(try await late.begin(account: "c", address: "z", at: start + .seconds(5)) == .seconds(5))
        }
    }

    /// That many, over after half an hour.
    private func newInteractions(_ count: Int) -> [SignInChange] {
        (0..<count).map { index in
            .saveInteraction(
                Interaction(
                    id: "i-\(index)", browserDigest: "b", request: .home, createdAt: start,
                    expires: start + .minutes(30)))
        }
    }

    @Test("the upkeep deletes until nothing is left that is over") func upkeepKeepsUp() async throws {
        try await withStores { store in
            let interactions = newInteractions(2500)
            _ = try await store.lane.commit(Submission(changes: interactions, entry: nil))
            try await SignInUpkeep(failures: StoredFailures(store.database), lane: store.lane)
                .deleteExpired(now: start + .hours(2))
            #expect(try await store.database.integer("SELECT COUNT(*) FROM interactions") == 0, "\(store.name)")
        }
    }

    @Test("one step deletes a thousand rows at most, of all kinds together") func stepOfExpiry() async throws {
        try await withStores { store in
            let interactions = newInteractions(700)
            let failures = (0..<700).flatMap { index in
                let told = FailureCount(account: "a-\(index)", address: "x", minute: 1, count: 1, last: start)
                return [SignInChange.countFailure(told), .reportFailures(told)]
            }
            _ = try await store.lane.commit(Submission(changes: interactions + failures, entry: nil))
            func left() async throws -> Int64 {
                var rows: Int64 = 0
                for table in ["interactions", "sign_in_failures"] {
                    rows += try await store.database.integer(Statement("SELECT COUNT(*) FROM \(table)")) ?? 0
                }
                return rows
            }
            #expect(try await left() == 1400)
            for expected in [400, 0] as [Int64] {
                // More than a step takes is asked for.
                _ = try await commit(store, .deleteExpired(before: start + .hours(1), limit: 5000))
                #expect(try await left() == expected, "\(store.name)")
            }
        }
    }

    @Test("what is over is deleted, what the journal does not tell of yet is kept") func deleted() async throws {
        try await withStores { store in
            let interaction = Interaction(
                id: "i-1", browserDigest: "b", request: .home, createdAt: start, expires: start + .minutes(30))
            _ = try await commit(
                store, .addAccount(newAccount()), .startSession(newSession()), .saveInteraction(interaction))
            let untold = FailureCount(account: "a", address: "x", minute: 1, count: 1, last: start)
            let told = FailureCount(account: "b", address: "x", minute: 1, count: 1, last: start)
            _ = try await commit(store, .countFailure(untold), .countFailure(told), .reportFailures(told))
            _ = try await commit(store, .deleteExpired(before: start + .hours(1), limit: 1000))
            #expect(try await StoredInteractions(store.database).interaction(id: "i-1") == nil, "\(store.name)")
            #expect(try await StoredSessions(store.database).session(id: "sid-1") != nil)
            #expect(try await StoredFailures(store.database).unreported(beforeMinute: 2, limit: 10) == [untold])
            #expect(try await store.database.integer("SELECT COUNT(*) FROM sign_in_failures") == 1)
            _ = try await commit(store, .deleteExpired(before: start + .hours(11), limit: 1000))
            #expect(try await StoredSessions(store.database).session(id: "sid-1") == nil)
        }
    }
}

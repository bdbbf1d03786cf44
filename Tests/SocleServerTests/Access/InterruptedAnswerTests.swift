// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

@Suite("Freshness · DESIGN 4.4: whatever changes between facts and journal is in the answer of every call")
struct InterruptedAnswerTests {
    @Test("each record that a call looks at, changed in turn", arguments: Wing.calls)
    func everyRecord(_ call: Wing.Call) async throws {
        let wing = try Wing()
        let interruptions = Interruptions()
        try await AccessFixture.with(now: Ward.now, decidingThrough: interruptions.before) { fixture in
            try await wing.load(fixture)
            let before = try await fixture.told(call)
            #expect(!before.isEmpty, "\(call.name): nothing to change")
            let looked = try #require(try await fixture.lastEntry()["revisions"]?.object)
            for change in wing.changes(asking: call.client) {
                let key = "\(change.key.kind.rawValue)/\(change.key.id)"
                #expect(!call.rests.contains(change.name) || looked[key] != nil, "\(call.name) rests on \(key)")
                interruptions.plan([change.made])
                let answer = try await fixture.told(call)
                #expect(interruptions.areOver, "\(call.name): \(change.name) was not made")
                let revisions = try #require(try await fixture.lastEntry()["revisions"]?.object)
                // The same question, once the change was acknowledged.
                #expect(try await fixture.told(call) == answer, "\(call.name) from before: \(change.name)")
                #expect(
                    (answer != before) == call.rests.contains(change.name), "\(call.name): \(change.name) \(answer)")
                for (name, revision) in revisions.members {
                    let now = try await fixture.revision(of: name)
                    #expect(revision.integer == now, "\(call.name): \(name) when \(change.name)")
                }
                try await fixture.write([change.undone])
                #expect(try await fixture.told(call) == before, "\(call.name) after \(change.name) was undone")
            }
        }
    }

    @Test("the changes are all there are, and each alters some answer; so are the records of a caller") func complete()
        throws
    {
        let changes = try Wing().changes(asking: "point-acces-pro")
        #expect(Set(changes.map(\.name)) == Set(Wing.ChangeName.allCases))
        #expect(Wing.searches.reduce(into: Set()) { $0.formUnion($1.rests) } == Set(Wing.ChangeName.allCases))
        let kinds = Set(changes.map(\.key.kind) + Withdrawal.allCases.map(\.kind) + [.episode])
        #expect(kinds == Set(RecordKey.Kind.allCases))
    }

    @Test("records that change at each attempt: a refusal, or no list at all", arguments: Wing.calls)
    func conflict(_ call: Wing.Call) async throws {
        let wing = try Wing()
        let interruptions = Interruptions()
        try await AccessFixture.with(now: Ward.now, decidingThrough: interruptions.before) { fixture in
            try await wing.load(fixture)
            let whole = try await fixture.told(call)
            interruptions.plan(Array(repeating: wing.touch(call.client), count: DecisionPoint.attempts - 1))
            #expect(try await fixture.told(call) == whole)
            #expect(interruptions.areOver)
            let entries = try await fixture.entries()
            interruptions.plan(Array(repeating: wing.touch(call.client), count: DecisionPoint.attempts))
            try await fixture.expectRefused(call, reason: "conflict", from: entries, await fixture.send(call))
        }
    }

    /// Each call of each row is a caller's of its own: what is withdrawn stays so.
    @Test("what a token rests on, withdrawn meanwhile: nothing is answered on it, and then it is dead")
    func withdrawn() async throws {
        let wing = try Wing()
        let interruptions = Interruptions()
        try await AccessFixture.with(
            now: Ward.now, decidingThrough: interruptions.before, verifying: StandingToken.verifying
        ) { fixture in
            try await wing.load(fixture)
            for withdrawal in Withdrawal.allCases {
                for (number, call) in StandingToken.calls(of: wing, person: withdrawal.isOfPerson).enumerated() {
                    let token = StandingToken("\(withdrawal)-\(number)", isOfPerson: withdrawal.isOfPerson)
                    try await fixture.write(token.records(of: wing))
                    let granted = try Wing.told(await fixture.send(call, token: token.bearer))
                    #expect(granted.contains { $0["decision"] != false }, "\(withdrawal) \(call.name): \(granted)")
                    let entries = try await fixture.entries()
                    interruptions.plan([token.change(withdrawal)])
                    let response = await fixture.send(call, token: token.bearer)
                    #expect(interruptions.areOver, "\(withdrawal)")
                    try await fixture.expectRefused(call, reason: "conflict", from: entries, response)
                    #expect(await fixture.send(call, token: token.bearer).status == .unauthorized, "\(withdrawal)")
                }
            }
        }
    }

    @Test("an emergency that another node opened meanwhile is the one cited, and the only one", arguments: [1, 2])
    func episode(questions: Int) async throws {
        let interruptions = Interruptions()
        try await AccessFixture.with(now: Ward.now, decidingThrough: interruptions.before) { fixture in
            try await Ward.load(fixture)
            let patient = try #require(PatientIdentifier("PAT-2"))
            try await fixture.write([PersonChange.patient(Patient(id: patient))])
            let address = EmergencyEpisode.Address(
                kind: .breakGlass, patient: patient, professional: try #require(ProfessionalIdentifier(Ward.nurse)),
                service: "point-acces-pro")
            interruptions.plan([
                EmergencyChange.open(
                    EmergencyEpisode(
                        id: "theirs", address: address, opened: Ward.now, until: Ward.now + .hours(1),
                        justification: "coma"))
            ])
            let question = Ward.emergency(patient: "PAT-2")
            let response = await fixture.post(
                (["evaluations": .array(Array(repeating: question, count: questions))] as JSONValue).bytes,
                to: AccessRoutes.evaluations)
            #expect(interruptions.areOver)
            let answers = try #require(try JSONValue(parsing: response.body)["evaluations"]?.array)
            #expect(
                answers.map { $0["context"]?["reason"]?.string } == Array(repeating: "break_glass", count: questions))
            #expect(answers.allSatisfy { $0["context"]?["episode"]?["id"] == "theirs" }, "\(answers)")
            let opened = try await fixture.database.rows("SELECT id FROM emergency_episodes", [])
            #expect(try opened.map { try $0.text(0) } == ["theirs"])
            let key = "episode/\(address.key)"
            #expect(try await fixture.lastEntry()["revisions"]?[key]?.integer == fixture.revision(of: key))
        }
    }
}

/// What ends a token of a person, or of an application for itself.
private enum Withdrawal: CaseIterable {
    case session, grant, account, clientOfPerson, client, clientToken

    var isOfPerson: Bool { self != .client && self != .clientToken }

    var kind: RecordKey.Kind {
        switch self {
        case .session: .session
        case .grant, .clientToken: .grant
        case .account: .account
        case .client, .clientOfPerson: .client
        }
    }
}

/// A token whose standing is read from the store at each use, with its revisions.
private struct StandingToken {
    let name: String
    let isOfPerson: Bool

    init(_ name: String, isOfPerson: Bool) {
        self.name = name
        self.isOfPerson = isOfPerson
    }

    var bearer: String { (isOfPerson ? "person~" : "client~") + name }

    /// One of each kind; a person's token finds that person alone, under the `sub` it proves.
    static func calls(of wing: Wing, person: Bool) -> [Wing.Call] {
        let kinds = ["who", "which patients of a professional", "which documents", "what may be done"]
        return [Wing.evaluation, Wing.batch] + Wing.searches.filter { kinds.contains($0.name) }
    }

    private func grant(_ wing: Wing) -> Grant {
        var terms = GrantTerms()
        terms.pairwiseSubject = "rpps:\(wing.paul.id.value)"
        return Grant(
            id: "g-\(name)", clientID: "c-\(name)", subject: "s-\(name)", sessionID: "k-\(name)",
            scopes: [Scope.evaluate], authenticatedAt: Wing.since.start, acr: "eidas1", methods: ["pwd", "otp", "mfa"],
            situation: wing.structure.id.value, terms: terms, createdAt: Wing.since.start,
            expires: Instant(seconds: 4_000_000_000))
    }

    func records(of wing: Wing) -> [any RecordChange] {
        let expires = Instant(seconds: 4_000_000_000)
        return [
            OAuthChange.createClient(
                Client(
                    id: "c-\(name)", name: "C", authentication: .basic, sealedSecret: [1], grantTypes: [], scopes: [])),
            SignInChange.addAccount(
                Account(
                    subject: "s-\(name)", login: "s-\(name)", displayName: "P", passwordHash: "x",
                    sealedTOTPSeed: [1])),
            SignInChange.startSession(
                Session(
                    id: "k-\(name)", cookieDigest: "d-\(name)", subject: "s-\(name)",
                    authenticatedAt: Wing.since.start, methods: ["pwd", "otp", "mfa"], acr: "eidas1",
                    lastSeen: Wing.since.start, expires: expires)),
            OAuthChange.startGrant(grant(wing)), wing.touch("c-\(name)"),
            PersonChange.link(AccountLink(subject: "s-\(name)", person: .professional(wing.paul.id))),
        ]
    }

    func change(_ withdrawal: Withdrawal) -> any RecordChange {
        switch withdrawal {
        case .session: SignInChange.endSession(id: "k-\(name)", at: Ward.now)
        case .grant: OAuthChange.revokeGrant(id: "g-\(name)", at: Ward.now)
        case .account: SignInChange.setDisabled(subject: "s-\(name)", true)
        case .client, .clientOfPerson: OAuthChange.disableClient(id: "c-\(name)")
        case .clientToken:
            OAuthChange.revokeClientToken(
                grantID: "t-\(name)", clientID: "c-\(name)", at: Ward.now, expires: Instant(seconds: 4_000_000_000))
        }
    }

    /// As `AccessTokenVerifier` does once the signature is known.
    static func verifying(_ database: SQLiteDatabase) -> AccessRoutes.Verification {
        let grants = StoredGrants(database)
        return { bearer throws(ProtocolError) in
            let words = bearer.split(separator: "~").map(String.init)
            guard words.count == 2, ["person", "client"].contains(words[0]) else {
                return try await TestTokens.verify(bearer)
            }
            let dead = ProtocolError(.invalidToken, "the access token is not valid")
            var claims = AccessTokenClaims(
                id: "t-\(words[1])", issuer: "https://socle.test", audience: "https://socle.test/access",
                subject: "c-\(words[1])", clientID: "c-\(words[1])", scopes: [Scope.evaluate, Scope.assert],
                issuedAt: Instant(seconds: 0), expires: Instant(seconds: 4_000_000_000), person: nil)
            guard words[0] == "person" else {
                let standing = try? await grants.standing(ofClientToken: claims.id, client: claims.clientID)
                guard let standing, standing.stands else { throw dead }
                return AccessToken(claims: claims, stamp: standing.stamp)
            }
            let standing = try? await grants.standing(ofGrant: "g-\(words[1])", client: claims.clientID)
            guard let standing, let grant = standing.grant, standing.stands(at: Ward.now) else { throw dead }
            claims.subject = grant.issuedSubject
            claims.person = AccessTokenClaims.Person(grant)
            return AccessToken(claims: claims, stamp: standing.stamp, grant: grant)
        }
    }
}

extension AccessFixture {
    /// The present revision of a record, by its name in an entry.
    fileprivate func revision(of name: String) async throws -> Int64 {
        let slash = try #require(name.firstIndex(of: "/"))
        let kind = try #require(RecordKey.Kind(rawValue: String(name[..<slash])))
        let key = RecordKey(kind, String(name[name.index(after: slash)...]))
        return try await database.read { connection throws(StoreError) in try connection.revision(of: key) }
    }
}

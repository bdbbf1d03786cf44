// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import Logging
import SocleAccess
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Testing

/// A decision point on a store of its own, behind the real routes: facts are written through the lane, policies are
/// published, the clock stands where it is put.
struct AccessFixture {
    let database: SQLiteDatabase
    let lane: StoreLane
    let now: Instant
    let site: Site

    /// Page tokens under a key of the tests.
    static let tokens = PageTokens(vault: Vault(key: [UInt8](repeating: 7, count: 32)), random: .system)

    typealias Clock = @Sendable () -> Instant

    static func with(
        now: Instant, clock given: Clock? = nil,
        decidingThrough wrap: @escaping (StoreLane) -> any CommitLane = { $0 },
        verifying: (SQLiteDatabase) -> AccessRoutes.Verification = { _ in TestTokens.verify },
        failing fails: @escaping @Sendable (Reading) -> Bool = { _ in false },
        _ body: (AccessFixture) async throws -> Void
    ) async throws {
        try await with(
            now: now, clock: given,
            deciding: { database, lane, clock in
                let records = FallibleRecords(database, fails: fails)
                return RegionDecisions(
                    decisions: DecisionPoint(
                        records: records, emergencies: records, lane: wrap(lane), clock: clock),
                    search: RegionSearch(
                        records: records, index: records, lane: wrap(lane), tokens: tokens, clock: clock))
            }, verifying: verifying, body)
    }

    static func with(
        now: Instant, clock given: Clock? = nil,
        deciding: (SQLiteDatabase, StoreLane, @escaping Clock) -> any DecidesAccess,
        verifying: (SQLiteDatabase) -> AccessRoutes.Verification = { _ in TestTokens.verify },
        _ body: (AccessFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "socle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try SQLiteDatabase(path: folder.appending(path: "socle.db").path)
        try database.migrate()
        let clock = given ?? { now }
        let lane = try await StoreLane.open(
            database, signer: testSigner, random: .system, clock: clock)
        let routes = AccessRoutes(
            decisions: deciding(database, lane, clock), rate: QuestionRate(perSecond: 1_000_000),
            endpoints: Endpoints(issuer: "https://socle.test"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            verify: verifying(database))
        let fixture = AccessFixture(database: database, lane: lane, now: now, site: Site(routes: routes.routes))
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(fixture)) } catch { outcome = .failure(error) }
        await lane.close()
        try outcome.get()
    }

    /// The records of a scenario, and its matrix as the policy version in force.
    func load(_ records: ScenarioRecords, policies: PolicyText) async throws {
        try await load(
            records.people.map { $0 as any RecordChange } + records.consents.map { $0 as any RecordChange }
                + [AccessChange.register(records.registration)], matrix: records.matrix, policies: policies)
    }

    func load(_ changes: [any RecordChange], matrix: String, policies: PolicyText) async throws {
        var text = policies
        text.files["matrix.csv"] = matrix
        try await write(changes)
        let submission = try PolicyPublication.submission(
            text, number: 1, author: "author", approver: "approver", at: now)
        _ = try #require(try await lane.commit(submission).position)
    }

    func write(_ changes: [any RecordChange]) async throws {
        #expect(try await lane.commit(Submission(changes: changes, entry: nil)) == .committed(nil))
    }

    func post(
        _ body: [UInt8], to path: String = AccessRoutes.evaluation, token: String? = "app",
        type: String = "application/json", id: String? = nil
    ) async -> WebResponse {
        var headers: HTTPFields = [.contentType: type]
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let id, let name = HTTPField.Name("X-Request-ID") { headers[name] = id }
        return await site.respond(to: WebRequest(method: .post, path: path, headers: headers, body: body))
    }

    func ask(_ question: JSONValue, token: String = "app") async throws -> JSONValue {
        let response = await post(question.bytes, token: token)
        #expect(response.status == .ok)
        return try JSONValue(parsing: response.body)
    }

    /// The details of the last entry of the journal.
    func lastDetails() async throws -> JSONObject {
        try #require(try await lastEntry()["details"]?.object)
    }

    /// The last entry of the journal.
    func lastEntry() async throws -> JSONObject {
        let body = try await database.read { connection throws(StoreError) in
            try connection.row("SELECT body FROM journal_entries ORDER BY sequence DESC LIMIT 1")?.blob(0)
        }
        return try #require(body.flatMap { EntryBody.object($0) })
    }

    /// How many entries the journal holds.
    func entries() async throws -> Int64 {
        try await database.read { connection throws(StoreError) in
            try connection.row("SELECT count(*) FROM journal_entries")?.integer(0) ?? 0
        }
    }
}

private let testSigner = JournalSigner(
    keyID: "test", sign: { HMAC.sha256(key: [1], $0) },
    verify: { _, message, signature in HMAC.sha256(key: [1], message) == signature })

extension CommitOutcome {
    fileprivate var position: EntryPosition? {
        if case .committed(let position) = self { return position }
        return nil
    }
}

/// Tokens that were verified: what stands before the routes is tested with the tokens.
enum TestTokens {
    static let verify: AccessRoutes.Verification = { bearer throws(ProtocolError) in
        let words = bearer.split(separator: "~").map(String.init)
        switch words.first {
        case "app":
            return token(
                client: words.count > 1 ? words[1] : "point-acces-pro", scopes: [Scope.evaluate, Scope.assert])
        case "mute": return token(client: "point-acces-pro", scopes: [Scope.evaluate])
        case "openid": return token(client: "point-acces-pro", scopes: [Scope.openID, Scope.assert])
        case "user" where words.count > 1:
            var token = token(client: "point-acces-pro", scopes: [Scope.evaluate])
            token.claims.subject = words[1]
            token.claims.person = AccessTokenClaims.Person(
                Grant(
                    id: "g", clientID: "point-acces-pro", subject: words[1], sessionID: "s", scopes: [Scope.evaluate],
                    authenticatedAt: Instant(seconds: 0), acr: "eidas1", methods: ["pwd", "otp", "mfa"],
                    situation: words.count > 2 ? words[2] : nil, createdAt: Instant(seconds: 0),
                    expires: Instant(seconds: 4_000_000_000)))
            return token
        // `pairwise~account~sub~situation`: the client knows the person by another `sub`.
        case "pairwise" where words.count == 4:
            var terms = GrantTerms()
            terms.pairwiseSubject = words[2]
            let grant = Grant(
                id: "g", clientID: "point-acces-pro", subject: words[1], sessionID: "s", scopes: [Scope.evaluate],
                authenticatedAt: Instant(seconds: 0), acr: "eidas1", methods: ["pwd", "otp", "mfa"],
                situation: words[3], terms: terms, createdAt: Instant(seconds: 0),
                expires: Instant(seconds: 4_000_000_000))
            var claims = token(client: "point-acces-pro", scopes: [Scope.evaluate]).claims
            claims.subject = words[2]
            claims.person = AccessTokenClaims.Person(grant)
            return AccessToken(claims: claims, stamp: Stamp(), grant: grant)
        default: throw ProtocolError(.invalidToken, "the access token is not valid")
        }
    }

    private static func token(client: String, scopes: [String]) -> AccessToken {
        AccessToken(
            claims: AccessTokenClaims(
                id: "t", issuer: "https://socle.test", audience: "https://socle.test/access", subject: client,
                clientID: client, scopes: scopes, issuedAt: Instant(seconds: 0),
                expires: Instant(seconds: 4_000_000_000), person: nil),
            stamp: Stamp())
    }
}

/// The shipped policies, and the expected decisions beside the project.
enum SharedData {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func policies() throws -> PolicyText {
        let folder = root.appending(path: "Policies")
        var text = PolicyText(files: [:])
        for place in ["", "invariants/"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: place).path)
            where name.contains(".") {
                text.files[place + name] = try String(contentsOf: folder.appending(path: place + name), encoding: .utf8)
            }
        }
        return text
    }

    /// Nil when the shared data is not there: a skip, and a failure where CI says so.
    static func scenarios() throws -> [Scenario]? {
        let environment = ProcessInfo.processInfo.environment
        let folder = environment["SOCLE_VECTORS"].map { URL(filePath: $0) } ?? root.appending(path: "../shared")
        let file = folder.appending(path: "domain/scenarios.jsonl")
        guard let data = try? Data(contentsOf: file) else {
            if environment["CI"] == "true" { Issue.record("no shared data at \(file.path)") }
            print("skipped: no shared data at \(file.path); set SOCLE_VECTORS")
            return nil
        }
        return try data.split(separator: UInt8(ascii: "\n")).flatMap { try Scenario.reading(line: $0) }
    }
}

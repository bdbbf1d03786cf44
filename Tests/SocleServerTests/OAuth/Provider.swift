// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import Logging
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Synchronization
import Testing

/// A whole provider in process: SQLite, the real lane and routes; only the sign-in is replaced, by a session that is
/// already there.
final class Provider: Sendable {
    static let secret = "correct-horse-battery"
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let site: Site
    let lane: FailingLane
    let records: FailingDatabase
    let keys: TestKeyRing
    let verifier: AccessTokenVerifier
    let endpoints = Endpoints(issuer: "https://socle.example")
    let time: Clock

    /// Runs a test on a new provider.
    static func with(_ body: (Provider) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("socle-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let database = try SQLiteDatabase(path: directory + "/socle.db")
        try database.migrate()
        let start = Instant(seconds: 1_793_610_000)
        let lane = try await StoreLane.open(
            database,
            signer: JournalSigner(
                keyID: "test", sign: { HMAC.sha256(key: [1], $0) },
                verify: { _, message, signature in HMAC.sha256(key: [1], message) == signature }),
            random: .system, clock: { start })
        let provider = try await Provider(database: database, lane: lane, now: start)
        do {
            try await body(provider)
        } catch {
            await lane.close()
            throw error
        }
        await lane.close()
    }

    private init(database: SQLiteDatabase, lane: StoreLane, now start: Instant) async throws {
        let lane = FailingLane(lane)
        let records = FailingDatabase(database)
        let keys = TestKeyRing.shared
        let vault = Vault(key: [UInt8](repeating: 9, count: 32))
        let clients = StoredClients(records)
        let grants = StoredGrants(records)
        let policy = TokenPolicy()
        let authenticator = ClientAuthenticator(
            clients: clients, vault: vault,
            throttle: StoredFailureThrottle(records: StoredFailures(records), lane: lane))
        let verifier = AccessTokenVerifier(keys: keys, grants: grants, endpoints: endpoints)
        let issuer = CodeIssuer(
            applications: Applications(
                clients: clients, consents: StoredConsents(records), subjects: PairwiseSubjects(vault: vault)),
            lane: lane, endpoints: endpoints, policy: policy, random: .system)
        self.lane = lane
        self.records = records
        self.keys = keys
        self.verifier = verifier
        let time = Clock(start)
        let source = ClaimsSource { subject, _ throws(RecordsUnavailable) in
            subject == "sub-1"
                ? PersonClaims(
                    name: "Anne Petit", givenName: "Anne", familyName: "Petit",
                    national: ["SubjectNameID": "899700100022", "sub": "forged"]) : nil
        }
        let answers = ProtectedAnswers(keys: keys, clientKeys: ClientKeys(fetch: .none), random: .system)
        let introspection = IntrospectionEndpoint(
            authenticator: authenticator, grants: grants, verifier: verifier, endpoints: endpoints)
        let routes = OAuthRoutes(
            authorization: AuthorizationEndpoint(
                clients: clients, keys: keys, endpoints: endpoints,
                objects: RequestObjects(
                    keys: ClientKeys(fetch: .none), decryption: NoDecryption(), fetch: .none, endpoints: endpoints)),
            token: TokenEndpoint(
                authenticator: authenticator, grants: grants, lane: lane, answers: answers, source: source,
                endpoints: endpoints, policy: policy, random: .system),
            userInfo: UserInfoEndpoint(
                verifier: verifier, source: source, clients: clients, answers: answers, endpoints: endpoints),
            introspection: introspection,
            introspectionTokens: IntrospectionTokens(
                introspection: introspection, clients: clients, answers: answers, endpoints: endpoints),
            revocation: RevocationEndpoint(
                authenticator: authenticator, grants: grants, verifier: verifier, lane: lane),
            registration: RegistrationEndpoint(
                clients: clients, tokens: StoredInitialAccessTokens(records), lane: lane, vault: vault, fetch: .none,
                endpoints: endpoints, random: .system),
            metadata: ProviderMetadata(endpoints: endpoints, fetches: false), keys: keys, clients: clients,
            endpoints: endpoints,
            pages: AuthorizePages(
                begin: { request, _, _ in
                    let interaction = Interaction(
                        id: "i", browserDigest: "b", request: request, createdAt: start, expires: start + .hours(1))
                    do throws(ProtocolError) {
                        return .redirect(
                            to: try await issuer.issue(
                                interaction: interaction, session: Self.session(start), account: Self.account,
                                now: time.now()))
                    } catch {
                        return .oauthError(error)
                    }
                },
                refuse: { error, _ in .problem(.badRequest, detail: error.wireMessage) }),
            clock: time.now, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        site = Site(routes: routes.routes)
        self.time = time
        try await register(vault)
    }

    static let account = Account(
        subject: "sub-1", login: "anne", displayName: "Anne", passwordHash: "x", sealedTOTPSeed: [1])

    static func session(_ now: Instant) -> Session {
        Session(
            id: "session-1", cookieDigest: "d", subject: "sub-1", authenticatedAt: now - .minutes(1),
            methods: ["pwd", "otp", "mfa"], acr: "eidas1", situation: "750000001", lastSeen: now,
            expires: now + .hours(8))
    }

    private func register(_ vault: Vault) async throws {
        let people: Set<String> = ["openid", "profile", "access:evaluate"]
        let registrations = [
            ClientRegistration(
                id: "mobile", authentication: .none, redirectURIs: ["https://mobile.example/cb"],
                grantTypes: [.authorizationCode, .refreshToken], scopes: people, idTokenAlgorithm: .es256),
            ClientRegistration(
                id: "dossier", authentication: .basic, secret: Secret(Self.secret),
                redirectURIs: ["https://dossier.example/cb?a=1"],
                postLogoutRedirectURIs: ["https://dossier.example/bye"],
                grantTypes: [.authorizationCode, .refreshToken, .clientCredentials],
                scopes: people.union(["access:assert", "offline_access", "rpps"]), idTokenAlgorithm: .es256),
            ClientRegistration(
                id: "watcher", authentication: .post, secret: Secret(Self.secret), grantTypes: [.clientCredentials],
                scopes: ["introspect"]),
        ]
        var changes: [any RecordChange] = [
            SignInChange.addAccount(Self.account), SignInChange.startSession(Self.session(time.now())),
        ]
        for registration in registrations {
            changes.append(
                OAuthChange.createClient(try #require(registration.client(vault: vault, random: .system))))
        }
        try await commit(changes)
    }

    func commit(_ changes: [any RecordChange]) async throws {
        let outcome = try await lane.commit(Submission(changes: changes, entry: nil))
        try #require(outcome == .committed(nil))
    }

    // MARK: Requests

    func get(
        _ path: Endpoints.Path, query: String? = nil, headers: HTTPFields = [:], method: HTTPRequest.Method = .get
    ) async -> WebResponse {
        await site.respond(to: WebRequest(method: method, path: path.rawValue, query: query, headers: headers))
    }

    func post(
        _ path: Endpoints.Path, _ form: [(name: String, value: String)], headers: HTTPFields = [:]
    ) async -> WebResponse {
        await post(path, body: Array(Form.encode(form).utf8), headers: headers)
    }

    func post(
        _ path: Endpoints.Path, body: [UInt8], query: String? = nil, headers: HTTPFields = [:],
        type: String? = "application/x-www-form-urlencoded"
    ) async -> WebResponse {
        var headers = headers
        if headers[.contentType] == nil, let type { headers[.contentType] = type }
        return await site.respond(
            to: WebRequest(method: .post, path: path.rawValue, query: query, headers: headers, body: body))
    }

    static let basic = basic("dossier", secret)

    static func basic(_ id: String, _ secret: String) -> HTTPFields {
        [.authorization: "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString()]
    }

    static func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }

    // MARK: Steps

    /// The parameters a code comes back with.
    func authorize(_ client: String = "dossier", scope: String = "openid profile") async throws -> [String: String] {
        let response = await get(
            .authorize,
            query: Form.encode([
                ("client_id", client),
                ("redirect_uri", client == "mobile" ? "https://mobile.example/cb" : "https://dossier.example/cb?a=1"),
                ("response_type", "code"), ("scope", scope), ("state", "s-1"), ("nonce", "n-1"),
                ("code_challenge", Self.challenge), ("code_challenge_method", "S256"),
            ]))
        #expect(response.status == .seeOther)
        let location = try #require(response.headers[.location])
        let form = try Form(query: location.split(separator: "?", maxSplits: 1).last.map(String.init))
        return Dictionary(form.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    }

    func redeem(_ code: String, _ client: String = "dossier") async -> WebResponse {
        let form = [
            (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
            (name: "code_verifier", value: Self.verifier),
        ]
        return client == "mobile"
            ? await post(
                .token, form + [("redirect_uri", "https://mobile.example/cb"), ("client_id", "mobile")])
            : await post(.token, form + [("redirect_uri", "https://dossier.example/cb?a=1")], headers: Self.basic)
    }

    func refresh(_ token: String, _ client: String) async -> WebResponse {
        let form = [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: token)]
        return client == "mobile"
            ? await post(.token, form + [("client_id", "mobile")])
            : await post(.token, form, headers: Self.basic)
    }

    /// Tokens of a whole login.
    func login(_ client: String = "dossier", scope: String = "openid profile") async throws -> JSONObject {
        let code = try #require(try await authorize(client, scope: scope)["code"])
        return try await redeem(code, client).object()
    }

    func clientToken() async throws -> String {
        let response = await post(.token, [("grant_type", "client_credentials")], headers: Self.basic)
        return try #require(try response.object()["access_token"]?.string)
    }

    func isActive(_ token: String) async throws -> Bool {
        let response = await post(.introspect, [("token", token)], headers: Self.basic)
        let active: Bool? = try response.object()["active"]?.bool
        return active == true
    }
}

extension WebResponse {
    func object() throws -> JSONObject { try #require(try JSONValue(parsing: body).object) }
    var error: String? { (try? object())?["error"]?.string }
}

final class Clock: Sendable {
    private let instant: Mutex<Instant>
    init(_ instant: Instant) { self.instant = Mutex(instant) }
    @Sendable func now() -> Instant { instant.withLock { $0 } }
    func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}

/// The lane, which can be made to fail.
final class FailingLane: CommitLane {
    private let lane: StoreLane
    private let failing = Mutex(false)
    init(_ lane: StoreLane) { self.lane = lane }
    func fail() { failing.withLock { $0 = true } }

    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        if failing.withLock({ $0 }) { throw LaneUnavailable(detail: "the disk is full") }
        return try await lane.commit(submission)
    }
}

/// The store, whose reads can be made to fail.
final class FailingDatabase: Database {
    private let database: SQLiteDatabase
    private let failing = Mutex(false)
    init(_ database: SQLiteDatabase) { self.database = database }
    func fail() { failing.withLock { $0 = true } }

    func read<Value: Sendable>(
        _ body: @Sendable @escaping (any Connection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        if failing.withLock({ $0 }) { throw StoreError(.unavailable, "the file is gone") }
        return try await database.read(body)
    }

    func rows(_ statement: Statement, _ parameters: [DatabaseValue]) async throws(StoreError) -> [Row] {
        if failing.withLock({ $0 }) { throw StoreError(.unavailable, "the file is gone") }
        return try await database.rows(statement, parameters)
    }
}

/// Nothing can be encrypted to it.
struct NoDecryption: DecryptionKeyRing {
    func decryptionKey(_ id: String?, for algorithm: KeyManagementAlgorithm) async -> DecryptionKey? { nil }
}

/// One key of each kind for the whole run.
struct TestKeyRing: SigningKeyRing {
    static let shared = TestKeyRing()
    private let es256 = try? SigningKey.generate(.es256)

    struct Missing: Error {}

    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) {
        guard algorithm == .es256, let es256 else { throw Missing() }
        return ("es-1", es256)
    }

    func published() async throws -> [JWK] {
        let (id, key) = try await current(.es256)
        return [JWK(key: key.publicKey, keyID: id, algorithm: .es256)]
    }

    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        guard id == "es-1", let es256 else { return nil }
        return (.es256, es256.publicKey)
    }
}

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

/// The sign-in over real routes and a real store, with a clock that stands still and two people: `marie`, who
/// exercises in two places, and `paul`, who exercises in one.
struct SignInFixture: Sendable {
    static let issuer = "http://localhost:8080"
    static let password = "correct horse"
    static let seed = [UInt8](1...20)

    let site: Site
    let database: SQLiteDatabase
    let lane: StoreLane
    let clock: FixedClock
    let work = PasswordWork()
    private let key: SigningKey

    static func run(_ body: (SignInFixture) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("socle-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try await SignInFixture(directory: directory)
        try await body(fixture)
        await fixture.lane.close()
    }

    init(directory: String, issuer: String = SignInFixture.issuer) async throws {
        database = try SQLiteDatabase(path: directory + "/socle.db")
        try database.migrate()
        clock = FixedClock()
        key = try SigningKey.generate(.es256)
        let signer = JournalSigner(keyID: "k", sign: { _ in [0] }, verify: { _, _, _ in true })
        lane = try await StoreLane.open(database, signer: signer, random: .system, clock: clock.now)
        let vault = Vault(key: Array(repeating: 7, count: 32))
        let endpoints = Endpoints(issuer: issuer)
        let clients = StoredClients(database)
        let applications = Applications(
            clients: clients, consents: StoredConsents(database), subjects: PairwiseSubjects(vault: vault))
        let signIn = SignIn(
            accounts: StoredAccounts(database), sessions: StoredSessions(database),
            interactions: StoredInteractions(database), situations: TestSituations(),
            applications: applications, lane: lane,
            throttle: StoredFailureThrottle(records: StoredFailures(database), lane: lane), passwords: work.check,
            vault: vault, random: .system, issuer: issuer)
        let keys = TestKeys(key: key)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let routes = SignInRoutes(
            signIn: signIn, ownAccount: OwnAccount(signIn: signIn, activity: StoredActivity(database)),
            issuer: CodeIssuer(
                applications: applications, lane: lane, endpoints: endpoints, policy: TokenPolicy(), random: .system),
            clients: clients, logout: StoredLogout(database), keys: keys, endpoints: endpoints,
            services: { _ in [ServiceLink(name: "Dossier <usager>", url: "https://app.example/")] },
            random: .system, clock: clock.now, logger: logger)
        let authorization = AuthorizationEndpoint(
            clients: clients, keys: keys, endpoints: endpoints,
            objects: RequestObjects(
                keys: ClientKeys(fetch: .none), decryption: NoDecryption(), fetch: .none, endpoints: endpoints))
        site = Site(
            routes: routes.routes + Self.authorize(authorization, routes.authorizePages, clock),
            settings: .init(secure: issuer.hasPrefix("https")))
        try await fill(vault)
    }

    /// `/oauth2/authorize` as the OAuth routes have it, without the rest of them.
    private static func authorize(
        _ endpoint: AuthorizationEndpoint, _ pages: AuthorizePages, _ clock: FixedClock
    ) -> [Route] {
        @Sendable func answer(_ request: WebRequest, _ form: Form) async -> WebResponse {
            do throws(AuthorizationRefusal) {
                let (asked, client) = try await endpoint.read(Parameters(form), now: clock.now())
                return await pages.begin(asked, client, request)
            } catch {
                switch error {
                case .page(let error): return pages.refuse(error, request)
                case .redirect(let response): return .redirect(to: response)
                }
            }
        }
        return [
            Route(.get, "/oauth2/authorize") { request in
                guard let form = try? Form(query: request.query) else { return .problem(.badRequest) }
                return await answer(request, form)
            },
            Route(.post, "/oauth2/authorize") { request in
                guard let form = try? Form(body: request) else { return .problem(.badRequest) }
                return await answer(request, form)
            },
        ]
    }

    private func fill(_ vault: Vault) async throws {
        func account(_ subject: String, _ login: String, _ name: String) -> Account {
            Account(
                subject: subject, login: login, displayName: name, passwordHash: Self.password,
                sealedTOTPSeed: vault.seal(Self.seed, context: Account.seedContext(subject), random: .system))
        }
        let client = Client(
            id: "app", name: "Dossier <usager>", authentication: .none,
            redirectURIs: ["https://app.example/cb"], postLogoutRedirectURIs: ["https://app.example/bye"],
            grantTypes: [.authorizationCode], scopes: ["openid"])
        let changes: [any RecordChange] = [
            SignInChange.addAccount(account("sub-marie", "marie", "Marie <Durand>")),
            SignInChange.addAccount(account("sub-paul", "paul", "Paul Petit")), OAuthChange.createClient(client),
        ]
        _ = try await lane.commit(Submission(changes: changes, entry: nil))
    }

    /// The code shown by both people's authenticator.
    var code: String { TOTP(seed: Self.seed)?.code(at: TOTP.step(at: clock.now().seconds)) ?? "" }

    func idToken(subject: String, session: String) throws -> String {
        try JWS.sign(
            claims: [
                "iss": .string(Self.issuer), "aud": "app", "sub": .string(subject), "sid": .string(session),
                "exp": 1, "iat": 1,
            ], with: key, keyID: "k1", type: "JWT")
    }

    /// -1 when it cannot be counted, which no test expects.
    func count(_ statement: Statement) async -> Int64 {
        (try? await database.row(statement, [])?.integer(0)) ?? -1
    }

    func sessionID() async throws -> String {
        try await database.row("SELECT id FROM sessions WHERE ended_at IS NULL", [])?.text(0) ?? ""
    }
}

/// Counts the password verifications asked for, which is what an attacker would time.
final class PasswordWork: Sendable {
    private let state = Mutex((real: 0, decoy: 0, full: false))

    var total: Int { state.withLock { $0.real + $0.decoy } }
    func fill() { state.withLock { $0.full = true } }

    var check: PasswordCheck {
        PasswordCheck(
            verify: { password, hash in
                self.state.withLock { state in
                    guard !state.full else { return nil }
                    state.real += 1
                    return password == hash
                }
            },
            verifyAgainstNothing: { _ in
                self.state.withLock { state in
                    guard !state.full else { return nil }
                    state.decoy += 1
                    return false
                }
            },
            hash: { password in self.state.withLock { $0.full ? nil : password } })
    }
}

final class FixedClock: Sendable {
    private let instant = Mutex(Instant(seconds: 1_793_610_000))
    var now: @Sendable () -> Instant { { self.instant.withLock { $0 } } }
    func advance(_ duration: Duration) { instant.withLock { $0 = $0 + duration } }
}

private struct TestSituations: SituationSource {
    func situations(of account: Account, at now: Instant) async throws(RecordsUnavailable) -> [ExerciseSituation] {
        let all = [
            ExerciseSituation(id: "s-1", label: "Médecin — CH de Meaux"),
            ExerciseSituation(id: "s-2", label: "Médecin — MSP <Ourcq>"),
        ]
        return account.login == "marie" ? all : [all[0]]
    }
}

private struct TestKeys: SigningKeyRing {
    let key: SigningKey
    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) { ("k1", key) }
    func published() async throws -> [JWK] { [] }
    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        id == "k1" ? (.es256, key.publicKey) : nil
    }
}

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

/// Everything an OpenID provider shows, over real routes and a real store: sign-in, consent, tokens, userinfo. One
/// person, `marie`, whose contact details are known. What a certification suite drives from outside is driven here.
struct ConformanceFixture: Sendable {
    static let issuer = SignInFixture.issuer
    static let secret = "a-secret-of-forty-three-characters-at-least"
    static let callback = "https://rp.example/cb"

    let site: Site
    let database: SQLiteDatabase
    let lane: StoreLane
    let clock: FixedClock
    let keys: RotatingKeys
    /// What stands at the addresses that clients register.
    let web = TestWeb()
    private let directory: String
    private let plan: Plan
    private let addresses = Counter()
    let vault = Vault(key: Array(repeating: 7, count: 32))
    let endpoints = Endpoints(issuer: ConformanceFixture.issuer)

    /// - Parameter plan: how answers travel, unless a request says otherwise.
    static func run(
        _ plan: Plan = .basic, _ body: (ConformanceFixture) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("socle-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let fixture = try await ConformanceFixture(directory: directory, clock: FixedClock(), plan: plan)
        try await fixture.fill()
        do {
            try await body(fixture)
        } catch {
            await fixture.lane.close()
            throw error
        }
        await fixture.lane.close()
    }

    /// The same store opened again, as after a restart: what only memory held is gone.
    func restarted() async throws -> ConformanceFixture {
        await lane.close()
        return try await ConformanceFixture(directory: directory, clock: clock, plan: plan)
    }

    private init(directory: String, clock: FixedClock, plan: Plan) async throws {
        self.directory = directory
        self.plan = plan
        self.clock = clock
        database = try SQLiteDatabase(path: directory + "/socle.db")
        try database.migrate()
        keys = RotatingKeys()
        let signer = JournalSigner(keyID: "k", sign: { _ in [0] }, verify: { _, _, _ in true })
        lane = try await StoreLane.open(database, signer: signer, random: .system, clock: clock.now)
        let clients = StoredClients(database)
        let grants = StoredGrants(database)
        let throttle = StoredFailureThrottle(records: StoredFailures(database), lane: lane)
        let applications = Applications(
            clients: clients, consents: StoredConsents(database), subjects: PairwiseSubjects(vault: vault))
        let signIn = SignIn(
            accounts: StoredAccounts(database), sessions: StoredSessions(database),
            interactions: StoredInteractions(database), situations: OneSituation(), applications: applications,
            lane: lane, throttle: throttle, passwords: PasswordWork().check, vault: vault, random: .system,
            issuer: Self.issuer)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let people = SignInRoutes(
            signIn: signIn, ownAccount: OwnAccount(signIn: signIn, activity: StoredActivity(database)),
            issuer: CodeIssuer(
                applications: applications, lane: lane, endpoints: endpoints, policy: TokenPolicy(), random: .system),
            clients: clients, logout: StoredLogout(database), keys: keys, endpoints: endpoints, services: { _ in [] },
            random: .system,
            clock: clock.now, logger: logger)
        let clientKeys = ClientKeys(fetch: web.fetch)
        let authenticator = ClientAuthenticator(
            clients: clients, vault: vault, throttle: throttle,
            assertions: ClientAssertions(keys: clientKeys, lane: lane, endpoints: endpoints))
        let verifier = AccessTokenVerifier(keys: keys, grants: grants, endpoints: endpoints)
        let source = ClaimsSource { [database] subject, _ throws(RecordsUnavailable) in
            guard let account = try await StoredAccounts(database).account(subject: subject) else { return nil }
            return PersonClaims(
                name: account.displayName, givenName: "Marie", familyName: "Durand", contact: account.contact,
                national: ["SubjectNameID": "899700100022"])
        }
        let answers = ProtectedAnswers(keys: keys, clientKeys: clientKeys, random: .system)
        let introspection = IntrospectionEndpoint(
            authenticator: authenticator, grants: grants, verifier: verifier, endpoints: endpoints)
        let oauth = OAuthRoutes(
            authorization: AuthorizationEndpoint(
                clients: clients, keys: keys, endpoints: endpoints,
                objects: RequestObjects(
                    keys: clientKeys, decryption: keys, fetch: web.fetch, endpoints: endpoints)),
            token: TokenEndpoint(
                authenticator: authenticator, grants: grants, lane: lane, answers: answers, source: source,
                endpoints: endpoints, policy: TokenPolicy(), random: .system),
            userInfo: UserInfoEndpoint(
                verifier: verifier, source: source, clients: clients, answers: answers, endpoints: endpoints),
            introspection: introspection,
            introspectionTokens: IntrospectionTokens(
                introspection: introspection, clients: clients, answers: answers, endpoints: endpoints),
            revocation: RevocationEndpoint(
                authenticator: authenticator, grants: grants, verifier: verifier, lane: lane),
            registration: RegistrationEndpoint(
                clients: clients, tokens: StoredInitialAccessTokens(database), lane: lane, vault: vault,
                fetch: web.fetch, endpoints: endpoints, random: .system),
            metadata: ProviderMetadata(endpoints: endpoints, fetches: true), keys: keys, clients: clients,
            endpoints: endpoints, pages: people.authorizePages, clock: clock.now,
            logger: logger)
        site = Site(routes: people.routes + oauth.routes)
    }

    private func fill() async throws {
        var contact = ContactDetails()
        contact.email = "marie@example.fr"
        contact.emailVerified = true
        contact.phoneNumber = "+33140000000"
        contact.address = ["street_address": "1 rue de l’Ourcq", "locality": "Paris"]
        try await commit([
            SignInChange.addAccount(
                Account(
                    subject: "sub-marie", login: "marie", displayName: "Marie Durand",
                    passwordHash: SignInFixture.password,
                    sealedTOTPSeed: vault.seal(
                        SignInFixture.seed, context: Account.seedContext("sub-marie"), random: .system),
                    contact: contact))
        ])
        try await register(Self.registration("rp"))
    }

    static let people: Set<String> = ["openid", "profile", "email", "address", "phone", "offline_access"]

    static func registration(
        _ id: String, _ authentication: Client.Authentication = .basic, redirectURIs: [String] = [callback],
        metadata: ClientMetadata = ClientMetadata()
    ) -> ClientRegistration {
        ClientRegistration(
            id: id, name: "RP <\(id)>", authentication: authentication,
            secret: authentication.usesSecret ? Secret(secret) : nil, redirectURIs: redirectURIs,
            grantTypes: [.authorizationCode, .refreshToken], scopes: people, metadata: metadata)
    }

    func register(_ registration: ClientRegistration) async throws {
        #expect(registration.faults == [])
        try await commit([OAuthChange.createClient(try #require(registration.client(vault: vault, random: .system)))])
    }

    func commit(_ changes: [any RecordChange]) async throws {
        let outcome = try await lane.commit(Submission(changes: changes, entry: nil))
        try #require(outcome == .committed(nil))
    }

    // MARK: Authorization

    /// The address of a request: the usual parameters, replaced, added to, or (nil) left out.
    func target(_ changes: [String: String?] = [:]) -> String {
        let usual: [(name: String, value: String)] = [
            ("client_id", "rp"), ("redirect_uri", Self.callback), ("response_type", "code"), ("scope", "openid"),
            ("state", "state-1"), ("nonce", "nonce-1"),
        ]
        var pairs = usual.filter { changes[$0.name] == nil }
        if plan == .formPost, changes["response_mode"] == nil { pairs.append(("response_mode", "form_post")) }
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            if let value { pairs.append((name: name, value: value)) }
        }
        return Form.append(pairs, to: Endpoints.Path.authorize.rawValue)
    }

    /// Whether the browser takes that answer to the redirect URI, the way of the plan.
    func isSent(_ answer: WebResponse, to uri: String) -> Bool {
        switch plan {
        case .basic:
            answer.status == .seeOther && answer.location.hasPrefix(uri + (uri.contains("?") ? "&" : "?"))
        case .formPost:
            answer.status == .ok && answer.location.isEmpty
                && answer.text.contains(#"<form method="post" action="\#(uri)">"#)
        }
    }

    /// A browser in which marie has signed in to `rp`, with the answer of that sign-in.
    func signedIn(_ changes: [String: String?] = [:]) async -> (browser: TestBrowser, answer: WebResponse) {
        var browser = TestBrowser(site)
        let answer = await signIn(&browser, target(changes))
        return (browser, answer)
    }

    /// Both factors, whatever the session; the answer to the last of them.
    @discardableResult
    func signIn(_ browser: inout TestBrowser, _ target: String) async -> WebResponse {
        await browser.follow(await browser.get(target))
        let next = await browser.submit(
            "/login/password", [("login", "marie"), ("password", SignInFixture.password)])
        await browser.follow(next)
        let code = TOTP(seed: SignInFixture.seed)?.code(at: TOTP.step(at: clock.now().seconds)) ?? ""
        // A code works once: the next sign-in is in the next step.
        clock.advance(.seconds(30))
        return await browser.submit("/login/code", [("code", code)])
    }

    /// The tokens of a whole sign-in.
    func tokens(_ changes: [String: String?] = [:]) async throws -> JSONObject {
        let answer = await signedIn(changes).answer
        return try await redeem(try #require(answer.parameters["code"])).object()
    }

    // MARK: Calls of the application

    /// Each call comes from another address: what counts failures is not what these tests are about.
    func post(
        _ path: Endpoints.Path, _ form: [(name: String, value: String)], headers: HTTPFields = [:]
    ) async -> WebResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        return await site.respond(
            to: WebRequest(
                method: .post, path: path.rawValue, headers: headers, body: Array(Form.encode(form).utf8),
                address: "10.0.\(addresses.next() / 250).\(addresses.next() % 250)"))
    }

    func redeem(
        _ code: String, adding: [(name: String, value: String)] = [], client: String = "rp",
        uri: String = ConformanceFixture.callback
    ) async -> WebResponse {
        await post(
            .token, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", uri)] + adding,
            headers: Provider.basic(client, Self.secret))
    }

    func userInfo(_ token: String) async throws -> JSONObject {
        let response = await get(.userInfo, headers: Provider.bearer(token))
        #expect(response.status == .ok)
        return try response.object()
    }

    func get(_ path: Endpoints.Path, headers: HTTPFields = [:]) async -> WebResponse {
        await site.respond(to: WebRequest(path: path.rawValue, headers: headers))
    }

    /// The claims of an ID token, verified by the published keys as an application would.
    func idToken(_ tokens: JSONObject) async throws -> JSONObject {
        let set = try JWKSet(parsing: await get(.keys).body)
        let token = try UnverifiedToken(compact: try #require(tokens["id_token"]?.string))
        let found = try #require(set.key(for: token.header))
        let claims = try token.verified(by: found.key, algorithm: found.algorithm, type: "JWT").claims
        try JWTExpectations(issuer: Self.issuer, audiences: ["rp"]).check(claims, at: clock.now().seconds)
        return claims
    }
}

/// The certification plans that have the same modules: answers in the query, or in a form that the browser posts.
enum Plan: String, CaseIterable, CustomTestStringConvertible {
    case basic
    case formPost

    var testDescription: String { rawValue }
}

extension WebResponse {
    /// What came back to the application: in the query, or in the fields of the form.
    var parameters: [String: String] {
        if status == .ok {
            var fields: [String: String] = [:]
            for match in text.matches(of: #/type="hidden" name="([^"]*)" value="([^"]*)"/#) {
                fields[String(match.1)] = String(match.2).replacing("&amp;", with: "&").replacing("&#39;", with: "'")
            }
            return fields
        }
        guard let query = location.split(separator: "?", maxSplits: 1).last,
            let form = try? Form(query: String(query))
        else { return [:] }
        return Dictionary(form.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { _, b in b })
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// The web as Socle sees it: a few documents, and the addresses that were asked for.
final class TestWeb: Sendable {
    private let state = Mutex((documents: [String: [UInt8]](), asked: [String]()))

    var asked: [String] { state.withLock { $0.asked } }
    func serve(_ text: String, at uri: String) { state.withLock { $0.documents[uri] = Array(text.utf8) } }

    var fetch: OutboundFetch {
        OutboundFetch { uri throws(OutboundFetch.Refused) in
            let document = self.state.withLock { state in
                state.asked.append(uri)
                return state.documents[uri]
            }
            guard let document else { throw OutboundFetch.Refused(detail: "404") }
            return document
        }
    }
}

private struct OneSituation: SituationSource {
    func situations(of account: Account, at now: Instant) async throws(RecordsUnavailable) -> [ExerciseSituation] {
        [ExerciseSituation(id: "s-1", label: "Médecin — CH de Meaux")]
    }
}

/// An RSA and a P-256 key, and a second RSA key to rotate to; one of each kind to encrypt to: made once for the whole
/// run.
final class RotatingKeys: SigningKeyRing, DecryptionKeyRing {
    static let agreement = try? DecryptionKey.generate(.ec(.p256))
    static let oaep = try? DecryptionKey.generate(.rsa)
    private static let rsa = try? SigningKey.generate(.rs256)
    private static let nextRSA = try? SigningKey.generate(.rs256)
    private static let p256 = try? SigningKey.generate(.es256)
    private let rotated = Mutex(false)

    struct Missing: Error {}

    /// The next key signs from now on; the one before stays published.
    func rotate() { rotated.withLock { $0 = true } }

    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) {
        let rotated = rotated.withLock { $0 }
        switch algorithm {
        case .rs256:
            guard let key = rotated ? Self.nextRSA : Self.rsa else { throw Missing() }
            return (rotated ? "rs-2" : "rs-1", key)
        case .es256:
            guard let key = Self.p256 else { throw Missing() }
            return ("es-1", key)
        default: throw Missing()
        }
    }

    func published() async throws -> [JWK] {
        var keys: [JWK] = []
        for (id, key) in [("rs-1", Self.rsa), ("rs-2", Self.nextRSA), ("es-1", Self.p256)] {
            guard let key else { throw Missing() }
            keys.append(JWK(key: key.publicKey, keyID: id, algorithm: key.algorithm))
        }
        for (id, key) in [("enc-ec", Self.agreement), ("enc-rsa", Self.oaep)] {
            guard let key else { throw Missing() }
            keys.append(JWK(key: key.publicKey, keyID: id))
        }
        return keys
    }

    func decryptionKey(_ id: String?, for algorithm: KeyManagementAlgorithm) async -> DecryptionKey? {
        let keys = [("enc-ec", Self.agreement), ("enc-rsa", Self.oaep)]
        for case (let name, let key?) in keys
        where (id ?? name) == name && algorithm.suits(key.publicKey.numbers) { return key }
        return nil
    }

    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        let keys = ["rs-1": Self.rsa, "rs-2": Self.nextRSA, "es-1": Self.p256]
        guard let key = keys[id] ?? nil else { return nil }
        return (key.algorithm, key.publicKey)
    }
}

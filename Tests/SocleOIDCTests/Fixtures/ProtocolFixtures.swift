// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleOIDC
import Synchronization

/// One provider, one moment, a few clients: what every test of the protocol starts from.
enum Sample {
    static let now = Instant(seconds: 1_793_610_000)
    static let endpoints = Endpoints(issuer: "https://socle.example")
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    /// RFC 7636 appendix B.
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let vault = Vault(key: [UInt8](repeating: 7, count: 32))
    static let secret = "a secret of the test, with + and %"

    static let publicClient = Client(
        id: "mobile", name: "Mobile", authentication: .none,
        redirectURIs: ["http://127.0.0.1/cb", "https://app.example/cb"],
        grantTypes: [.authorizationCode, .refreshToken], scopes: ["openid", "profile", "access:evaluate"])

    static let confidentialClient = Client(
        id: "dossier", name: "Dossier", authentication: .basic, sealedSecret: sealed("dossier"),
        redirectURIs: ["https://dossier.example/cb?app=1"],
        postLogoutRedirectURIs: ["https://dossier.example/bye"],
        grantTypes: [.authorizationCode, .refreshToken, .clientCredentials],
        scopes: ["openid", "profile", "offline_access", "access:evaluate", "access:assert"])

    static func sealed(_ id: String) -> [UInt8] {
        vault.seal(Array(secret.utf8), context: Client.secretContext(id), random: random(1))
    }

    static func random(_ seed: UInt8) -> SecureRandom {
        let counter = Counter()
        return SecureRandom { count in
            Array(SHA512.digest([seed, UInt8(truncatingIfNeeded: counter.next())]).prefix(count))
        }
    }

    static func grant(_ client: Client = confidentialClient, scopes: [String] = ["openid", "profile"]) -> Grant {
        Grant(
            id: "grant-1", clientID: client.id, subject: "sub-1", sessionID: "session-1", scopes: scopes,
            authenticatedAt: now - .minutes(1), acr: "eidas1", methods: ["pwd", "otp", "mfa"], situation: "750000001",
            createdAt: now, expires: now + .hours(8))
    }

    static func code(
        _ client: Client = confidentialClient, challenge: String? = Sample.challenge, redeemedAt: Instant? = nil
    ) -> AuthorizationCode {
        AuthorizationCode(
            digest: OpaqueToken.digest("the code"), grant: grant(client), redirectURI: client.redirectURIs[0],
            codeChallenge: challenge, nonce: "n-1", expires: now + .seconds(60), redeemedAt: redeemedAt)
    }

    static func standing(_ grant: Grant) -> Standing {
        Standing(grant: grant, clientDisabled: false, subjectDisabled: false, sessionEnded: false)
    }

    static let issuing = TokenIssue(now: now, endpoints: endpoints, policy: TokenPolicy(), random: random(2))
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

/// Keys made once for the whole run.
struct TestKeys: SigningKeyRing {
    static let shared = TestKeys()
    private let es256: SigningKey?

    private init() { es256 = try? SigningKey.generate(.es256) }

    struct Missing: Error {}

    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) {
        guard algorithm == .es256, let es256 else { throw Missing() }
        return ("key-1", es256)
    }

    func published() async throws -> [JWK] {
        let (id, key) = try await current(.es256)
        return [JWK(key: key.publicKey, keyID: id, algorithm: .es256)]
    }

    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        guard id == "key-1", let es256 else { return nil }
        return (.es256, es256.publicKey)
    }
}

/// Records held in memory; with `failing`, none can be read.
struct SampleRecords: ClientRecords, GrantRecords {
    var clients: [Client] = [Sample.publicClient, Sample.confidentialClient]
    var codes: [AuthorizationCode] = []
    var refreshTokens: [RefreshToken] = []
    var grants: [Grant] = []
    var failing = false

    private func check() throws(RecordsUnavailable) {
        if failing { throw RecordsUnavailable(detail: "down") }
    }

    func client(_ id: String) async throws(RecordsUnavailable) -> Client? {
        try check()
        return clients.first { $0.id == id }
    }

    func clients(after id: String?, limit: Int) async throws(RecordsUnavailable) -> [Client] {
        try check()
        return Array(clients.filter { $0.id > id ?? "" }.prefix(limit))
    }

    func isRegistered(origin: String) async throws(RecordsUnavailable) -> Bool {
        try check()
        return clients.contains { $0.origins.contains(origin) }
    }

    func code(_ digest: String) async throws(RecordsUnavailable) -> (code: AuthorizationCode, standing: Standing)? {
        try check()
        return codes.first { $0.digest == digest }.map { (code: $0, standing: Sample.standing($0.grant)) }
    }

    func refreshToken(_ digest: String) async throws(RecordsUnavailable) -> (token: RefreshToken, standing: Standing)? {
        try check()
        guard let token = refreshTokens.first(where: { $0.digest == digest }),
            let grant = grants.first(where: { $0.id == token.grantID })
        else { return nil }
        return (token: token, standing: Sample.standing(grant))
    }

    func standing(ofGrant id: String, client: String) async throws(RecordsUnavailable) -> Standing {
        try check()
        let grant = grants.first { $0.id == id && $0.clientID == client }
        return Standing(grant: grant, clientDisabled: false, subjectDisabled: false, sessionEnded: false)
    }

    func standing(ofClientToken id: String, client: String) async throws(RecordsUnavailable) -> ClientStanding {
        try check()
        return ClientStanding(stands: clients.contains { $0.id == client && !$0.disabled })
    }
}

/// Counts failures and never makes anyone wait, until told.
final class SampleThrottle: FailureThrottle {
    private let state = Mutex((failures: [String](), blocked: false))
    var failures: [String] { state.withLock { $0.failures } }
    func block() { state.withLock { $0.blocked = true } }

    func wait(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) -> Duration? {
        state.withLock { $0.blocked } ? .seconds(5) : nil
    }

    func failed(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) {
        state.withLock { $0.failures.append(account) }
    }

    func begin(account: String, address: String, at now: Instant) async throws(RecordsUnavailable) -> Duration? {
        try await wait(account: account, address: address, at: now)
    }

    func end(account: String, address: String) {}
}

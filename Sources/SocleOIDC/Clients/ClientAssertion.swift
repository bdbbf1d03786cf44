// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON

/// A client that proves itself with a JWT it signed (RFC 7523 §2.2, §3; OpenID Connect Core §9).
///
/// - `iss` and `sub` are the client, `exp` is at most an hour away, `jti` is there and new.
/// - `aud` is the issuer; the token endpoint too for a client that is not of a high-assurance profile, since most
///   libraries write that. Several audiences count only when each of them is ours: the others could replay it.
package struct ClientAssertions: Sendable {
    private let keys: ClientKeys
    private let lane: any CommitLane
    private let endpoints: Endpoints

    package init(keys: ClientKeys, lane: any CommitLane, endpoints: Endpoints) {
        self.keys = keys
        self.lane = lane
        self.endpoints = endpoints
    }

    /// Longer than that an assertion need not live, and a used one must not be kept.
    static let longest: Int64 = 3600
    private static let skew: Int64 = 10
    /// FAPI 2.0 §5.4.1: a client's clock may be this far ahead.
    private static let ahead: Int64 = 60

    /// What is wrong with an assertion; nil for one that proves the client, this once.
    func fault(
        _ token: UnverifiedToken, client: Client, secret: Secret?, now: Instant
    ) async throws(RecordsUnavailable) -> String? {
        let claims: JSONObject
        do throws(Fault) {
            claims = try await verified(token, client: client, secret: secret, now: now)
            try check(claims, client: client, now: now.seconds)
        } catch {
            return error.text
        }
        guard let identifier = claims["jti"]?.string, let expires = claims["exp"]?.integer else { return "no `jti`" }
        let used = OAuthChange.useAssertion(
            clientID: client.id, digest: OpaqueToken.digest(identifier), expires: Instant(seconds: expires + Self.skew))
        do throws(LaneUnavailable) {
            // Kept until it has expired, however many there are: a memory of fixed size could be flooded until it
            // forgets the one to replay (CVE-2026-41707).
            guard case .committed = try await lane.commit(Submission(changes: [used], entry: nil)) else {
                return "the assertion was used before"
            }
        } catch {
            throw RecordsUnavailable(detail: error.detail)
        }
        return nil
    }

    private struct Fault: Error { var text: String }

    private func verified(
        _ token: UnverifiedToken, client: Client, secret: Secret?, now: Instant
    ) async throws(Fault) -> JSONObject {
        if let pinned = client.metadata.assertionAlgorithm, token.header.algorithm != pinned {
            throw Fault(text: "not the registered algorithm")
        }
        guard !client.metadata.isHighAssurance || ["ES256", "PS256", "EdDSA"].contains(token.header.algorithm) else {
            throw Fault(text: "not an algorithm of the profile")
        }
        if let algorithm = MACAlgorithm(rawValue: token.header.algorithm) {
            return try verified(token, algorithm, secret: secret)
        }
        guard let set = await keys.keys(of: client, for: token.header.keyID, now: now),
            let (key, algorithm) = set.key(for: token.header)
        else { throw Fault(text: "no key of the client's is named") }
        do throws(JOSEError) {
            return try token.verified(by: key, algorithm: algorithm).claims
        } catch {
            throw Fault(text: "\(error)")
        }
    }

    /// With the secret both sides hold, which has to be as long as the code (RFC 7518 §3.2).
    private func verified(
        _ token: UnverifiedToken, _ algorithm: MACAlgorithm, secret: Secret?
    ) throws(Fault) -> JSONObject {
        guard let secret, let key = try? MACKey(secret, algorithm: algorithm) else {
            throw Fault(text: "the client has no secret of that length")
        }
        do throws(JOSEError) {
            return try token.verified(by: key).claims
        } catch {
            throw Fault(text: "\(error)")
        }
    }

    private func check(_ claims: JSONObject, client: Client, now: Int64) throws(Fault) {
        guard claims["iss"]?.string == client.id, claims["sub"]?.string == client.id else {
            throw Fault(text: "`iss` and `sub` are not the client")
        }
        guard let identifier = claims["jti"]?.string, (1...256).contains(identifier.utf8.count) else {
            throw Fault(text: "no `jti`")
        }
        let accepted =
            client.metadata.isHighAssurance
            ? [endpoints.issuer] : [endpoints.issuer, endpoints.url(.token)]
        // FAPI 2.0 §5.3.2.1: one text, never a list.
        let named = client.metadata.isHighAssurance ? claims["aud"]?.string.map { [$0] } : audiences(claims)
        guard let named, !named.isEmpty, named.allSatisfy(accepted.contains) else {
            throw Fault(text: "`aud` is not this provider")
        }
        guard let expires = claims["exp"]?.integer, now < expires + Self.skew, expires <= now + Self.longest else {
            throw Fault(text: "expired, or good for more than an hour")
        }
        for name in ["nbf", "iat"] {
            guard let value = claims[name] else { continue }
            guard let time = value.integer, time <= now + Self.ahead else {
                throw Fault(text: "`\(name)` is in the future")
            }
        }
    }

    private func audiences(_ claims: JSONObject) -> [String]? {
        claims["aud"]?.string.map { [$0] } ?? claims["aud"]?.strings
    }
}

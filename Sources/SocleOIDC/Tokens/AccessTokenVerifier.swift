// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity
import SocleJOSE
import SocleJSON

/// From a bearer text to a token that may be relied on now.
///
/// The signature is checked once per token and remembered by digest; the grant is read every time, so that a
/// revocation binds at the next request on every node (DESIGN section 5).
package struct AccessTokenVerifier: Sendable {
    private let keys: any SigningKeyRing
    private let grants: any GrantRecords
    private let endpoints: Endpoints
    private let verified: VerifiedSignatures

    /// - Parameter remembering: how many verified tokens are remembered at most.
    package init(
        keys: any SigningKeyRing, grants: any GrantRecords, endpoints: Endpoints, remembering: Int = 8192
    ) {
        self.keys = keys
        self.grants = grants
        self.endpoints = endpoints
        verified = VerifiedSignatures(limit: remembering)
    }

    /// - Throws: `invalid_token` for anything but a token of ours, for that audience, in force, whose grant stands;
    ///   `temporarily_unavailable` when that cannot be known.
    package func verify(
        bearer: String, requiredAudience: String, now: Instant
    ) async throws(ProtocolError) -> AccessToken {
        let claims = try await claims(of: bearer, now: now)
        guard claims.audience == requiredAudience else { throw Self.refusal("another audience") }
        guard let token = try await token(behind: claims, now: now) else {
            throw Self.refusal("its grant does not stand")
        }
        return token
    }

    /// The token with what it rests on; nil when that has ended.
    func token(behind claims: AccessTokenClaims, now: Instant) async throws(ProtocolError) -> AccessToken? {
        do throws(RecordsUnavailable) {
            if let person = claims.person {
                let standing = try await grants.standing(ofGrant: person.grantID, client: claims.clientID)
                guard standing.stands(at: now), standing.grant?.issuedSubject == claims.subject else { return nil }
                return AccessToken(claims: claims, stamp: standing.stamp, grant: standing.grant)
            }
            let standing = try await grants.standing(ofClientToken: claims.id, client: claims.clientID)
            return standing.stands ? AccessToken(claims: claims, stamp: standing.stamp) : nil
        } catch {
            throw .unavailable(error.detail)
        }
    }

    /// The claims of a token of ours in force, whatever became of its grant.
    func claims(of bearer: String, now: Instant) async throws(ProtocolError) -> AccessTokenClaims {
        guard bearer.utf8.count <= Parameters.Limit.token else { throw Self.refusal("too long") }
        let digest = SHA256.digest(bearer.utf8)
        if let known = verified[digest] {
            // A key withdrawn from the ring takes its tokens with it.
            guard now < known.claims.expires, await keys.verificationKey(known.keyID) != nil else {
                throw Self.refusal("expired, or its key is withdrawn")
            }
            return known.claims
        }
        let (claims, keyID) = try await verifySignature(bearer)
        guard now < claims.expires, claims.issuedAt <= now + .seconds(60) else { throw Self.refusal("not in force") }
        verified.remember(digest, VerifiedSignatures.Entry(claims: claims, keyID: keyID))
        return claims
    }

    private func verifySignature(_ bearer: String) async throws(ProtocolError) -> (AccessTokenClaims, String) {
        let claims: JSONObject
        let keyID: String
        do throws(JOSEError) {
            let token = try UnverifiedToken(compact: bearer)
            keyID = token.header.keyID ?? ""
            guard let (algorithm, key) = await keys.verificationKey(keyID) else { throw .unusableKey }
            // The type keeps an ID token from passing for an access token (RFC 9068 §4).
            claims = try token.verified(by: key, algorithm: algorithm, type: "at+jwt").claims
        } catch {
            throw Self.refusal("\(error)")
        }
        guard let claims = AccessTokenClaims(claims), claims.issuer == endpoints.issuer else {
            throw Self.refusal("not claims of ours")
        }
        return (claims, keyID)
    }

    private static func refusal(_ detail: String) -> ProtocolError {
        ProtocolError(.invalidToken, "the access token is not valid", detail: detail)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// What an access token says (RFC 9068 §2.2), issued or read back.
package struct AccessTokenClaims: Hashable, Sendable {
    /// What a person's token says beyond a client's own.
    package struct Person: Hashable, Sendable {
        /// The grant it is checked against at every Socle endpoint: the claim `socle_grant`.
        package var grantID: String
        package var sessionID: String
        package var authenticatedAt: Instant
        package var acr: String
        package var methods: [String]
        /// The claim `socle_situation`.
        package var situation: String?

        package init(_ grant: Grant) {
            grantID = grant.id
            sessionID = grant.sessionID
            authenticatedAt = grant.authenticatedAt
            acr = grant.acr
            methods = grant.methods
            situation = grant.situation
        }
    }

    package var id: String
    package var issuer: String
    package var audience: String
    /// The account's `sub`; the client's identifier when it acts for itself (RFC 9068 §2.2).
    package var subject: String
    package var clientID: String
    package var scopes: [String]
    package var issuedAt: Instant
    package var expires: Instant
    package var person: Person?

    package init(
        id: String, issuer: String, audience: String, subject: String, clientID: String, scopes: [String],
        issuedAt: Instant, expires: Instant, person: Person?
    ) {
        self.id = id
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.clientID = clientID
        self.scopes = scopes
        self.issuedAt = issuedAt
        self.expires = expires
        self.person = person
    }

    /// The claims set, as bytes to sign.
    package var payload: [UInt8] {
        var writer = ClaimsWriter()
        writer.write("iss", issuer)
        writer.write("sub", subject)
        writer.write("aud", audience)
        writer.write("client_id", clientID)
        writer.write("scope", scopes.joined(separator: " "))
        writer.write("jti", id)
        writer.write("iat", issuedAt)
        writer.write("exp", expires)
        if let person {
            writer.write("socle_grant", person.grantID)
            writer.write("sid", person.sessionID)
            writer.write("auth_time", person.authenticatedAt)
            writer.write("acr", person.acr)
            writer.write("amr", person.methods)
            writer.write("socle_situation", person.situation)
        }
        return writer.finish()
    }

    /// Reads a claims set whose signature was verified; nil when a claim is missing or of another type.
    package init?(_ claims: JSONObject) {
        guard let id = claims["jti"]?.string, let issuer = claims["iss"]?.string,
            let audience = claims["aud"]?.string, let subject = claims["sub"]?.string,
            let clientID = claims["client_id"]?.string, let scope = claims["scope"]?.string,
            let issuedAt = claims["iat"]?.integer, let expires = claims["exp"]?.integer
        else { return nil }
        self.init(
            id: id, issuer: issuer, audience: audience, subject: subject, clientID: clientID,
            scopes: scope.split(separator: " ").map(String.init), issuedAt: Instant(seconds: issuedAt),
            expires: Instant(seconds: expires), person: nil)
        if claims["socle_grant"] != nil {
            guard let person = Person(claims) else { return nil }
            self.person = person
        }
    }
}

extension AccessTokenClaims.Person {
    fileprivate init?(_ claims: JSONObject) {
        guard let grantID = claims["socle_grant"]?.string, let sessionID = claims["sid"]?.string,
            let authenticatedAt = claims["auth_time"]?.integer, let acr = claims["acr"]?.string,
            let methods = claims["amr"]?.strings
        else { return nil }
        self.grantID = grantID
        self.sessionID = sessionID
        self.authenticatedAt = Instant(seconds: authenticatedAt)
        self.acr = acr
        self.methods = methods
        situation = claims["socle_situation"]?.string
    }
}

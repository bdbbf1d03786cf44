// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// What a registration says beyond what every client needs (OpenID Connect Registration §2, RFC 7591 §2).
///
/// The empty value is that of an application of the region: no page to ask for consent, public subjects, no key.
package struct ClientMetadata: Hashable, Sendable {
    /// Not one of the region's own: people are asked before it is told anything.
    package var isThirdParty = false
    /// A client of a high-assurance profile (FAPI 2.0): its assertions name the issuer alone as their audience.
    package var isHighAssurance = false

    package var logoURI: String?
    package var homeURI: String?
    package var policyURI: String?
    package var termsURI: String?
    package var contacts: [String] = []

    /// The client's public keys, given once for all or fetched: never both (OpenID Connect Registration §2).
    package var keys: JSONObject?
    package var keysURI: String?

    /// The host under which pairwise subjects are computed (OpenID Connect Core §8.1); nil for public subjects.
    package var sector: String?
    package var sectorIdentifierURI: String?

    /// The only URIs from which a request object is fetched (OpenID Connect Core §6.2).
    package var requestURIs: [String] = []
    /// The only `alg` of request objects; `none` for unsigned ones; nil for any asymmetric one of the client's keys.
    package var requestObjectAlgorithm: String?
    /// The only way a request object may be encrypted; nil for any that Socle has a key for. One that is signed and not
    /// encrypted is read either way (OpenID Connect Registration §2).
    package var requestObjectEncryption: ResponseEncryption?
    /// The only `alg` of client assertions; nil for any that fits the registered way to authenticate.
    package var assertionAlgorithm: String?
    /// Userinfo is answered as a JWT signed so; nil for plain JSON.
    package var userInfoAlgorithm: SignatureAlgorithm?
    /// Introspection is answered as a JWT signed so (RFC 9701 §6); nil for the provider's own choice.
    package var introspectionAlgorithm: SignatureAlgorithm?
    /// Its access tokens are signed so, for resources that check them alone (RFC 9068 §2.1); nil for ES256.
    package var accessTokenAlgorithm: SignatureAlgorithm?

    package var idTokenEncryption: ResponseEncryption?
    package var userInfoEncryption: ResponseEncryption?
    package var introspectionEncryption: ResponseEncryption?

    /// In seconds, when a request has no `max_age`.
    package var defaultMaximumAge: Int64?
    package var defaultACRValues: [String] = []
    /// Where a sign-in may be started from elsewhere (OpenID Connect Core §4).
    package var initiateLoginURI: String?

    /// Where the application is told that a session ended (Back-Channel Logout 1.0 §2.2).
    package var backChannelLogoutURI: String?
    /// Told with `sid`: Socle always does.
    package var backChannelLogoutSessionRequired = false
    /// The page that signs a browser out of the application, framed by ours (Front-Channel Logout 1.0 §2).
    package var frontChannelLogoutURI: String?
    /// Framed with `iss` and `sid`: Socle always does.
    package var frontChannelLogoutSessionRequired = false

    /// The protected resources beside Socle's own access interface that its tokens may be for (RFC 8707).
    package var resources: [String] = []

    /// SHA-256 of the registration access token, base64url (RFC 7592 §3); nil for a client an administrator registered.
    package var registrationTokenDigest: String?

    /// When it registered itself, in seconds since 1970.
    package var registeredAt: Int64?

    package init() {}
}

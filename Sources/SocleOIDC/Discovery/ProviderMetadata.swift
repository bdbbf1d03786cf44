// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
package import SocleJSON

/// What the provider says of itself: nothing that is not so (OpenID Connect Discovery 1.0 §3; RFC 8414 §2; RFC 9728 §2).
package struct ProviderMetadata: Sendable {
    private let endpoints: Endpoints
    private let fetches: Bool

    /// - Parameter fetches: whether this installation fetches documents of clients.
    package init(endpoints: Endpoints, fetches: Bool) {
        self.endpoints = endpoints
        self.fetches = fetches
    }

    /// What Socle signs with: one key of each.
    static let algorithms: [SignatureAlgorithm] = [.rs256, .es256, .ps256, .edDSA]
    /// What holds of every endpoint that authenticates clients.
    private static let confidential: [Client.Authentication] = [.basic, .post, .secretJWT, .privateKeyJWT]
    private static let authentication = confidential + [.none]

    private static let encryptionAlgorithms = JSONValue(ResponseEncryption.keyAlgorithms.map(\.rawValue))
    private static let contentEncryptions = JSONValue(ContentEncryption.allCases.map(\.rawValue))
    private static let assertionAlgorithms = JSONValue(
        Client.Authentication.allCases.flatMap(\.assertionAlgorithms))

    /// RFC 8414.
    package var authorizationServer: JSONObject {
        [
            "issuer": .string(endpoints.issuer),
            "authorization_endpoint": url(.authorize),
            "token_endpoint": url(.token),
            "jwks_uri": url(.keys),
            "introspection_endpoint": url(.introspect),
            "revocation_endpoint": url(.revoke),
            "scopes_supported": JSONValue(Scope.known.sorted()),
            "response_types_supported": ["code"],
            "response_modes_supported": JSONValue(ResponseMode.allCases.map(\.rawValue)),
            "grant_types_supported": JSONValue(Client.GrantType.allCases.map(\.rawValue)),
            "token_endpoint_auth_methods_supported": JSONValue(Self.authentication.map(\.rawValue)),
            "introspection_endpoint_auth_methods_supported": JSONValue(Self.confidential.map(\.rawValue)),
            "revocation_endpoint_auth_methods_supported": JSONValue(Self.authentication.map(\.rawValue)),
            "token_endpoint_auth_signing_alg_values_supported": Self.assertionAlgorithms,
            "introspection_endpoint_auth_signing_alg_values_supported": Self.assertionAlgorithms,
            "revocation_endpoint_auth_signing_alg_values_supported": Self.assertionAlgorithms,
            "introspection_signing_alg_values_supported": JSONValue(Self.algorithms.map(\.rawValue)),
            "introspection_encryption_alg_values_supported": Self.encryptionAlgorithms,
            "introspection_encryption_enc_values_supported": Self.contentEncryptions,
            "registration_endpoint": url(.register),
            "code_challenge_methods_supported": ["S256"],
            "ui_locales_supported": ["fr", "en"],
            "authorization_response_iss_parameter_supported": true,
            "protected_resources": [.string(endpoints.accessInterface)],
        ]
    }

    /// OpenID Connect Discovery 1.0, and the four specifications of logout: RP-Initiated §2.1, Session Management §3.3,
    /// Front-Channel §3, Back-Channel §2.1.
    package var openIDProvider: JSONObject {
        var metadata = authorizationServer
        metadata["userinfo_endpoint"] = url(.userInfo)
        metadata["end_session_endpoint"] = url(.logout)
        metadata["check_session_iframe"] = url(.session)
        for channel in ["backchannel", "frontchannel"] {
            metadata["\(channel)_logout_supported"] = true
            metadata["\(channel)_logout_session_supported"] = true
        }
        metadata["subject_types_supported"] = ["public", "pairwise"]
        metadata["id_token_signing_alg_values_supported"] = JSONValue(Self.algorithms.map(\.rawValue))
        metadata["userinfo_signing_alg_values_supported"] = JSONValue(Self.algorithms.map(\.rawValue))
        for answer in ["id_token", "userinfo"] {
            metadata[answer + "_encryption_alg_values_supported"] = Self.encryptionAlgorithms
            metadata[answer + "_encryption_enc_values_supported"] = Self.contentEncryptions
        }
        metadata["acr_values_supported"] = ["eidas1"]
        metadata["prompt_values_supported"] = ["none", "login", "consent", "select_account"]
        metadata["display_values_supported"] = ["page", "popup", "touch"]
        metadata["claim_types_supported"] = ["normal"]
        metadata["claims_supported"] = [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash", "name",
            "given_name", "family_name", "email", "email_verified", "phone_number", "phone_number_verified", "address",
            "socle_situation", "SubjectNameID", "SubjectRole", "SubjectOrganizationID", "SubjectOrganization",
            "Secteur_Activite",
        ]
        metadata["claims_parameter_supported"] = true
        metadata["request_parameter_supported"] = true
        metadata["request_object_signing_alg_values_supported"] = JSONValue(
            ["none"] + Self.algorithms.map(\.rawValue))
        metadata["request_object_encryption_alg_values_supported"] = Self.encryptionAlgorithms
        metadata["request_object_encryption_enc_values_supported"] = Self.contentEncryptions
        // True when absent (OpenID Connect Discovery 1.0 §3).
        metadata["request_uri_parameter_supported"] = .bool(fetches)
        metadata["require_request_uri_registration"] = true
        return metadata
    }

    /// RFC 9728, of the access interface.
    package var protectedResource: JSONObject {
        [
            "resource": .string(endpoints.accessInterface),
            "authorization_servers": [.string(endpoints.issuer)],
            "scopes_supported": JSONValue([Scope.evaluate, Scope.assert]),
            "bearer_methods_supported": ["header"],
        ]
    }

    private func url(_ path: Endpoints.Path) -> JSONValue { .string(endpoints.url(path)) }
}

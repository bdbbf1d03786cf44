// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A refusal. `code` and `message` reach the client; `detail` reaches only the log.
package struct ProtocolError: Error, Hashable, Sendable {
    /// The spellings of RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6, RFC 6750 §3.1, RFC 7009 §2.2.1.
    package enum Code: String, Sendable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case unsupportedResponseType = "unsupported_response_type"
        case invalidScope = "invalid_scope"
        case accessDenied = "access_denied"
        case serverError = "server_error"
        case temporarilyUnavailable = "temporarily_unavailable"
        case interactionRequired = "interaction_required"
        case loginRequired = "login_required"
        case accountSelectionRequired = "account_selection_required"
        case consentRequired = "consent_required"
        case requestNotSupported = "request_not_supported"
        case requestURINotSupported = "request_uri_not_supported"
        case invalidRequestURI = "invalid_request_uri"
        case invalidRequestObject = "invalid_request_object"
        case registrationNotSupported = "registration_not_supported"
        /// OpenID Connect Core Error Code unmet_authentication_requirements 1.0.
        case unmetAuthenticationRequirements = "unmet_authentication_requirements"
        case invalidTarget = "invalid_target"
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
        /// A back-off: answered 429, in the form of RFC 6749 §5.2.
        case slowDown = "slow_down"
    }

    package var code: Code
    package var message: String
    package var detail: String?

    package init(_ code: Code, _ message: String, detail: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
    }

    /// What a client reads when the store or the journal cannot be reached: never what failed.
    package static func unavailable(_ detail: String) -> ProtocolError {
        ProtocolError(.temporarilyUnavailable, "the server cannot answer for now", detail: detail)
    }

    /// The message in the characters RFC 6749 §5.2 allows in `error_description`: printable ASCII without `"` and `\`.
    package var wireMessage: String {
        String(
            decoding: message.utf8.prefix(256).map { byte in
                switch byte {
                case 0x20, 0x21, 0x23...0x5B, 0x5D...0x7E: byte
                default: UInt8(ascii: "?")
                }
            }, as: UTF8.self)
    }
}

/// The records could not be read: nothing may be concluded from it, least of all that something is absent.
package struct RecordsUnavailable: Error, Hashable, Sendable {
    package var detail: String
    package init(detail: String) { self.detail = detail }
}

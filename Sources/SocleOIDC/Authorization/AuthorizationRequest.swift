// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An authorization request that passed every check against its client (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2).
package struct AuthorizationRequest: Hashable, Sendable {
    package enum Prompt: String, Sendable {
        case none, login, consent
        case selectAccount = "select_account"
    }

    package var clientID: String
    /// Exactly a registered one.
    package var redirectURI: String
    package var scopes: [String]
    package var state: String?
    package var nonce: String?
    /// RFC 7636, S256 only.
    package var codeChallenge: String?
    package var prompts: [Prompt]
    /// In seconds.
    package var maximumAge: Int64?
    package var loginHint: String?
    package var acrValues: [String]
    package var uiLocales: [String]
    package var responseMode: ResponseMode
    /// Only what this client may be told.
    package var claims: ClaimsRequest
    /// The protected resources asked for (RFC 8707 §2.1); empty for Socle's access interface.
    package var resources: [String]
    /// The `sub`, as this client knows it, of a verified `id_token_hint` or asked for in `claims`: no code is issued
    /// for anyone else.
    package var hintedSubject: String?

    package init(
        clientID: String, redirectURI: String, scopes: [String], state: String? = nil, nonce: String? = nil,
        codeChallenge: String? = nil, prompts: [Prompt] = [], maximumAge: Int64? = nil, loginHint: String? = nil,
        acrValues: [String] = [], uiLocales: [String] = [], responseMode: ResponseMode = .query,
        claims: ClaimsRequest = ClaimsRequest(), resources: [String] = [], hintedSubject: String? = nil
    ) {
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.scopes = scopes
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.prompts = prompts
        self.maximumAge = maximumAge
        self.loginHint = loginHint
        self.acrValues = acrValues
        self.uiLocales = uiLocales
        self.responseMode = responseMode
        self.claims = claims
        self.resources = resources
        self.hintedSubject = hintedSubject
    }
}

/// How the answer travels to the redirect URI (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form
/// Post Response Mode §2). `fragment` would put a code where scripts read it, and is not offered.
package enum ResponseMode: String, Sendable, CaseIterable {
    case query
    case formPost = "form_post"
}

/// What goes back to the client's redirect URI: a code or an error, with `state` and `iss` (RFC 9207).
package struct AuthorizationResponse: Hashable, Sendable {
    package var redirectURI: String
    /// In order; never percent-encoded here.
    package var parameters: [(name: String, value: String)]
    package var mode: ResponseMode

    package init(
        redirectURI: String, parameters: [(name: String, value: String)], mode: ResponseMode = .query
    ) {
        self.redirectURI = redirectURI
        self.parameters = parameters
        self.mode = mode
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.redirectURI == b.redirectURI && a.mode == b.mode
            && a.parameters.elementsEqual(b.parameters, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(redirectURI)
        hasher.combine(mode)
        for parameter in parameters {
            hasher.combine(parameter.name)
            hasher.combine(parameter.value)
        }
    }
}

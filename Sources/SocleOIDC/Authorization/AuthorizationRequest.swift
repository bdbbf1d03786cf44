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
    /// The `sub` of a verified `id_token_hint`: no code is issued for anyone else.
    package var hintedSubject: String?

    package init(
        clientID: String, redirectURI: String, scopes: [String], state: String? = nil, nonce: String? = nil,
        codeChallenge: String? = nil, prompts: [Prompt] = [], maximumAge: Int64? = nil, loginHint: String? = nil,
        acrValues: [String] = [], uiLocales: [String] = [],
        hintedSubject: String? = nil
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
        self.hintedSubject = hintedSubject
    }
}

/// What goes back to the client's redirect URI: a code or an error, with `state` and `iss` (RFC 9207).
package struct AuthorizationResponse: Hashable, Sendable {
    package var redirectURI: String
    /// In order; never percent-encoded here.
    package var parameters: [(name: String, value: String)]

    package init(redirectURI: String, parameters: [(name: String, value: String)]) {
        self.redirectURI = redirectURI
        self.parameters = parameters
    }

    package static func == (a: Self, b: Self) -> Bool {
        a.redirectURI == b.redirectURI && a.parameters.elementsEqual(b.parameters, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(redirectURI)
        for parameter in parameters {
            hasher.combine(parameter.name)
            hasher.combine(parameter.value)
        }
    }
}

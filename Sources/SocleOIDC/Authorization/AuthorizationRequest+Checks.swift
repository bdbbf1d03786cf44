// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The checks of an authorization request, in the order they are made: this list is the protocol.
///
/// The client and the redirect URI come first and are answered on a page; from then on the client is told.
///
/// Not looked at: `display` (one page fits a window, a popup and a telephone) and `claims_locales` (no claim of ours has
/// languages), as any parameter that is not understood (RFC 6749 §3.1).
extension AuthorizationRequest {
    package init(
        validating parameters: Parameters, client: Client, endpoints: Endpoints
    ) throws(AuthorizationRefusal) {
        let target = try RedirectTarget(parameters, client: client)
        do throws(ProtocolError) {
            try parameters.refuseRepeated(save: "resource")
            try Self.refuseUnsupported(parameters)
            try Self.requireCode(parameters, client: client)
            let scopes = try Self.scopes(parameters, client: client)
            let prompts = try Self.prompts(parameters)
            let claims = try Self.claims(parameters, client: client)
            self.init(
                clientID: client.id, redirectURI: target.redirectURI, scopes: scopes,
                state: try parameters.value("state", limit: Parameters.Limit.state),
                nonce: try parameters.value("nonce"),
                codeChallenge: try Self.challenge(parameters, client: client)?.value,
                prompts: prompts,
                maximumAge: try Self.maximumAge(parameters) ?? client.metadata.defaultMaximumAge,
                loginHint: try parameters.value("login_hint", limit: 256),
                acrValues: try Self.words(parameters, "acr_values"),
                uiLocales: try Self.words(parameters, "ui_locales"), responseMode: target.mode, claims: claims,
                resources: try Resources.asked(parameters, client: client, endpoints: endpoints),
                hintedSubject: claims.subject)
        } catch {
            // A state that is itself repeated or too long cannot be echoed.
            let state = try? parameters.value("state", limit: Parameters.Limit.state)
            throw .redirect(
                AuthorizationResponse(
                    refusing: error, redirectURI: target.redirectURI, state: state, mode: target.mode,
                    issuer: endpoints.issuer))
        }
    }

    /// The redirect URI, once it is known to be this client's, and how it is to be answered.
    struct RedirectTarget {
        let redirectURI: String
        /// The query when the request asks for what is not offered: that refusal has to arrive somehow.
        let mode: ResponseMode

        init(_ parameters: Parameters, client: Client) throws(AuthorizationRefusal) {
            do throws(ProtocolError) {
                _ = try parameters.required("client_id", limit: Parameters.Limit.identifier)
                guard !client.disabled else { throw ProtocolError(.unauthorizedClient, "the application is disabled") }
                redirectURI = try parameters.required("redirect_uri", limit: Parameters.Limit.uri)
                guard RedirectURI.matches(redirectURI, client: client) else {
                    throw ProtocolError(.invalidRequest, "`redirect_uri` is not registered for this application")
                }
                let asked = (try? parameters.value("response_mode")) ?? nil
                mode = asked.flatMap(ResponseMode.init(rawValue:)) ?? .query
            } catch {
                throw .page(error)
            }
        }
    }

    /// OpenID Connect Core §7.2.1 is not offered, and says so by name. Request objects were resolved before.
    private static func refuseUnsupported(_ parameters: Parameters) throws(ProtocolError) {
        if parameters.contains("registration") {
            throw ProtocolError(.registrationNotSupported, "`registration` is not supported")
        }
    }

    /// The code flow and nothing else (RFC 9700 §2.1.2), answered in the query or by a form.
    private static func requireCode(_ parameters: Parameters, client: Client) throws(ProtocolError) {
        guard try parameters.required("response_type") == "code" else {
            throw ProtocolError(.unsupportedResponseType, "`response_type` must be `code`")
        }
        guard client.grantTypes.contains(.authorizationCode) else {
            throw ProtocolError(.unauthorizedClient, "this application may not ask for a code")
        }
        if let mode = try parameters.value("response_mode"), ResponseMode(rawValue: mode) == nil {
            throw ProtocolError(.invalidRequest, "`response_mode` must be `query` or `form_post`")
        }
    }

    /// A claim that no scope of this client's releases is not asked for, so that nobody is asked about it either.
    private static func claims(_ parameters: Parameters, client: Client) throws(ProtocolError) -> ClaimsRequest {
        guard let text = try parameters.value("claims", limit: ClaimsRequest.limit) else { return ClaimsRequest() }
        return try ClaimsRequest(text).limited(to: client)
    }

    private static func scopes(_ parameters: Parameters, client: Client) throws(ProtocolError) -> [String] {
        let asked = try Scope.parse(try parameters.required("scope", limit: Parameters.Limit.scope))
        // What nobody here understands is ignored (OpenID Connect Core §3.1.2.1); what is not the client's is not.
        let scopes = asked.filter(Scope.isKnown)
        guard !scopes.isEmpty else { throw ProtocolError(.invalidScope, "no scope is known here") }
        for scope in scopes where !client.scopes.contains(scope) || Scope.isOfApplications(scope) {
            // The word itself is not repeated: it is text of anyone's choosing, bound for a log or a page.
            throw ProtocolError(.invalidScope, "a scope is not one this application may ask for")
        }
        return scopes
    }

    private static func prompts(_ parameters: Parameters) throws(ProtocolError) -> [Prompt] {
        var prompts: [Prompt] = []
        for word in try words(parameters, "prompt") {
            guard let prompt = Prompt(rawValue: word) else {
                throw ProtocolError(.invalidRequest, "`prompt` holds an unknown value")
            }
            if !prompts.contains(prompt) { prompts.append(prompt) }
        }
        guard !prompts.contains(.none) || prompts.count == 1 else {
            throw ProtocolError(.invalidRequest, "`prompt` cannot hold `none` and another value")
        }
        return prompts
    }

    private static func challenge(
        _ parameters: Parameters, client: Client
    ) throws(ProtocolError) -> CodeChallenge? {
        let method = try parameters.value("code_challenge_method")
        guard let text = try parameters.value("code_challenge") else {
            guard !client.isPublic, method == nil else {
                throw ProtocolError(.invalidRequest, "`code_challenge` is missing")
            }
            return nil
        }
        return try CodeChallenge(text, method: method)
    }

    /// Whole seconds, at most ten digits: more is not an age.
    private static func maximumAge(_ parameters: Parameters) throws(ProtocolError) -> Int64? {
        guard let text = try parameters.value("max_age") else { return nil }
        guard text.utf8.count <= 10, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let age = Int64(text)
        else { throw ProtocolError(.invalidRequest, "`max_age` must be a number of seconds") }
        return age
    }

    private static func words(_ parameters: Parameters, _ name: String) throws(ProtocolError) -> [String] {
        let text = try parameters.value(name) ?? ""
        let words = text.split(separator: " ").map(String.init)
        guard words.count <= 16 else { throw ProtocolError(.invalidRequest, "`\(name)` holds too many values") }
        return words
    }
}

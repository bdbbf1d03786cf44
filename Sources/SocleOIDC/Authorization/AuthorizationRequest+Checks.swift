// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The checks of an authorization request, in the order they are made: this list is the protocol.
///
/// The client and the redirect URI come first and are answered on a page; from then on the client is told.
extension AuthorizationRequest {
    package init(validating parameters: Parameters, client: Client, issuer: String) throws(AuthorizationRefusal) {
        let target = try RedirectTarget(parameters, client: client)
        do throws(ProtocolError) {
            try parameters.refuseRepeated()
            try Self.refuseRequestObjects(parameters)
            try Self.requireCode(parameters, client: client)
            let scopes = try Self.scopes(parameters, client: client)
            let prompts = try Self.prompts(parameters)
            self.init(
                clientID: client.id, redirectURI: target.redirectURI, scopes: scopes,
                state: try parameters.value("state", limit: Parameters.Limit.state),
                nonce: try parameters.value("nonce"),
                codeChallenge: try Self.challenge(parameters, client: client)?.value,
                prompts: prompts,
                maximumAge: try Self.maximumAge(parameters),
                loginHint: try parameters.value("login_hint", limit: 256),
                acrValues: try Self.words(parameters, "acr_values"),
                uiLocales: try Self.words(parameters, "ui_locales"))
        } catch {
            // A state that is itself repeated or too long cannot be echoed.
            let state = try? parameters.value("state", limit: Parameters.Limit.state)
            throw .redirect(
                AuthorizationResponse(
                    refusing: error, redirectURI: target.redirectURI, state: state, issuer: issuer))
        }
    }

    /// The redirect URI, once it is known to be this client's.
    private struct RedirectTarget {
        let redirectURI: String

        init(_ parameters: Parameters, client: Client) throws(AuthorizationRefusal) {
            do throws(ProtocolError) {
                _ = try parameters.required("client_id", limit: Parameters.Limit.identifier)
                guard !client.disabled else { throw ProtocolError(.unauthorizedClient, "the application is disabled") }
                redirectURI = try parameters.required("redirect_uri", limit: Parameters.Limit.uri)
                guard RedirectURI.matches(redirectURI, client: client) else {
                    throw ProtocolError(.invalidRequest, "`redirect_uri` is not registered for this application")
                }
            } catch {
                throw .page(error)
            }
        }
    }

    /// OpenID Connect Core §6 is not offered, and says so by name.
    private static func refuseRequestObjects(_ parameters: Parameters) throws(ProtocolError) {
        if parameters.contains("request") {
            throw ProtocolError(.requestNotSupported, "`request` is not supported")
        }
        if parameters.contains("request_uri") {
            throw ProtocolError(.requestURINotSupported, "`request_uri` is not supported")
        }
        if parameters.contains("registration") {
            throw ProtocolError(.invalidRequest, "`registration` is not supported")
        }
    }

    /// The code flow and nothing else (RFC 9700 §2.1.2), answered in the query.
    private static func requireCode(_ parameters: Parameters, client: Client) throws(ProtocolError) {
        guard try parameters.required("response_type") == "code" else {
            throw ProtocolError(.unsupportedResponseType, "`response_type` must be `code`")
        }
        guard client.grantTypes.contains(.authorizationCode) else {
            throw ProtocolError(.unauthorizedClient, "this application may not ask for a code")
        }
        if let mode = try parameters.value("response_mode"), mode != "query" {
            throw ProtocolError(.invalidRequest, "`response_mode` must be `query`")
        }
    }

    private static func scopes(_ parameters: Parameters, client: Client) throws(ProtocolError) -> [String] {
        let scopes = try Scope.parse(try parameters.required("scope", limit: Parameters.Limit.scope))
        for scope in scopes where !client.scopes.contains(scope) || Scope.ofApplications.contains(scope) {
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

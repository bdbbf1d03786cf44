// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A logout asked for by an application (RP-Initiated Logout 1.0 §2), checked: what the page may rely on.
package struct LogoutRequest: Hashable, Sendable {
    /// The application that asks; nil when the request names none.
    package var clientID: String?
    /// What a verified `id_token_hint` says; nil without one. When it names the browser's own session the person need
    /// not be asked (§2: a request without a matching hint is to be confirmed).
    package var subject: String?
    package var sessionID: String?
    /// Where to go afterwards, `state` included: exactly a registered one, or nowhere.
    package var redirect: AuthorizationResponse?

    package init(
        clientID: String? = nil, subject: String? = nil, sessionID: String? = nil,
        redirect: AuthorizationResponse? = nil
    ) {
        self.clientID = clientID
        self.subject = subject
        self.sessionID = sessionID
        self.redirect = redirect
    }

    /// - Throws: for a page of ours, never for a redirect: a request at fault sends nobody anywhere.
    package init(
        validating parameters: Parameters, clients: any ClientRecords, keys: any SigningKeyRing, issuer: String
    ) async throws(ProtocolError) {
        try parameters.refuseRepeated()
        let named = try parameters.value("client_id", limit: Parameters.Limit.identifier)
        let state = try parameters.value("state", limit: Parameters.Limit.state)
        let uri = try parameters.value("post_logout_redirect_uri", limit: Parameters.Limit.uri)
        self.init()
        if let text = try parameters.value("id_token_hint", limit: Parameters.Limit.token) {
            let hint = try await IDTokenHint(text, keys: keys, issuer: issuer)
            guard named == nil || named == hint.clientID else {
                throw ProtocolError(.invalidRequest, "`client_id` is not the application of `id_token_hint`")
            }
            clientID = hint.clientID
            subject = hint.subject
            sessionID = hint.sessionID
        }
        clientID = clientID ?? named
        guard let uri else { return }
        guard let clientID, let client = try await Self.client(clientID, in: clients), !client.disabled,
            RedirectURI.isRegistered(uri, in: client.postLogoutRedirectURIs)
        else {
            throw ProtocolError(.invalidRequest, "`post_logout_redirect_uri` is not registered for this application")
        }
        redirect = AuthorizationResponse(
            redirectURI: uri, parameters: state.map { [(name: "state", value: $0)] } ?? [])
    }

    private static func client(
        _ id: String, in clients: any ClientRecords
    ) async throws(ProtocolError) -> Client? {
        do throws(RecordsUnavailable) {
            return try await clients.client(id)
        } catch {
            throw .unavailable(error.detail)
        }
    }
}

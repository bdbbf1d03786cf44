// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// `/oauth2/authorize` up to the sign-in: which client asks, whether it may ask that, and for whom.
package struct AuthorizationEndpoint: Sendable {
    private let clients: any ClientRecords
    private let keys: any SigningKeyRing
    private let endpoints: Endpoints
    private let objects: RequestObjects

    package init(
        clients: any ClientRecords, keys: any SigningKeyRing, endpoints: Endpoints, objects: RequestObjects
    ) {
        self.clients = clients
        self.keys = keys
        self.endpoints = endpoints
        self.objects = objects
    }

    /// - Returns: the request, every check passed, and its client.
    package func read(
        _ sent: Parameters, now: Instant
    ) async throws(AuthorizationRefusal) -> (request: AuthorizationRequest, client: Client) {
        let client = try await client(sent)
        let parameters = try await resolve(sent, client: client, now: now)
        var request = try AuthorizationRequest(validating: parameters, client: client, endpoints: endpoints)
        do throws(ProtocolError) {
            if let text = try parameters.value("id_token_hint", limit: Parameters.Limit.token) {
                let hint = try await IDTokenHint(text, keys: keys, issuer: endpoints.issuer)
                guard hint.clientID == client.id else {
                    throw ProtocolError(.invalidRequest, "`id_token_hint` is of another application")
                }
                guard request.hintedSubject == nil || request.hintedSubject == hint.subject else {
                    throw ProtocolError(.invalidRequest, "`id_token_hint` and `claims` name two people")
                }
                request.hintedSubject = hint.subject
            }
        } catch {
            throw .redirect(AuthorizationResponse(refusing: error, to: request, issuer: endpoints.issuer))
        }
        return (request, client)
    }

    /// A request object at fault is told at the redirect URI sent beside it, when that one is known good.
    private func resolve(
        _ sent: Parameters, client: Client, now: Instant
    ) async throws(AuthorizationRefusal) -> Parameters {
        do throws(ProtocolError) {
            return try await objects.resolve(sent, client: client, now: now)
        } catch {
            guard let target = try? AuthorizationRequest.RedirectTarget(sent, client: client) else {
                throw .page(error)
            }
            let state = (try? sent.value("state", limit: Parameters.Limit.state)) ?? nil
            throw .redirect(
                AuthorizationResponse(
                    refusing: error, redirectURI: target.redirectURI, state: state, mode: target.mode,
                    issuer: endpoints.issuer))
        }
    }

    private func client(_ parameters: Parameters) async throws(AuthorizationRefusal) -> Client {
        let found: Client?
        do throws(ProtocolError) {
            let id = try parameters.required("client_id", limit: Parameters.Limit.identifier)
            do throws(RecordsUnavailable) {
                found = try await clients.client(id)
            } catch {
                throw .unavailable(error.detail)
            }
        } catch {
            throw .page(error)
        }
        guard let found else { throw .page(ProtocolError(.invalidClient, "this application is not registered")) }
        return found
    }
}

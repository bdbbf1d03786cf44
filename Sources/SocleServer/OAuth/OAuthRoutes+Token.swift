// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC

/// The endpoints that applications call with a form: token, introspection, revocation.
extension OAuthRoutes {
    var tokenRoutes: [Route] {
        [
            crossOrigin.route(.post, Endpoints.Path.token.rawValue) { request in
                await answer(request, .token) { parameters throws(ProtocolError) in
                    let response = try await token.answer(
                        authorization: request.authorizationFields, parameters: parameters, address: request.network,
                        now: clock())
                    return .bytes(response.json, type: "application/json", headers: .notStored)
                }
            },
            crossOrigin.preflight(Endpoints.Path.token.rawValue, methods: "POST"),
            Route(.post, Endpoints.Path.introspect.rawValue) { request in
                await answer(request, .introspect) { parameters throws(ProtocolError) in
                    if request.headers[.accept]?.contains(IntrospectionTokens.mediaType) == true {
                        let token = try await introspectionTokens.answer(
                            authorization: request.authorizationFields, parameters: parameters,
                            address: request.network, now: clock())
                        return .bytes(
                            Array(token.utf8), type: IntrospectionTokens.mediaType, headers: .notStored)
                    }
                    let json = try await introspection.answer(
                        authorization: request.authorizationFields, parameters: parameters, address: request.network,
                        now: clock())
                    return .bytes(json, type: "application/json", headers: .notStored)
                }
            },
            crossOrigin.route(.post, Endpoints.Path.revoke.rawValue) { request in
                await answer(request, .revoke) { parameters throws(ProtocolError) in
                    try await revocation.answer(
                        authorization: request.authorizationFields, parameters: parameters, address: request.network,
                        now: clock())
                    return .empty(.ok, headers: .notStored)
                }
            },
            crossOrigin.preflight(Endpoints.Path.revoke.rawValue, methods: "POST"),
        ]
    }

    private func answer(
        _ request: WebRequest, _ endpoint: Endpoints.Path,
        _ body: (Parameters) async throws(ProtocolError) -> WebResponse
    ) async -> WebResponse {
        do throws(ProtocolError) {
            // Credentials and tokens in a URI end up in logs (RFC 6749 §2.3.1, RFC 7009 §2.1).
            guard request.query?.isEmpty ?? true else {
                throw ProtocolError(.invalidRequest, "parameters go in the body")
            }
            let parameters: Parameters
            do throws(FormError) {
                parameters = Parameters(try Form(body: request))
            } catch {
                throw ProtocolError(.invalidRequest, error.description)
            }
            return try await body(parameters)
        } catch {
            log(error, request, endpoint)
            return .oauthError(error)
        }
    }
}

extension WebRequest {
    var authorizationFields: [String] { headers[values: .authorization] }
}

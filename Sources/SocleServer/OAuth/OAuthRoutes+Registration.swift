// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC

/// `/oauth2/register` (RFC 7591) and, under it, each client's own registration (RFC 7592).
extension OAuthRoutes {
    var registrationRoutes: [Route] {
        let path = Endpoints.Path.register.rawValue
        return [
            Route(.post, path) { request in
                await register(request) { bearer throws(RegistrationRefusal) in
                    let metadata = try Self.metadata(request)
                    let told = try await registration.register(bearer: bearer, metadata: metadata, now: clock())
                    return .json(.object(told), status: .created, headers: .notStored)
                }
            },
            Route(.get, path + "/*") { request in
                await register(request) { bearer throws(RegistrationRefusal) in
                    let told = try await registration.read(bearer: bearer, id: request.lastSegment)
                    return .json(.object(told), headers: .notStored)
                }
            },
            Route(.put, path + "/*") { request in
                await register(request) { bearer throws(RegistrationRefusal) in
                    let metadata = try Self.metadata(request)
                    let told = try await registration.replace(
                        bearer: bearer, id: request.lastSegment, metadata: metadata, now: clock())
                    return .json(.object(told), headers: .notStored)
                }
            },
            Route(.delete, path + "/*") { request in
                await register(request) { bearer throws(RegistrationRefusal) in
                    try await registration.remove(bearer: bearer, id: request.lastSegment, now: clock())
                    return .empty(.noContent, headers: .notStored)
                }
            },
        ]
    }

    private static func metadata(_ request: WebRequest) throws(RegistrationRefusal) -> JSONObject {
        guard request.hasMediaType("application/json"),
            let object = (try? JSONValue(parsing: request.body, limits: JSONLimits(depth: 8, values: 2000)))?.object
        else { throw RegistrationRefusal(.invalidClientMetadata, "the body must be one JSON object") }
        return object
    }

    private func register(
        _ request: WebRequest, _ body: (String?) async throws(RegistrationRefusal) -> WebResponse
    ) async -> WebResponse {
        do throws(RegistrationRefusal) {
            return try await body(try? request.bearerToken())
        } catch {
            let told = ProtocolError(.invalidToken, error.message, detail: error.detail)
            log(told, request, .register)
            switch error.code {
            case .invalidToken:
                return .bearerRefusal(told, scope: "", metadata: endpoints.url(.protectedResource))
            case .unavailable:
                return .oauthError(.unavailable(error.detail ?? ""))
            case .invalidRedirectURI, .invalidClientMetadata:
                return .json(
                    ["error": .string(error.code.rawValue), "error_description": .string(told.wireMessage)],
                    status: .badRequest, headers: .notStored)
            }
        }
    }
}

extension WebRequest {
    /// What stands after the last slash, as sent: identifiers hold nothing that has to be decoded.
    fileprivate var lastSegment: String { String(path.split(separator: "/").last ?? "") }
}

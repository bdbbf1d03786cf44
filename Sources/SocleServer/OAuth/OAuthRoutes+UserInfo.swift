// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
import SocleOIDC

extension OAuthRoutes {
    var userInfoRoutes: [Route] {
        let path = Endpoints.Path.userInfo.rawValue
        return [
            crossOrigin.route(.get, path) { request in
                await userInfo(request) { () throws(ProtocolError) in try request.bearerToken() }
            },
            crossOrigin.route(.post, path) { request in
                await userInfo(request) { () throws(ProtocolError) in try Self.token(inHeaderOrBodyOf: request) }
            },
            crossOrigin.preflight(path, methods: "GET, POST"),
        ]
    }

    private func userInfo(_ request: WebRequest, token: () throws(ProtocolError) -> String?) async -> WebResponse {
        do throws(ProtocolError) {
            guard let token = try token() else { return bearerRefusal(nil) }
            switch try await userInfo.answer(bearer: token, now: clock()) {
            case .claims(let claims): return .json(.object(claims), headers: .notStored)
            case .token(let token): return .bytes(Array(token.utf8), type: "application/jwt", headers: .notStored)
            }
        } catch {
            log(error, request, .userInfo)
            return bearerRefusal(error)
        }
    }

    private func bearerRefusal(_ error: ProtocolError?) -> WebResponse {
        .bearerRefusal(error, scope: Scope.openID, metadata: endpoints.url(.protectedResource))
    }

    /// RFC 6750 §2.2: in a form body, and then nowhere else. A body that is not a form carries no token.
    private static func token(inHeaderOrBodyOf request: WebRequest) throws(ProtocolError) -> String? {
        let header = try request.bearerToken()
        guard request.hasMediaType("application/x-www-form-urlencoded") else { return header }
        let parameters: Parameters
        do throws(FormError) {
            parameters = Parameters(try Form(body: request))
        } catch {
            throw ProtocolError(.invalidRequest, error.description)
        }
        let body = try parameters.value("access_token", limit: Parameters.Limit.token)
        guard header == nil || body == nil else {
            throw ProtocolError(.invalidRequest, "the access token is sent in two ways")
        }
        return header ?? body
    }
}

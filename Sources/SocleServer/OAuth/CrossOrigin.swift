// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC

/// CORS for the endpoints that scripts of an application call: allowed to the origins of registered redirect URIs,
/// and to no other. Without cookies: these endpoints look at none.
struct CrossOrigin: Sendable {
    let clients: any ClientRecords

    /// The route, with its answers readable by a registered origin.
    func route(
        _ method: HTTPRequest.Method, _ path: String, _ handle: @escaping @Sendable (WebRequest) async -> WebResponse
    ) -> Route {
        Route(method, path) { request in
            var response = await handle(request)
            // Whatever the origin, a cache must not serve this answer to another one.
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
            guard let origin = await allowedOrigin(request) else { return response }
            response.headers[.accessControlAllowOrigin] = origin
            // So that a script can read why it was refused.
            response.headers[.accessControlExposeHeaders] = "WWW-Authenticate, Retry-After"
            return response
        }
    }

    /// The preflight of a route (Fetch §3.2.2). An origin that is not registered gets an answer that allows nothing.
    func preflight(_ path: String, methods: String) -> Route {
        Route(.options, path, bodyLimit: 0) { request in
            var response = WebResponse.empty(.noContent, headers: [.vary: "Origin", .allow: "\(methods), OPTIONS"])
            guard let origin = await allowedOrigin(request) else { return response }
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlAllowMethods] = methods
            response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type"
            response.headers[.accessControlMaxAge] = "600"
            return response
        }
    }

    private func allowedOrigin(_ request: WebRequest) async -> String? {
        guard let origin = request.headers[.origin], origin.utf8.count <= 255, origin != "null" else { return nil }
        // An origin that cannot be looked up is not allowed.
        guard let known = try? await clients.isRegistered(origin: origin), known else { return nil }
        return origin
    }
}

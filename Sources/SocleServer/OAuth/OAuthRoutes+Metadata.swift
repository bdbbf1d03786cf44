// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC

/// What anyone may read: the provider's metadata and keys.
extension OAuthRoutes {
    var metadataRoutes: [Route] {
        document(.openIDConfiguration, metadata.openIDProvider)
            + document(.authorizationServer, metadata.authorizationServer)
            + document(.protectedResource, metadata.protectedResource)
            + [
                crossOrigin.route(.get, Endpoints.Path.keys.rawValue) { request in await keySet(request) },
                crossOrigin.preflight(Endpoints.Path.keys.rawValue, methods: "GET"),
            ]
    }

    /// Written once: it changes with the configuration alone.
    private func document(_ path: Endpoints.Path, _ object: JSONObject) -> [Route] {
        let answer = WebResponse.bytes(JSONValue.object(object).bytes, type: "application/json")
            .caching(for: .minutes(5))
        return [
            crossOrigin.route(.get, path.rawValue) { _ in answer },
            crossOrigin.preflight(path.rawValue, methods: "GET"),
        ]
    }

    /// Five minutes: a key is published well before it signs, so that a cached set holds it by then.
    private func keySet(_ request: WebRequest) async -> WebResponse {
        do {
            let set = JWKSet(try await keys.published())
            return .bytes(JSONValue.object(set.json).bytes, type: "application/jwk-set+json")
                .caching(for: .minutes(5))
        } catch {
            log(.unavailable("\(error)"), request, .keys)
            return .problem(.serviceUnavailable, headers: [.retryAfter: "5"])
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleAudit
import SocleFHIR
import SocleOIDC

/// An application whose token was verified, and what it may do.
struct FHIRCaller: Sendable {
    var client: String
    var scopes: [String]
    var stamp: Stamp

    var matchesIdentities: Bool { scopes.contains(Scope.matchIdentities) }

    /// The same caller, when it may do that with those resources.
    /// - Throws: 403 for a token without the scope.
    func allowed(_ permission: SystemScope.Permission, _ type: String) throws(FHIRRefusal) -> FHIRCaller {
        guard SystemScope.permits(permission, on: type, scopes: scopes) else {
            throw FHIRRefusal(
                403, .forbidden, "the token does not hold a scope like `system/\(type).\(permission.rawValue)`")
        }
        return self
    }
}

extension FHIRRoutes {
    struct Refusal: Error { var response: WebResponse }

    /// The bearer's token, verified as at every Socle endpoint: a revoked one is refused at once.
    func caller(of request: WebRequest) async -> Result<FHIRCaller, Refusal> {
        do throws(ProtocolError) {
            guard let bearer = try request.bearerToken() else {
                return .failure(unauthenticated(nil, "a bearer token is needed"))
            }
            let token = try await verify(bearer)
            // System scopes are an application's own; a person's token never holds any.
            guard !token.isUserToken else {
                throw ProtocolError(.insufficientScope, "this interface is for applications")
            }
            return .success(FHIRCaller(client: token.clientID, scopes: token.scopes, stamp: token.stamp))
        } catch {
            logger.info(
                "refused",
                metadata: [
                    "id": "\(request.id)", "error": "\(error.code.rawValue)",
                    "detail": "\(error.detail ?? error.message)", "address": "\(request.address)",
                ])
            return .failure(unauthenticated(error, error.wireMessage))
        }
    }

    /// The status and challenge of RFC 6750, the body of FHIR.
    private func unauthenticated(_ error: ProtocolError?, _ words: String) -> Refusal {
        let bearer = WebResponse.bearerRefusal(
            error, scope: "system/*.rs", metadata: endpoints.url(.protectedResource))
        let code: SocleFHIR.Issue.Code =
            switch bearer.status.code {
            case 401: .login
            case 403: .forbidden
            case 503: .transient
            default: .invalid
            }
        var headers = bearer.headers
        headers[.contentType] = nil
        return Refusal(response: .outcome(FHIRRefusal(bearer.status.code, code, words), headers: headers))
    }
}

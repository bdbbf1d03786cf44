// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import SocleOIDC

extension OAuthRoutes {
    /// GET and POST mean the same (OpenID Connect Core §3.1.2.1).
    var authorizeRoutes: [Route] {
        let path = Endpoints.Path.authorize.rawValue
        return [
            Route(.get, path) { request in
                await authorize(request) { () throws(FormError) in try Form(query: request.query) }
            },
            Route(.post, path) { request in
                await authorize(request) { () throws(FormError) in try Form(body: request) }
            },
        ]
    }

    private func authorize(_ request: WebRequest, form: () throws(FormError) -> Form) async -> WebResponse {
        let parameters: Parameters
        do throws(FormError) {
            parameters = Parameters(try form())
        } catch {
            return pages.refuse(ProtocolError(.invalidRequest, error.description), request)
        }
        do throws(AuthorizationRefusal) {
            let (asked, client) = try await authorization.read(parameters, now: clock())
            return await pages.begin(asked, client, request)
        } catch {
            switch error {
            case .page(let error):
                log(error, request, .authorize)
                return pages.refuse(error, request)
            case .redirect(let response): return .redirect(to: response)
            }
        }
    }
}

extension Parameters {
    package init(_ form: Form) { self.init(form.fields.map { (name: $0.name, value: $0.value) }) }
}

extension WebResponse {
    /// Back to the client in the mode it asked for: by GET whatever the method was (RFC 9700 §4.12), or by a form.
    package static func redirect(to response: AuthorizationResponse) -> WebResponse {
        guard response.mode == .query else { return FormPost.page(response) }
        return .redirect(to: Form.append(response.parameters, to: response.redirectURI))
    }
}

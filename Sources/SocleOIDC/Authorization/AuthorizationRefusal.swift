// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where a refused authorization request is answered.
package enum AuthorizationRefusal: Error, Hashable, Sendable {
    /// To the person, on a page of ours: the client or its redirect URI is not known good, and sending the browser
    /// there would make Socle an open redirector (RFC 6749 §4.1.2.1; RFC 9700 §4.11).
    case page(ProtocolError)
    case redirect(AuthorizationResponse)
}

extension AuthorizationResponse {
    /// An error for the client, with `state` and `iss`.
    package init(
        refusing error: ProtocolError, redirectURI: String, state: String?, mode: ResponseMode, issuer: String
    ) {
        var parameters = [
            (name: "error", value: error.code.rawValue), (name: "error_description", value: error.wireMessage),
        ]
        if let state { parameters.append((name: "state", value: state)) }
        parameters.append((name: "iss", value: issuer))
        self.init(redirectURI: redirectURI, parameters: parameters, mode: mode)
    }

    /// An error for the client that asked.
    package init(refusing error: ProtocolError, to request: AuthorizationRequest, issuer: String) {
        self.init(
            refusing: error, redirectURI: request.redirectURI, state: request.state, mode: request.responseMode,
            issuer: issuer)
    }
}

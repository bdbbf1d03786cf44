// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension AuthorizationRequest {
    /// What signing in from the launcher asks for: no application, so no code. No client has an empty identifier.
    package static let home = AuthorizationRequest(clientID: "", redirectURI: "/", scopes: [])

    package var isHome: Bool { clientID.isEmpty }
}

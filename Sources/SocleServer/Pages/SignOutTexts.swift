// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The texts of the page shown while applications are signed out of, and after.
struct SignOutTexts: Sendable {
    var title: String
    var lead: String
    var next: String

    static func of(_ language: Language) -> SignOutTexts {
        switch language {
        case .french:
            SignOutTexts(
                title: "Déconnexion de vos services",
                lead: "Vous êtes déconnecté. Ces services en sont avertis\u{00A0}:",
                next: "Continuer")
        case .english:
            SignOutTexts(
                title: "Signing out of your services", lead: "You are signed out. These services are being told:",
                next: "Continue")
        }
    }
}

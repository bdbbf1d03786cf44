// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What the forms of one page carry beside their fields: the interaction and the token that ties them to the browser.
struct FormContext: Sendable {
    var browser: Browser
    /// nil on the pages of the account.
    var interaction: String?
    var purpose: String
    /// The language the person chose on a page, to be kept.
    var language: String?

    var hidden: HTML { hidden(for: purpose) }

    func hidden(for purpose: String) -> HTML {
        let language: HTML? = language.map { "<input type=\"hidden\" name=\"lang\" value=\"\($0)\">" }
        let interaction: HTML? = interaction.map { "<input type=\"hidden\" name=\"i\" value=\"\($0)\">" }
        let token = browser.token(purpose: purpose, interaction: self.interaction)
        return "<input type=\"hidden\" name=\"csrf\" value=\"\(token)\">\(interaction)\(language)"
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Every text of the pages, in one language. Narrow no-break spaces stand before `?`, `!` and `;` in French,
/// and no-break hyphens hold the region's name together.
struct Texts: Sendable {
    var language: Language
    var skip: String
    var service: String
    var footer: String
    var otherLanguage: String
    var problem: String
    /// Before the title of a page shown again after a mistake, for who hears the page.
    var errorPrefix: String

    var signInTitle: String
    var continueTo: @Sendable (_ application: String) -> String
    var login: String
    var password: String
    var next: String

    var codeTitle: String
    var codeHint: String
    var code: String
    var confirm: String
    var notYou: String

    var situationTitle: String
    var situationHint: String
    var situationLegend: String

    var homeTitle: String
    var homeInvitation: String
    var signIn: String
    var signOut: String
    var signedInAs: String
    var situation: String
    var noSituation: String
    var changeSituation: String
    var services: String
    var noServices: String
    var cancel: String

    var signOutTitle: String
    var signOutQuestion: String
    var signOutAsked: @Sendable (_ application: String) -> String
    var stay: String
    var signedOutTitle: String
    var signedOutHint: String
    var backHome: String

    var mistakes: Mistakes
    var faults: Faults

    /// What the person did that cannot be accepted.
    struct Mistakes: Sendable {
        var noLogin: String
        var noPassword: String
        var noCode: String
        var noSituation: String
        var wrongPassword: String
        var wrongCode: String
        var busy: String
        var waitSeconds: @Sendable (Int64) -> String
        var waitMinutes: @Sendable (Int64) -> String
    }

    /// A page that ends there: a title and what to do.
    struct Faults: Sendable {
        var expired: (title: String, text: String)
        var foreign: (title: String, text: String)
        var invalid: (title: String, text: String)
        var unavailable: (title: String, text: String)
        var reference: String
    }

    static func of(_ language: Language) -> Texts {
        switch language {
        case .french: french
        case .english: english
        }
    }
}

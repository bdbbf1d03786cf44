// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleOIDC

/// The fields of a new password, wherever one is chosen.
struct NewPasswordFields: Sendable {
    let words: PasswordTexts
    /// Those to correct.
    let wrong: Set<String>
    /// Whether the cursor begins here.
    let isFirst: Bool

    var html: HTML {
        """
        <div class="field">
        <label for="new">\(words.new)</label>
        <p class="hint" id="rule">\(words.rule)</p>
        <input id="new" name="new" type="password" autocomplete="new-password" maxlength="1024" required \
        aria-describedby="rule"\(Self.invalid("new", wrong))\(isFirst ? " autofocus" : "")>
        </div>
        <div class="field">
        <label for="again">\(words.again)</label>
        <input id="again" name="again" type="password" autocomplete="new-password" maxlength="1024" required\
        \(Self.invalid("again", wrong))>
        </div>
        """
    }

    static func invalid(_ field: String, _ wrong: Set<String>) -> HTML {
        wrong.contains(field) ? " aria-invalid=\"true\"" : ""
    }
}

extension OwnAccountPages {
    func password(_ account: Account) -> Page {
        let words = PasswordTexts.of(texts.language)
        let wrong = Set(mistakes.map(\.field))
        let since: HTML? = account.passwordSince.map { "<p class=\"lead\">\(words.since) \(time($0))</p>" }
        return page(
            words.title,
            """
            \(since)
            <form method="post" action="\(link: AccountPart.password.rawValue)">
            \(context.hidden)
            <div class="field">
            <label for="current">\(words.current)</label>
            <input id="current" name="current" type="password" autocomplete="current-password" maxlength="1024" required\
            \(NewPasswordFields.invalid("current", wrong))>
            </div>
            \(NewPasswordFields(words: words, wrong: wrong, isFirst: false).html)
            <p>\(words.othersEnd)</p>
            <button type="submit">\(words.change)</button>
            </form>
            """)
    }
}

extension SignInPages {
    /// In place of a temporary password.
    func newPassword(mistakes: [Mistake] = []) -> Page {
        let words = PasswordTexts.of(texts.language)
        let fields = NewPasswordFields(
            words: words, wrong: Set(mistakes.map(\.field)), isFirst: mistakes.isEmpty)
        return page(
            words.forcedTitle, lead: words.forcedLead, mistakes,
            """
            <form method="post" action="/login/new-password">
            \(context.hidden)
            \(fields.html)
            <button type="submit">\(texts.next)</button>
            </form>
            <form method="post" action="/login/restart">
            \(context.hidden(for: "restart"))
            <button type="submit" class="plain">\(texts.notYou)</button>
            </form>
            """)
    }
}

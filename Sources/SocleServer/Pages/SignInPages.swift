// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The pages of the sign-in steps.
struct SignInPages: Sendable {
    let texts: Texts
    /// Where the page's forms go back to and what they carry.
    let context: FormContext
    /// The application's name; nil at the launcher.
    let application: String?
    /// What it says of itself, when it is not one of the region's own.
    var card: ApplicationCard?

    func password(login: String?, mistakes: [Mistake] = []) -> Page {
        let wrongLogin = mistakes.contains { $0.field == "login" }
        let wrongPassword = mistakes.contains { $0.field == "password" }
        // The cursor goes where there is something to type, or to the summary of what went wrong.
        let focusLogin = mistakes.isEmpty && login == nil
        let focusPassword = mistakes.isEmpty && login != nil
        return page(
            texts.signInTitle, lead: application.map(texts.continueTo), mistakes,
            """
            <form method="post" action="/login/password">
            \(context.hidden)
            <div class="field">
            <label for="login">\(texts.login)</label>
            <input id="login" name="login" type="text" value="\(login ?? "")" autocomplete="username" \
            autocapitalize="none" autocorrect="off" spellcheck="false" maxlength="128" required\
            \(invalid(wrongLogin))\(focus(focusLogin))>
            </div>
            <div class="field">
            <label for="password">\(texts.password)</label>
            <input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" \
            required\(invalid(wrongPassword))\(focus(focusPassword))>
            </div>
            <button type="submit">\(texts.next)</button>
            </form>
            """)
    }

    func code(mistakes: [Mistake] = []) -> Page {
        page(
            texts.codeTitle, lead: texts.codeHint, mistakes,
            """
            <form method="post" action="/login/code">
            \(context.hidden)
            <div class="field">
            <label for="code">\(texts.code)</label>
            <input id="code" class="code" name="code" type="text" inputmode="numeric" pattern="[0-9 ]*" \
            autocomplete="one-time-code" maxlength="7" required\(invalid(!mistakes.isEmpty))\(focus(mistakes.isEmpty))>
            </div>
            <button type="submit">\(texts.confirm)</button>
            </form>
            <form method="post" action="/login/restart">
            \(context.hidden(for: "restart"))
            <button type="submit" class="plain">\(texts.notYou)</button>
            </form>
            """)
    }

    func situation(
        _ offered: [(id: String, label: String)], chosen: String?, action: Action, mistakes: [Mistake] = []
    ) -> Page {
        let choices = offered.enumerated().map { index, situation -> HTML in
            let checked: HTML = situation.id == chosen ? " checked" : ""
            return """
                <label class="choice" for="situation-\(String(index))">
                <input id="situation-\(String(index))" name="situation" type="radio" value="\(situation.id)" required\
                \(checked)> <span>\(situation.label)</span></label>

                """
        }
        let cancel: HTML? =
            action == .account
            ? "<form method=\"get\" action=\"/\"><button class=\"plain\">\(texts.cancel)</button></form>" : nil
        return page(
            texts.situationTitle, lead: texts.situationHint, mistakes,
            """
            <form method="post" action="\(link: action.rawValue)">
            \(context.hidden)
            <fieldset>
            <legend>\(texts.situationLegend)</legend>
            \(choices)
            </fieldset>
            <button type="submit">\(texts.next)</button>
            </form>
            \(cancel)
            """)
    }

    /// Where the choice of a situation is sent: within a sign-in, or from the launcher.
    enum Action: String {
        case interaction = "/login/situation"
        case account = "/account/situation"
    }

    func page(_ title: String, lead: String?, _ mistakes: [Mistake], _ form: HTML) -> Page {
        let lead: HTML? = lead.map { "<p class=\"lead\">\($0)</p>" }
        return Page(
            title: mistakes.isEmpty ? title : "\(texts.errorPrefix) · \(title)",
            content:
                "<h1>\(title)</h1>\n\(card?.html(.of(texts.language)))\(lead)\n\(Mistake.summary(mistakes, texts))\n\(form)"
        )
    }

    private func invalid(_ isInvalid: Bool) -> HTML {
        isInvalid ? " aria-invalid=\"true\" aria-describedby=\"summary\"" : ""
    }

    private func focus(_ isFocused: Bool) -> HTML { isFocused ? " autofocus" : "" }
}

/// What the person entered that cannot be accepted, and the field to go back to.
struct Mistake: Hashable, Sendable {
    var text: String
    var field: String

    /// The summary takes the focus: it is read first, and leads to the field.
    static func summary(_ mistakes: [Mistake], _ texts: Texts) -> HTML? {
        guard !mistakes.isEmpty else { return nil }
        let items = mistakes.map { mistake -> HTML in
            "<li><a href=\"#\(mistake.field)\">\(mistake.text)</a></li>"
        }
        return """
            <div class="summary" id="summary" role="alert" tabindex="-1" autofocus>
            <h2>\(texts.problem)</h2>
            <ul>\(items)</ul>
            </div>
            """
    }
}

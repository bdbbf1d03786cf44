// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleOIDC

/// The pages of a person's own account.
struct OwnAccountPages: Sendable {
    let texts: Texts
    let context: FormContext
    var notice: AccountNotice?
    var mistakes: [Mistake] = []

    var words: AccountTexts { .of(texts.language) }

    func overview(
        _ account: Account, situations: [ExerciseSituation],
        parts: [(part: AccountPart, title: String, hint: String)]
    ) -> Page {
        let labels = situations.isEmpty ? [texts.noSituation] : situations.map(\.label)
        let items = labels.map { label -> HTML in "<dd>\(label)</dd>\n" }
        let links = parts.map { part -> HTML in
            """
            <li><a href="\(link: part.part.rawValue)">\(part.title)</a>
            <p>\(part.hint)</p></li>

            """
        }
        return page(
            words.title, back: (link: "/", text: texts.backHome),
            """
            <dl>
            <dt>\(words.name)</dt><dd>\(account.displayName)</dd>
            <dt>\(words.login)</dt><dd>\(account.login)</dd>
            <dt>\(words.situations)</dt>
            \(items)</dl>
            <ul class="parts">
            \(links)</ul>
            """)
    }

    func sessions(_ sessions: [Session], current: Session) -> Page {
        let own = sessions.filter { $0.id == current.id }.map { card($0, isCurrent: true) }
        let others = sessions.filter { $0.id != current.id }
        let none: HTML? = others.isEmpty ? "<p class=\"lead\">\(words.noOthers)</p>" : nil
        return page(
            words.sessionsTitle,
            """
            <ul class="cards">
            \(own)\(others.map { card($0, isCurrent: false) })</ul>
            \(none)
            <form method="post" action="/account/sessions/others">
            \(context.hidden)
            <button type="submit" class="second">\(words.endOthers)</button>
            </form>
            <p class="reference">\(words.deviceNote)</p>
            """)
    }

    private func card(_ session: Session, isCurrent: Bool) -> HTML {
        let device = words.device(session.device)
        let end: HTML =
            isCurrent
            ? "<p class=\"mark\">\(words.thisDevice)</p>"
            : """
            <form method="post" action="/account/sessions">
            \(context.hidden)
            <input type="hidden" name="session" value="\(session.id)">
            <button type="submit" class="plain">\(words.endSession(device))</button>
            </form>
            """
        return """
            <li><h2>\(device)</h2>
            <p>\(words.started) \(time(session.startedAt))<br>\(words.lastSeen) \(time(session.lastSeen))</p>
            \(end)</li>

            """
    }

    func applications(_ applications: [KnownApplication]) -> Page {
        let list: HTML =
            applications.isEmpty
            ? "<p class=\"lead\">\(words.noApplications)</p>"
            : "<ul class=\"cards\">\n\(applications.map(card))</ul>"
        return page(words.applicationsTitle, list)
    }

    private func card(_ application: KnownApplication) -> HTML {
        let name = application.client?.name ?? words.deleted
        let consent = ConsentTexts.of(texts.language)
        let since: HTML? = application.since.map { "<p>\(words.since) \(time($0))</p>" }
        var about: HTML
        if application.isThirdParty {
            let scopes = application.scopes.sorted().map { consent.scopes[$0] ?? $0 }
            let items = (scopes + application.claims.sorted().map(consent.claim)).map { text -> HTML in
                "<li>\(text)</li>\n"
            }
            about = "<h3>\(words.knows)</h3>\n<ul>\n\(items)</ul>"
        } else {
            about = "<p>\(words.regionNote)</p>"
        }
        if application.isOffline { about = "\(about)\n<p>\(words.offline)</p>" }
        let label = application.isThirdParty ? words.withdraw(name) : words.endAccess(name)
        let end: HTML? =
            application.canBeEnded
            ? """
            <form method="post" action="/account/applications">
            \(context.hidden)
            <input type="hidden" name="client" value="\(application.clientID)">
            <button type="submit" class="plain">\(label)</button>
            </form>
            """ : nil
        return """
            <li><h2>\(name)</h2>
            <p class="mark">\(application.isThirdParty ? words.thirdParty : words.region)</p>
            \(since)
            \(about)
            \(end)</li>

            """
    }

    func time(_ instant: Instant) -> HTML {
        "<time datetime=\"\(instant.description)\">\(RegionTime(instant).text(texts.language))</time>"
    }

    /// A page of the account: what was just done or cannot be, its content, and the way back.
    func page(_ title: String, lead: String? = nil, back: (link: String, text: String)? = nil, _ content: HTML) -> Page
    {
        let lead: HTML? = lead.map { "<p class=\"lead\">\($0)</p>" }
        let notice: HTML? = notice.map {
            "<p class=\"notice\" role=\"status\" tabindex=\"-1\" autofocus>\(words.done($0))</p>"
        }
        let back = back ?? (link: AccountPart.overview.rawValue, text: words.back)
        var page = Page(
            title: mistakes.isEmpty ? title : "\(texts.errorPrefix) · \(title)",
            content: """
                <h1>\(title)</h1>
                \(lead)
                \(notice)
                \(Mistake.summary(mistakes, texts))
                \(content)
                <p class="way"><a href="\(link: back.link)">\(back.text)</a></p>
                """)
        if !mistakes.isEmpty { page.status = .unprocessableContent }
        return page
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC

/// The launcher and the pages of signing out.
struct AccountPages: Sendable {
    let texts: Texts

    func home(
        name: String, situation: String?, canChange: Bool, services: [ServiceLink], signOut: FormContext
    ) -> Page {
        let links = services.map { service -> HTML in
            "<li><a href=\"\(link: service.url)\">\(service.name)</a></li>\n"
        }
        let list: HTML =
            services.isEmpty ? "<p class=\"lead\">\(texts.noServices)</p>" : "<ul class=\"services\">\n\(links)</ul>"
        let change: HTML? =
            canChange ? "<p><a href=\"/account/situation\">\(texts.changeSituation)</a></p>" : nil
        return Page(
            title: texts.homeTitle,
            content: """
                <h1>\(texts.homeTitle)</h1>
                <dl>
                <dt>\(texts.signedInAs)</dt><dd>\(name)</dd>
                <dt>\(texts.situation)</dt><dd>\(situation ?? texts.noSituation)</dd>
                </dl>
                \(change)
                <p><a href="\(link: AccountPart.overview.rawValue)">\(AccountTexts.of(texts.language).title)</a></p>
                <h2>\(texts.services)</h2>
                \(list)
                <form method="post" action="/account/sign-out">
                \(signOut.hidden)
                <button type="submit" class="second">\(texts.signOut)</button>
                </form>
                """)
    }

    func welcome() -> Page {
        Page(
            title: texts.homeTitle,
            content: """
                <h1>\(texts.homeTitle)</h1>
                <p class="lead">\(texts.homeInvitation)</p>
                <p><a class="button" href="/login">\(texts.signIn)</a></p>
                """)
    }

    /// - Parameter request: what the application asked, checked again when the answer comes.
    func confirmSignOut(application: String?, request: String, form: FormContext) -> Page {
        let asked: HTML? = application.map { "<p class=\"lead\">\(texts.signOutAsked($0))</p>" }
        return Page(
            title: texts.signOutTitle,
            content: """
                <h1>\(texts.signOutTitle)</h1>
                \(asked)
                <p class="lead">\(texts.signOutQuestion)</p>
                <form method="post" action="/account/sign-out">
                \(form.hidden)
                <input type="hidden" name="request" value="\(request)">
                <button type="submit">\(texts.signOut)</button>
                </form>
                <form method="get" action="/"><button type="submit" class="plain">\(texts.stay)</button></form>
                """)
    }

    func signedOut() -> Page {
        Page(
            title: texts.signedOutTitle,
            content: """
                <h1>\(texts.signedOutTitle)</h1>
                <p class="lead">\(texts.signedOutHint)</p>
                <p><a class="button" href="/">\(texts.backHome)</a></p>
                """)
    }

    /// - Parameters:
    ///   - detail: what is wrong, for who looks after the application; our own words, never what was sent.
    ///   - reference: the request's id, by which its log is found.
    func fault(
        _ fault: (title: String, text: String), status: HTTPResponse.Status, detail: String? = nil, reference: String
    ) -> Page {
        let detail: HTML? = detail.map { "<p class=\"reference\"><code>\($0)</code></p>" }
        return Page(
            title: fault.title,
            content: """
                <h1>\(fault.title)</h1>
                <p class="lead">\(fault.text)</p>
                <p><a href="/">\(texts.backHome)</a></p>
                \(detail)
                <p class="reference">\(texts.faults.reference)\(texts.colon) <code>\(reference)</code></p>
                """, status: status)
    }
}

extension Texts {
    /// French sets a no-break space before a colon.
    var colon: String { language == .french ? "\u{A0}:" : ":" }
}

/// A service as the launcher lists it.
package struct ServiceLink: Hashable, Sendable {
    package var name: String
    package var url: String

    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes

/// One page: its title, its content, and where its forms may lead.
struct Page: Sendable {
    var title: String
    var content: HTML
    /// Origins beside ours where a form's answer may redirect: browsers check `form-action` along the redirects too.
    var formTargets: [String] = []
    /// Origins from which the page shows an image: the logo of an application that registered itself.
    var imageSources: [String] = []
    /// Origins whose pages this one frames: applications being signed out of.
    var frameSources: [String] = []
    /// Where the browser goes by itself, and after how many seconds.
    var next: (after: Int, uri: String)?
    var status: HTTPResponse.Status = .ok
    /// The same page in the other language; nil where the page cannot be asked for again.
    var otherLanguageLink: String?

    func response(_ texts: Texts) -> WebResponse {
        var response = WebResponse.bytes(
            Array(document(texts).text.utf8), type: "text/html; charset=utf-8", status: status)
        let targets = (["'self'"] + formTargets).joined(separator: " ")
        let images = imageSources.isEmpty ? "" : "img-src \(imageSources.joined(separator: " ")); "
        let frames = frameSources.isEmpty ? "" : "frame-src \(frameSources.joined(separator: " ")); "
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; \(images)\(frames)form-action \(targets); frame-ancestors 'none'; "
            + "base-uri 'none'"
        // Not `no-referrer`: with it browsers send `Origin: null` from our own forms.
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.contentLanguage] = texts.language.rawValue
        response.headers[.vary] = "Accept-Language"
        // HTML Standard §7.5.1 (`Refresh`): it needs no script.
        if let next { response.headers[.refresh] = "\(next.after); url=\(next.uri)" }
        return response
    }

    private func document(_ texts: Texts) -> HTML {
        let other: Language = texts.language == .french ? .english : .french
        let languageLink: HTML? = otherLanguageLink.map { link in
            """
            <a href="\(link: link)" lang="\(other.rawValue)" hreflang="\(other.rawValue)">\(texts.otherLanguage)</a>
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="\(texts.language.rawValue)">
            <head>
            <meta charset="utf-8">
            <title>\(title) · Socle</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <link rel="stylesheet" href="\(link: Stylesheet.path)">
            </head>
            <body>
            <a class="skip" href="#content">\(texts.skip)</a>
            <header>
            <p class="brand"><strong>Socle</strong> <span>\(texts.service)</span></p>
            \(languageLink)
            </header>
            <main id="content" tabindex="-1">
            \(content)
            </main>
            <footer><p>\(texts.footer)</p></footer>
            </body>
            </html>

            """
    }
}

extension HTTPField.Name {
    static let contentLanguage = known("Content-Language")
    static let refresh = known("Refresh")
}

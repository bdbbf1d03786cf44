// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleServer
import Testing

@testable import SocleServer

@Suite("Pages")
struct PageTests {
    @Test("interpolated text is never markup", arguments: ["<script>", "\" onload=\"x", "' x='", "a&lt;", "</p>"])
    func escaped(text: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        let inside = html.text.dropFirst(3).dropLast(4)
        #expect(!inside.contains("<") && inside.filter { $0 == "\"" }.count == 2 && !inside.contains("'"))
    }

    @Test(
        "a link that is no web address and no path of ours leads nowhere",
        arguments: [
            "javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example", "/\\evil.example", "x",
        ])
    func links(url: String) {
        let html: HTML = "<a href=\"\(link: url)\">"
        #expect(html.text == "<a href=\"\">")
    }

    @Test("every page forbids scripts, framing and foreign forms") func headers() async throws {
        try await SignInFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let pages = [
                await browser.get("/"), await browser.follow(await browser.get(TestBrowser.authorize)),
                await browser.get("/login?i=none"), await browser.get("/oauth2/authorize?client_id=none"),
            ]
            for page in pages {
                let policy = page.headers[.contentSecurityPolicy] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; form-action 'self'"))
                #expect(policy.hasSuffix("frame-ancestors 'none'; base-uri 'none'"))
                #expect(page.headers[.cacheControl] == "no-store" && page.headers[.referrerPolicy] == "same-origin")
                #expect(page.headers[.xContentTypeOptions] == "nosniff")
                #expect(!page.text.contains("<script") && !page.text.contains("style="))
            }
            #expect(
                pages[1].headers[.contentSecurityPolicy]?.contains("form-action 'self' https://app.example;") == true)
        }
    }

    @Test("French unless English is asked for, by the person, the application or the browser") func languages() {
        #expect(Language(chosen: nil, accepted: nil) == .french)
        #expect(Language(chosen: nil, accepted: "de, en;q=0.5, fr;q=0.4") == .english)
        #expect(Language(chosen: nil, accepted: "en;q=0.1, fr-FR;q=0.9") == .french)
        #expect(Language(chosen: nil, uiLocales: ["de", "en-GB"], accepted: "fr") == .english)
        #expect(Language(chosen: "fr", uiLocales: ["en"], accepted: "en") == .french)
        #expect(Language(chosen: "xx", accepted: "*;q=1, en;q=abc") == .english)
    }

    @Test("the stylesheet's path names its content, and may be kept") func stylesheet() async {
        let site = Site(routes: Stylesheet.routes)
        let answer = await site.respond(to: WebRequest(path: Stylesheet.path))
        #expect(answer.status == .ok && answer.headers[.contentType] == "text/css; charset=utf-8")
        #expect(answer.headers[.cacheControl] == "public, max-age=31536000")
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC
import SocleServer
import Testing

@Suite("Form Post OP · OAuth 2.0 Form Post Response Mode §2")
struct FormPostTests {
    @Test("oidcc-server, by form: the code is in a form that goes to the redirect URI alone") func code() async throws {
        try await ConformanceFixture.run { fixture in
            let answer = await fixture.signedIn(["response_mode": "form_post", "state": #"a"><b>&c"#]).answer
            #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
            #expect(answer.text.contains(#"<form method="post" action="https://rp.example/cb">"#))
            #expect(answer.text.contains(#"value="a&quot;&gt;&lt;b&gt;&amp;c""#))
            #expect(answer.headers[.location] == nil)
            let code = try #require(answer.parameters["code"])
            #expect(answer.parameters["iss"] == ConformanceFixture.issuer)
            #expect(await fixture.redeem(code).status == .ok)
        }
    }

    @Test("the page lets nothing run but its one script, and its form lead nowhere else") func policy() async throws {
        try await ConformanceFixture.run { fixture in
            let uri = "https://rp.example/a;b,c?x=1"
            try await fixture.register(ConformanceFixture.registration("odd", redirectURIs: [uri]))
            let answer = await fixture.signedIn([
                "client_id": "odd", "redirect_uri": uri, "response_mode": "form_post",
            ]).answer
            let policy = try #require(answer.headers[.contentSecurityPolicy])
            #expect(policy.contains("form-action https://rp.example/a%3Bb%2Cc;"))
            #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
            // The digest of the script that the page holds (openssl dgst -sha256 -binary | base64).
            #expect(policy.contains("script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=';"))
            #expect(answer.text.contains("<script>document.forms[0].submit()</script>"))
            #expect(answer.text.contains(#"<button type="submit">"#))
        }
    }

    @Test("errors travel the same way: oidcc-response-type-missing, oidcc-prompt-none-not-logged-in, by form")
    func errors() async throws {
        try await ConformanceFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            for (changes, error) in [
                (["response_type": String?.none], "invalid_request"), (["prompt": "none"], "login_required"),
                (["claims": "{"], "invalid_request"),
            ] as [([String: String?], String)] {
                let asked = changes.merging(["response_mode": "form_post"]) { a, _ in a }
                let answer = await browser.get(fixture.target(asked))
                #expect(answer.status == .ok && answer.text.contains(#"action="https://rp.example/cb""#))
                #expect(answer.parameters["error"] == error && answer.parameters["state"] == "state-1")
            }
        }
    }

    @Test("an unregistered redirect URI gets no form either") func unregistered() async throws {
        try await ConformanceFixture.run { fixture in
            var browser = TestBrowser(fixture.site)
            let answer = await browser.get(
                fixture.target(["response_mode": "form_post", "redirect_uri": "https://evil.example/"]))
            #expect(answer.status == .badRequest && !answer.text.contains("evil.example"))
        }
    }
}

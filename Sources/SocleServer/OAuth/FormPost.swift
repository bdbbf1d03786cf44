// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC

/// The answer of an authorization request as a form that the browser posts to the application (OAuth 2.0 Form Post
/// Response Mode §2). Without script the person presses its button.
enum FormPost {
    /// The one script of Socle, allowed by its digest: nothing else runs on the page, whatever came into it.
    static let script = "document.forms[0].submit()"

    static func page(_ response: AuthorizationResponse) -> WebResponse {
        let fields = response.parameters.map { parameter -> HTML in
            "<input type=\"hidden\" name=\"\(parameter.name)\" value=\"\(parameter.value)\">\n"
        }
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="fr">
            <head><meta charset="utf-8"><title>Socle</title></head>
            <body>
            <form method="post" action="\(link: response.redirectURI)">
            \(fields)<button type="submit">Continuer · <span lang="en">Continue</span></button>
            </form>
            <script>document.forms[0].submit()</script>
            </body>
            </html>

            """
        var answer = WebResponse.bytes(Array(page.text.utf8), type: "text/html; charset=utf-8")
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src \(ScriptDigest.source(script)); form-action \(source(response.redirectURI)); "
            + "frame-ancestors 'none'; base-uri 'none'"
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    /// The redirect URI as a source of a policy (Content Security Policy 3 §2.3.1): without its query, and with what
    /// separates sources and directives escaped.
    private static func source(_ uri: String) -> String {
        String(uri.prefix { $0 != "?" }).replacing(";", with: "%3B").replacing(",", with: "%2C").replacing(
            "'", with: "%27")
    }
}

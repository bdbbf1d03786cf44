// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes

/// The page an application frames to ask whether its session still stands (Session Management 1.0 §3.2, §3.3): it
/// answers from the browser's cookie, without a word to the server.
struct SessionFrame: Sendable {
    /// The cookie its script reads.
    let cookie: String

    /// `crypto.subtle` answers on HTTPS and on localhost alone, where Socle is served.
    private var script: String {
        """
        addEventListener("message", async (event) => {
          const parts = typeof event.data === "string" ? event.data.split(" ") : [];
          const [client, given] = parts;
          const salt = (given || "").split(".")[1];
          if (parts.length !== 2 || !client || !salt) {
            event.source.postMessage("error", event.origin);
            return;
          }
          const found = document.cookie.split("; ").find((pair) => pair.startsWith("\(cookie)="));
          const state = found ? found.slice(\(cookie.utf8.count + 1)) : "";
          const text = new TextEncoder().encode([client, event.origin, state, salt].join(" "));
          const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
          const encoded = btoa(String.fromCharCode(...digest)).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=/g, "");
          event.source.postMessage(found && encoded + "." + salt === given ? "unchanged" : "changed", event.origin);
        });
        """
    }

    var response: WebResponse {
        let script = script
        let page =
            "<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Socle</title>"
            + "<script>\(script)</script></head><body></body></html>\n"
        var response = WebResponse.bytes(Array(page.utf8), type: "text/html; charset=utf-8")
        // Framed by any application, by design: it shows nothing, and answers with one of three words.
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src \(ScriptDigest.source(script)); base-uri 'none'"
        response.headers[.cacheControl] = "public, max-age=3600"
        return response
    }
}

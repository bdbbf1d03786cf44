// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import SocleServer

/// A browser as far as the routes see one: it keeps cookies, sends `Origin` with its forms and reads the hidden
/// fields of the page it is on. It does not follow redirects by itself: a test says what it expects.
struct TestBrowser {
    let site: Site
    var cookies: [String: String] = [:]
    var page = ""
    var language: String?
    var userAgent: String?

    init(_ site: Site) { self.site = site }

    @discardableResult
    mutating func get(_ target: String) async -> WebResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return await send(WebRequest(path: parts[0], query: parts.count > 1 ? parts[1] : nil, headers: headers))
    }

    /// Sends the form of the page with that action, its hidden fields filled in as a browser would.
    @discardableResult
    mutating func submit(_ path: String, _ fields: [(name: String, value: String)] = []) async -> WebResponse {
        var pairs = hidden(path)
        pairs.append(contentsOf: fields)
        return await post(path, pairs)
    }

    @discardableResult
    mutating func post(
        _ path: String, _ fields: [(name: String, value: String)], extra: HTTPFields = [.origin: SignInFixture.issuer]
    ) async -> WebResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        headers.append(contentsOf: extra)
        return await send(
            WebRequest(method: .post, path: path, headers: headers, body: Array(Form.encode(fields).utf8)))
    }

    /// The hidden fields of the form with that action on the page shown.
    func hidden(_ path: String) -> [(name: String, value: String)] {
        guard let start = page.range(of: "action=\"\(path)\"") else { return [] }
        let form = page[start.upperBound...]
        let end = form.range(of: "</form>")?.lowerBound ?? form.endIndex
        return form[..<end].matches(of: #/type="hidden" name="([^"]*)" value="([^"]*)"/#).map { match in
            (name: String(match.1), value: String(match.2).replacing("&amp;", with: "&"))
        }
    }

    private var headers: HTTPFields {
        var headers: HTTPFields = [:]
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        }
        if let language { headers[.acceptLanguage] = language }
        if let userAgent { headers[.userAgent] = userAgent }
        return headers
    }

    private mutating func send(_ request: WebRequest) async -> WebResponse {
        let response = await site.respond(to: request)
        for field in response.headers[values: .setCookie] {
            let pair = field.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            cookies[String(pair[0])] = field.contains("Max-Age=0") ? nil : String(pair[1])
        }
        page = String(decoding: response.body, as: UTF8.self)
        return response
    }
}

extension WebResponse {
    var location: String { headers[.location] ?? "" }
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension TestBrowser {
    static let authorize =
        "/oauth2/authorize?client_id=app&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code&scope=openid"
        + "&state=xyz&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

    /// Goes to the page of the step that is due after a redirect to it.
    @discardableResult
    mutating func follow(_ response: WebResponse) async -> WebResponse { await get(response.location) }

    /// Both factors, from the beginning of a request; the answer to the code.
    @discardableResult
    mutating func signIn(
        _ login: String, _ fixture: SignInFixture, from target: String = TestBrowser.authorize
    ) async -> WebResponse {
        await follow(await get(target))
        await follow(await submit("/login/password", [("login", login), ("password", SignInFixture.password)]))
        return await submit("/login/code", [("code", fixture.code)])
    }
}

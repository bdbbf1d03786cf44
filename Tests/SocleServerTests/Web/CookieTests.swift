// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleServer
import Testing

@Suite("Cookies · RFC 6265, RFC 6265bis §4.1.3")
struct CookieTests {
    @Test("on HTTPS the names carry __Host- and the cookie is Secure") func hostPrefix() {
        let names = CookieNames(secure: true)
        #expect(names.session == "__Host-socle_session")
        #expect(
            Cookie(names.session, "v", secure: names.secure).field
                == "__Host-socle_session=v; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(CookieNames(secure: false).session == "socle_session")
    }

    @Test("deleting is an age of zero") func deleted() {
        #expect(Cookie("a", "", maximumAge: .zero, secure: false).field.contains("Max-Age=0"))
    }

    @Test("a cookie is found among others and across fields") func found() {
        var headers: HTTPFields = [:]
        headers.append(HTTPField(name: .cookie, value: "a=1; b=2=2;c=3"))
        headers.append(HTTPField(name: .cookie, value: "d=4"))
        let request = WebRequest(path: "/", headers: headers)
        #expect(request.cookie("a") == "1")
        #expect(request.cookie("b") == "2=2")
        #expect(request.cookie("c") == "3")
        #expect(request.cookie("d") == "4")
        #expect(request.cookie("A") == nil)
        #expect(request.cookie("e") == nil)
    }

    @Test("a cookie sent twice with two values is none") func ambiguous() {
        let request = WebRequest(path: "/", headers: [.cookie: "s=mine; s=planted"])
        #expect(request.cookie("s") == nil)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Testing

@testable import SocleServer

@Suite("What a request declares")
struct WebRequestTests {
    @Test(
        "a media type counts whatever its case, spaces and parameters",
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8", " application/json ",
            "application/json;x=1;y", "APPLICATION/JSON\t; q",
        ])
    func mediaType(field: String) {
        let request = WebRequest(method: .post, path: "/", headers: [.contentType: field])
        #expect(request.hasMediaType("application/json"))
        #expect(!request.hasMediaType("application/x-www-form-urlencoded"))
    }

    @Test(
        "another media type, or none, is not it",
        arguments: [
            "", "application/jsonp", "application/jso", "text/json", "json", ";application/json", "application/\u{E9}",
        ])
    func otherMediaType(field: String) {
        #expect(!WebRequest(path: "/", headers: [.contentType: field]).hasMediaType("application/json"))
        #expect(!WebRequest(path: "/").hasMediaType("application/json"))
    }

    @Test("the date of an answer is an IMF-fixdate · RFC 9110 §5.6.7") func date() {
        #expect(CurrentDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(CurrentDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(CurrentDate.text(1_835_395_199) == "Mon, 28 Feb 2028 23:59:59 GMT")
        #expect(CurrentDate().field.value.hasSuffix(" GMT"))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleServer
import Testing

@Suite("Forms and queries · WHATWG URL §5.1, RFC 6749 §3.1")
struct FormTests {
    @Test("names and values are decoded in order") func decoded() throws {
        let form = try Form(query: "a=1&b=caf%C3%A9+noir&c=%26%3D&d")
        #expect(form.fields.map(\.name) == ["a", "b", "c", "d"])
        #expect(form["b"] == "café noir")
        #expect(form["c"] == "&=")
    }

    @Test("a parameter without a value is treated as omitted") func emptyIsOmitted() throws {
        let form = try Form(query: "state=&nonce")
        #expect(form["state"] == nil)
        #expect(form["nonce"] == nil)
        #expect(form.fields.count == 2)
    }

    @Test("a repeated name is reported, and no value wins") func repeated() throws {
        let form = try Form(query: "client_id=a&client_id=b&state=x&%63lient_id=c")
        #expect(form.duplicates == ["client_id"])
        #expect(form["client_id"] == nil)
        #expect(form.values("client_id") == ["a", "b", "c"])
    }

    @Test("a broken escape is refused", arguments: ["a=%", "a=%4", "a=%zz", "%=a", "a=%%41"])
    func brokenEscape(query: String) {
        #expect(throws: FormError.badEscape) { try Form(query: query) }
    }

    @Test("a NUL is refused, which the store could not hold", arguments: ["a=%00", "a%00=1", "a=\u{0}"])
    func nul(query: String) {
        #expect(throws: FormError.badEscape) { try Form(query: query) }
    }

    @Test("bytes that are not UTF-8 are refused", arguments: ["a=%FF", "a=%C3", "a=%ED%A0%80", "%C0%AF=1"])
    func invalidUTF8(query: String) {
        #expect(throws: FormError.invalidUTF8) { try Form(query: query) }
    }

    @Test("too many parameters are refused") func tooMany() {
        let query = (0..<65).map { "p\($0)=1" }.joined(separator: "&")
        #expect(throws: FormError.tooMany) { try Form(query: query) }
    }

    @Test("a name or value over its limit is refused, counted after decoding") func tooLong() throws {
        let limits = Form.Limits(fields: 4, name: 3, value: 3)
        #expect(try Form(query: "abc=%41%42%43", limits: limits)["abc"] == "ABC")
        #expect(throws: FormError.tooLong) { try Form(query: "abcd=1", limits: limits) }
        #expect(throws: FormError.tooLong) { try Form(query: "a=1234", limits: limits) }
    }

    @Test(
        "a body that is not declared as a form is refused",
        arguments: ["application/json", "multipart/form-data", "text/plain", "application/x-www-form-urlencodedx"])
    func wrongType(type: String) {
        let request = WebRequest(method: .post, path: "/", headers: [.contentType: type], body: Array("a=1".utf8))
        #expect(throws: FormError.wrongContentType) { try Form(body: request) }
        #expect(throws: FormError.wrongContentType) {
            try Form(body: WebRequest(method: .post, path: "/", body: Array("a=1".utf8)))
        }
    }

    @Test("a charset parameter changes nothing") func charset() throws {
        let request = WebRequest(
            method: .post, path: "/", headers: [.contentType: "Application/X-WWW-Form-Urlencoded; charset=UTF-8"],
            body: Array("a=1".utf8))
        #expect(try Form(body: request)["a"] == "1")
    }

    @Test("what is written is read back, whatever it holds") func roundTrip() throws {
        let pairs = [("état", "a b+c%&=#é\"<>'"), ("x", "\r\nLocation: y"), ("emoji", "🩺")]
        let text = Form.encode(pairs.map { (name: $0.0, value: $0.1) })
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") })
        let read = try Form(query: text).fields
        #expect(read.map { [$0.name, $0.value] } == pairs.map { [$0.0, $0.1] })
    }

    @Test("parameters join a redirect URI that already has a query") func appended() {
        let pairs = [(name: "code", value: "x y")]
        #expect(Form.append(pairs, to: "https://a.example/cb") == "https://a.example/cb?code=x%20y")
        #expect(Form.append(pairs, to: "https://a.example/cb?k=v") == "https://a.example/cb?k=v&code=x%20y")
        #expect(Form.append(pairs, to: "https://a.example/cb?") == "https://a.example/cb?code=x%20y")
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleIdentity
import SocleServer
import Synchronization
import Testing

@Suite("The site · RFC 9110 §15")
struct SiteTests {
    let site = Site(routes: [
        Route(.get, "/page") { _ in .bytes(Array("hello".utf8), type: "text/plain") },
        Route(.post, "/page", bodyLimit: 8) { .bytes($0.body, type: "text/plain") },
        Route(.post, "/only-post") { _ in .empty(.noContent) },
    ])

    @Test(
        "a path that is not a route is 404, however it is disguised",
        arguments: [
            "/Page", "/page/", "//page", "/./page", "/x/../page", "/%70age", "/page%00", "", "page", "*",
        ])
    func notFound(path: String) async {
        #expect(await site.respond(to: WebRequest(path: path)).status == .notFound)
    }

    @Test("another method is 405 and says which are allowed") func methodNotAllowed() async {
        let response = await site.respond(to: WebRequest(method: .delete, path: "/page"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD, POST")
        let get = await site.respond(to: WebRequest(path: "/only-post"))
        #expect(get.headers[.allow] == "POST")
    }

    @Test("HEAD is GET without its body") func head() async {
        let response = await site.respond(to: WebRequest(method: .head, path: "/page"))
        #expect(response.status == .ok)
        #expect(response.body.isEmpty)
        #expect(response.headers[.contentLength] == "5")
    }

    @Test("a body over the route's limit is 413 and is never handed on") func bodyTooLong() async {
        let request = WebRequest(method: .post, path: "/page", body: Array(repeating: 65, count: 9))
        #expect(await site.respond(to: request).status == .contentTooLarge)
        #expect(await site.respond(to: WebRequest(method: .post, path: "/page", body: [65])).body == [65])
    }

    @Test("a declared length over the limit is refused before reading") func declaredTooLong() async {
        let response = await site.respond(
            to: WebRequest(method: .post, path: "/page"), reading: 9, late: { _ in },
            body: { _ in
                Issue.record("the body was read")
                return .success([])
            })
        #expect(response?.status == .contentTooLarge)
    }

    @Test("a body that breaks off is 400") func bodyBroken() async {
        let response = await site.respond(
            to: WebRequest(method: .post, path: "/page"), reading: nil, late: { _ in },
            body: { _ in .failure(.broken) })
        #expect(response?.status == .badRequest)
    }

    @Test("a target over its limit is 414") func targetTooLong() async {
        let query = String(repeating: "a", count: 16 * 1024)
        #expect(await site.respond(to: WebRequest(path: "/page", query: query)).status == .uriTooLong)
    }

    @Test("every answer says nosniff, no-store, no-referrer and its request's id") func headers() async {
        for path in ["/page", "/nowhere"] {
            let headers = await site.respond(to: WebRequest(path: path, id: "r1")).headers
            #expect(headers[.xContentTypeOptions] == "nosniff")
            #expect(headers[.cacheControl] == "no-store")
            #expect(headers[.referrerPolicy] == "no-referrer")
            #expect(headers[.requestID] == "r1")
            #expect(headers[.strictTransportSecurity] == nil)
        }
        let secure = Site(routes: [], settings: .init(secure: true))
        let headers = await secure.respond(to: WebRequest(path: "/")).headers
        #expect(headers[.strictTransportSecurity] == "max-age=31536000; includeSubDomains")
    }

    @Test("a handler over its time budget is cancelled and answered 503") func tooLate() async throws {
        let cancelled = Mutex(false)
        let started = AsyncStream<Void>.makeStream()
        let slow = Site(routes: [
            Route(.get, "/slow") { _ in
                started.continuation.yield()
                do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.withLock { $0 = true } }
                return .empty(.ok)
            }
        ])
        async let response = slow.respond(to: WebRequest(path: "/slow"))
        var iterator = started.stream.makeAsyncIterator()
        await iterator.next()
        slow.deadlines.sweep()
        slow.deadlines.sweep(now: .now + .seconds(21))
        let answer = await response
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.headers[.retryAfter] == "5")
        while !cancelled.withLock({ $0 }) { await Task.yield() }
    }

    @Test("a problem names the status and never more than it was told") func problem() {
        let response = WebResponse.problem(.notFound)
        #expect(String(decoding: response.body, as: UTF8.self) == #"{"title":"Not Found","status":404}"#)
        #expect(response.headers[.contentType] == "application/problem+json")
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleAccess
import SocleJSON
import SocleOIDC
import SocleServer
import Synchronization
import Testing

@Suite("Rate of questions · DESIGN 9: one application does not take the answers of the others")
struct QuestionRateTests {
    /// A clock that stands where it is put.
    private final class Hands: Sendable {
        private let start = ContinuousClock.now
        private let passed = Mutex(Duration.zero)
        func move(_ duration: Duration) { passed.withLock { $0 += duration } }
        var clock: QuestionRate.Clock { { self.start + self.passed.withLock { $0 } } }
    }

    private struct AlwaysPermits: DecidesAccess {
        func answer(
            _ operation: AccessOperation, _ request: JSONView, from caller: Caller, requestID: String?
        ) async throws(UnansweredCall) -> JSONText { JSONText(["decision": true] as JSONValue) }
    }

    private func site(_ rate: QuestionRate) -> Site {
        Site(
            routes: AccessRoutes(
                decisions: AlwaysPermits(), rate: rate, endpoints: Endpoints(issuer: "https://socle.test"),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, verify: TestTokens.verify
            ).routes)
    }

    private func ask(
        _ site: Site, client: String = "app", questions: Int? = nil, path: String = AccessRoutes.evaluations,
        body: String? = nil
    ) async -> WebResponse {
        var request: JSONValue = [:]
        if let questions { request = ["evaluations": .array(Array(repeating: [:], count: questions))] }
        return await site.respond(
            to: WebRequest(
                method: .post, path: path,
                headers: [.contentType: "application/json", .authorization: "Bearer app~\(client)"],
                body: body.map { Array($0.utf8) } ?? request.bytes))
    }

    @Test("a second's worth may come at once, then 429 says when to come back") func burst() async throws {
        let hands = Hands()
        let site = site(QuestionRate(perSecond: 10, clock: hands.clock))
        for _ in 0..<11 { #expect(await ask(site).status == .ok) }
        let refused = await ask(site)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers[.retryAfter] == "1")
        #expect(String(decoding: refused.body, as: UTF8.self).contains("more slowly"))
        hands.move(.milliseconds(99))
        #expect(await ask(site).status == .tooManyRequests)
        hands.move(.milliseconds(1))
        #expect(await ask(site).status == .ok)
        #expect(await ask(site).status == .tooManyRequests)
        hands.move(.seconds(3600))
        for _ in 0..<11 { #expect(await ask(site).status == .ok) }
        #expect(await ask(site).status == .tooManyRequests, "an hour of silence is worth one second")
    }

    @Test("each question of a list counts, and a list is never split") func lists() async throws {
        let hands = Hands()
        let site = site(QuestionRate(perSecond: 10, clock: hands.clock))
        #expect(await ask(site, questions: 60).status == .ok)
        let refused = await ask(site)
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "5")
        hands.move(.milliseconds(4999))
        #expect(await ask(site).headers[.retryAfter] == "1")
        hands.move(.milliseconds(1))
        #expect(await ask(site).status == .ok)
    }

    @Test("each document of a list counts, shared by the questions of a call or not") func candidates() async throws {
        func list(_ count: Int) -> String {
            let ids = (0..<count).map { "\"D\($0)\"" }.joined(separator: ",")
            return #""resource":{"type":"document_list","id":"L","properties":{"candidates":[\#(ids)]}}"#
        }
        let calls: [(String, String, Int)] = [
            (AccessRoutes.evaluation, "{\(list(39))}", 40), (AccessRoutes.evaluations, "{\(list(39))}", 40),
            (AccessRoutes.evaluations, "{\(list(39)),\"evaluations\":[]}", 40),
            (AccessRoutes.evaluations, "{\(list(9)),\"evaluations\":[{},{},{\(list(19))}]}", 40),
            // What asks for more than a call may is refused, and owes no more than the longest.
            (
                AccessRoutes.evaluations,
                "{\(list(3000)),\"evaluations\":[\(Array(repeating: "0", count: 3000).joined(separator: ","))]}", 1001
            ),
            (AccessRoutes.evaluations, #"{"evaluations":[{},7,{"resource":{"properties":{"candidates":"x"}}}]}"#, 3),
        ]
        for (path, body, questions) in calls {
            let rate = QuestionRate(perSecond: 1, clock: Hands().clock)
            let site = site(rate)
            _ = await ask(site, path: path, body: body)
            #expect(await ask(site).headers[.retryAfter] == "\(questions - 1)", "\(body)")
        }
    }

    @Test("a search counts as the results it wants, text that is no JSON as a question") func others() async throws {
        let search = Hands()
        let searched = site(QuestionRate(perSecond: 10, clock: search.clock))
        #expect(
            await ask(searched, path: AccessRoutes.search(.resource), body: #"{"page":{"limit":40}}"#).status == .ok)
        #expect(await ask(searched).headers[.retryAfter] == "3")
        let usual = site(QuestionRate(perSecond: 10, clock: Hands().clock))
        #expect(await ask(usual, path: AccessRoutes.search(.action)).status == .ok)
        #expect(await ask(usual).headers[.retryAfter] == "9")
        let broken = site(QuestionRate(perSecond: 1, clock: Hands().clock))
        for _ in 0..<2 { #expect(await ask(broken, body: "{").status == .badRequest) }
        #expect(await ask(broken, body: "{").status == .tooManyRequests)
    }

    @Test("what one application asks is not held against another") func apart() async throws {
        let site = site(QuestionRate(perSecond: 1, clock: Hands().clock))
        #expect(await ask(site, client: "a", questions: 1000).status == .ok)
        #expect(await ask(site, client: "a").status == .tooManyRequests)
        #expect(await ask(site, client: "b").status == .ok)
    }

    @Test("nobody without a good token is told of a rate, or counted") func unverified() async throws {
        let site = site(QuestionRate(perSecond: 1, clock: Hands().clock))
        for _ in 0..<5 {
            let refused = await site.respond(
                to: WebRequest(
                    method: .post, path: AccessRoutes.evaluation, headers: [.authorization: "Bearer dead"], body: []))
            #expect(refused.status == .unauthorized)
        }
    }

    @Test("many applications are forgotten once they owe nothing, one that owes is not") func memory() {
        let hands = Hands()
        let rate = QuestionRate(perSecond: 1, clock: hands.clock)
        rate.count(100_000, of: "loop")
        for number in 0..<5000 {
            rate.count(1, of: "app-\(number)")
            hands.move(.milliseconds(10))
        }
        #expect(rate.wait(of: "loop") != nil)
        #expect(rate.wait(of: "app-1") == nil)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleServer
import Testing

@Suite("Health")
struct HealthTests {
    @Test("ready only while serving, and only when every check passes") func ready() async {
        let readiness = Readiness()
        let healthy = Site(routes: HealthRoutes(readiness: readiness, checks: [.init("store") { true }]).routes)
        let broken = Site(
            routes: HealthRoutes(
                readiness: readiness, checks: [.init("store") { true }, .init("lane") { false }]
            ).routes)
        #expect(await healthy.respond(to: WebRequest(path: "/health/ready")).status == .serviceUnavailable)
        readiness.begin()
        #expect(await healthy.respond(to: WebRequest(path: "/health/ready")).status == .ok)
        let answer = await broken.respond(to: WebRequest(path: "/health/ready"))
        #expect(answer.status == .serviceUnavailable)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(#""failing":["lane"]"#))
        #expect(await broken.respond(to: WebRequest(path: "/health/live")).status == .ok)
    }
}

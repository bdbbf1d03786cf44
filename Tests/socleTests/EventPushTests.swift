// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import ServiceLifecycle
import SocleAccess
import SocleCrypto
import SocleJSON
import SocleOIDC
import SocleOutbound
import SocleServer
import Synchronization
import Testing

@testable import socle

@Suite("Pushing events · RFC 8935, signed by the current key", .timeLimit(.minutes(20)))
struct EventPushTests {
    @Test("a token is an ES256 JWS of its own type, verified by the published key") func signature() async throws {
        let keys = try ScratchKeys().open()
        let sign = EventDelivery.signing(with: keys)
        let claims: JSONValue = ["jti": "1"]
        let parts = try await sign(claims.bytes).split(separator: ".", omittingEmptySubsequences: false)
        #expect(parts.count == 3)
        let encoded = try #require(Base64URL.decode(parts[0]))
        let header = try JSONValue(parsing: encoded)
        #expect(header["typ"]?.string == "secevent+jwt" && header["alg"]?.string == "ES256")
        #expect(Base64URL.decode(parts[1]) == claims.bytes)
        let id = try #require(header["kid"]?.string)
        let found = await keys.verificationKey(id)
        let key = try #require(found)
        let signature = try #require(Base64URL.decode(parts[2]))
        let verified = key.key.verify(signature, Array("\(parts[0]).\(parts[1])".utf8), algorithm: key.algorithm)
        #expect(verified)
    }

    /// What a receiver was sent.
    private final class Seen: Sendable {
        let bodies = Mutex<[String]>([])
    }

    @Test("202 acknowledges; any other answer, a redirect, a dead or a private address do not") func answers()
        async throws
    {
        let seen = Seen()
        let site = Site(routes: [
            Route(.post, "/accepts") { request in
                guard request.headers[.contentType] == SecurityEventToken.mediaType else { return .empty(.badRequest) }
                seen.bodies.withLock { $0.append(String(decoding: request.body, as: UTF8.self)) }
                return .empty(.accepted)
            },
            Route(.post, "/refuses") { _ in
                .json(["err": "invalid_key", "description": "secret"], status: .badRequest)
            },
            Route(.post, "/ok") { _ in .empty(.ok) },
            Route(.post, "/elsewhere") { _ in .redirect(to: "/accepts") },
        ])
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let ports = AsyncStream<Int>.makeStream()
        let listener = HTTPListener(
            site: site, settings: .init(host: "127.0.0.1", port: 0, proxies: .none), logger: logger,
            onListening: { ports.continuation.yield($0) })
        let group = ServiceGroup(services: [listener], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var chosen = ports.stream.makeAsyncIterator()
            let port = try #require(await chosen.next())
            let loopback = try #require(AddressBlock("127.0.0.0/8"))
            // The receiver shares two processors with every other test.
            let patient = OutboundPolicy(allowed: [loopback], timeout: .seconds(120))
            let push = EventDelivery.pushing(through: Egress(policy: patient))
            let base = "http://127.0.0.1:\(port)"
            #expect(await push("a.b.c", base + "/accepts") == .accepted)
            #expect(seen.bodies.withLock { $0 } == ["a.b.c"])
            #expect(await push("a.b.c", base + "/refuses") == .failed("answered 400"))
            #expect(await push("a.b.c", base + "/ok") == .failed("answered 200"))
            #expect(await push("a.b.c", base + "/nowhere") == .failed("answered 404"))
            #expect(await push("a.b.c", base + "/elsewhere") != .accepted)
            #expect(await push("a.b.c", "http://127.0.0.1:1/") == .failed("unreachable"))
            let guarded = EventDelivery.pushing(through: Egress())
            #expect(await guarded("a.b.c", base + "/accepts") != .accepted)
            #expect(seen.bodies.withLock { $0 }.count == 1, "nothing was sent to a private address")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

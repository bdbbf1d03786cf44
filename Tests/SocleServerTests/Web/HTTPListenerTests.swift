// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Glibc
import HTTPTypes
import Logging
import ServiceLifecycle
import SocleServer
import Testing

@Suite("The listener, over a socket", .timeLimit(.minutes(5)))
struct HTTPListenerTests {
    static let site = Site(routes: [
        Route(.get, "/page") { .bytes(Array("\($0.address) \($0.query ?? "-")".utf8), type: "text/plain") },
        Route(.post, "/page", bodyLimit: 16) { .bytes($0.body, type: "text/plain") },
        Route(.get, "/slow") { _ in
            try? await Task.sleep(for: .milliseconds(300))
            return .bytes(Array("done".utf8), type: "text/plain")
        },
    ])

    /// Runs a listener on a port of the system's choice for the time of the body, then shuts it down gracefully.
    func listening(
        _ site: Site = Self.site, proxies: TrustedProxies = .none,
        _ body: (Int, _ shutDown: @Sendable () async -> Void) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let port = AsyncStream<Int>.makeStream()
        let listener = HTTPListener(
            site: site, settings: .init(host: "127.0.0.1", port: 0, proxies: proxies), logger: logger,
            onListening: { port.continuation.yield($0) })
        let group = ServiceGroup(services: [listener], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var ports = port.stream.makeAsyncIterator()
            let chosen = try #require(await ports.next())
            try await body(chosen) { await group.triggerGracefulShutdown() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("a request is answered with its query and its peer's address") func answered() async throws {
        try await listening { port, _ in
            let answer = try await exchange(port, "GET /page?x=%20 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n127.0.0.1 x=%20"))
        }
    }

    @Test("a forwarded address counts only from a configured proxy") func forwarded() async throws {
        let request = "GET /page HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n\r\n"
        try await listening { port, _ in
            let answer1 = try await exchange(port, request)
            #expect(answer1.hasSuffix("127.0.0.1 -"))
        }
        try await listening(proxies: try #require(TrustedProxies(["127.0.0.1"]))) { port, _ in
            let answer2 = try await exchange(port, request)
            #expect(answer2.hasSuffix("198.51.100.7 -"))
        }
    }

    @Test("an oversized body is refused whether its length is declared or not") func oversized() async throws {
        try await listening { port, _ in
            let declared =
                "POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 17\r\n\r\n" + String(repeating: "a", count: 17)
            let answer3 = try await exchange(port, declared)
            #expect(answer3.hasPrefix("HTTP/1.1 413 "))
            let chunked =
                "POST /page HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n"
                + String(repeating: "a", count: 17) + "\r\n0\r\n\r\n"
            let answer4 = try await exchange(port, chunked)
            #expect(answer4.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("a chunked body within the limit is read") func chunked() async throws {
        try await listening { port, _ in
            let request =
                "POST /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
            let answer5 = try await exchange(port, request)
            #expect(answer5.hasSuffix("\r\n\r\nabc"))
        }
    }

    enum Malformed: String, CaseIterable {
        case nonsense, noTarget, badLength, longHeader, manyHeaders

        var request: String {
            switch self {
            case .nonsense: "nonsense\r\n\r\n"
            case .noTarget: "GET  HTTP/1.1\r\n\r\n"
            case .badLength: "GET /page HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
            case .longHeader: "GET /page HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n"
            case .manyHeaders: "GET /page HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: a\r\n", count: 200))\r\n"
            }
        }
    }

    @Test("what is not HTTP, and headers over their limits, are refused", arguments: Malformed.allCases)
    func malformed(_ malformed: Malformed) async throws {
        try await listening { port, _ in
            let answer = try await exchange(port, malformed.request)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            #expect(!answer.contains("Swift") && !answer.contains("NIO"))
        }
    }

    @Test("a handler over its budget that ignores its cancellation is answered for, and its connection ended")
    func hanging() async throws {
        let entered = AsyncStream<Void>.makeStream()
        let held = AsyncStream<Void>.makeStream()
        let ended = AsyncStream<Bool>.makeStream()
        let site = Site(routes: [
            Route(.get, "/hangs") { _ in
                entered.continuation.yield()
                // Of another task, so that this one's cancellation changes nothing.
                await Task { for await _ in held.stream { break } }.value
                ended.continuation.yield(Task.isCancelled)
                return .bytes(Array("too late".utf8), type: "text/plain")
            }
        ])
        try await listening(site) { port, _ in
            let request = "GET /hangs HTTP/1.1\r\nHost: a\r\n\r\n"
            async let asked = exchange(port, request + request)
            var entries = entered.stream.makeAsyncIterator()
            await entries.next()
            site.deadlines.sweep(now: .now + .seconds(19))
            site.deadlines.sweep(now: .now + .seconds(21))
            let answer = try await asked
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.contains("Retry-After: 5\r\n") && answer.contains("the request took too long"))
            #expect(answer.lowercased().contains("connection: close\r\n"))
            #expect(answer.components(separatedBy: "HTTP/1.1").count == 2)
            // Nothing of what it answers after all is sent, and the next request of that connection is not begun.
            held.continuation.yield()
            var ends = ended.stream.makeAsyncIterator()
            #expect(await ends.next() == true)
        }
        entered.continuation.finish()
        var begun = 0
        for await _ in entered.stream { begun += 1 }
        #expect(begun == 0)
    }

    @Test("a handler that ends when it is cancelled is answered for all the same") func cancelled() async throws {
        let entered = AsyncStream<Void>.makeStream()
        let site = Site(routes: [
            Route(.get, "/waits") { _ in
                entered.continuation.yield()
                try? await Task.sleep(for: .seconds(600))
                return .bytes(Array("too late".utf8), type: "text/plain")
            }
        ])
        try await listening(site) { port, _ in
            async let asked = exchange(port, "GET /waits HTTP/1.1\r\nHost: a\r\n\r\n")
            var entries = entered.stream.makeAsyncIterator()
            await entries.next()
            site.deadlines.sweep(now: .now + .seconds(21))
            let answer = try await asked
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && !answer.contains("too late"))
        }
    }

    @Test("at shutdown the request under way is answered and new ones are not accepted") func graceful() async throws {
        try await listening { port, shutDown in
            async let slow = exchange(port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            try await Task.sleep(for: .milliseconds(100))
            await shutDown()
            let last = try await slow
            #expect(last.hasSuffix("done"))
            await #expect(throws: SocketError.self) {
                try await exchange(port, "GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            }
        }
    }
}

struct SocketError: Error { var code: Int32 }

/// Sends bytes and reads until the peer closes, on a thread of its own: the calls block.
func exchange(_ port: Int, _ request: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            continuation.resume(with: Result { try blockingExchange(port, request) })
        }
    }
}

private func blockingExchange(_ port: Int, _ request: String) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError(code: errno) }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard connected == 0 else { throw SocketError(code: errno) }
    // Far above what an answer takes: beside the rest of the tests, two cores are kept busy for a minute.
    var timeout = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    let bytes = Array(request.utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
        throw SocketError(code: errno)
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        answer += buffer.prefix(count)
    }
    return String(decoding: answer, as: UTF8.self)
}

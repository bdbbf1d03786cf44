// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTPTypes
import NIOPosix
import ServiceLifecycle
import SocleIdentity

/// The socket: HTTP/1.1 in front of a `Site`. The only file that knows Hummingbird, and of it only the server: nothing
/// here would read what its `Application` adds to each request (a context, a logger, a task-local).
package struct HTTPListener: Service {
    package struct Settings: Sendable {
        package var host: String
        /// 0 lets the system choose.
        package var port: Int
        package var proxies: TrustedProxies
        /// Of a connection without a request, and for a request's head to arrive.
        package var idleTimeout: Duration = .seconds(60)
        /// For a request's body to arrive whole.
        package var bodyBudget: Duration = .seconds(15)
        package var connections = 4096
        package var headerBytes = 32 * 1024
        package var headerCount = 100

        package init(host: String, port: Int, proxies: TrustedProxies = .none) {
            self.host = host
            self.port = port
            self.proxies = proxies
        }
    }

    private let site: Site
    private let settings: Settings
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameter onListening: called with the port once connections are accepted.
    package init(
        site: Site, settings: Settings, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.site = site
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens until graceful shutdown: then accepts nothing more, and returns once the requests under way are
    /// answered.
    package func run() async throws {
        // Hummingbird says "Server started" with its address at info; ours says it once and better.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let date = CurrentDate()
        let server = try HTTPServerBuilder.http1(
            configuration: .init(
                idleTimeout: .nanoseconds(settings.idleTimeout.milliseconds * 1_000_000),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.headerBytes, maxHeaderListSize: settings.headerBytes,
                    maxHeaderFieldCount: settings.headerCount))
        ).buildServer(
            configuration: .init(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: .maximum(settings.connections, logger: quiet)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet,
            responder: { request, writer, channel in
                // Of what was given up, the connection is closed already.
                guard let response = await respond(to: request, on: channel, date) else { throw Unanswered() }
                do {
                    try await writer.write(response: response.head, body: response.body)
                } catch {
                    // The connection is gone, or what came after this request is not HTTP: nothing more is written.
                    throw Unanswered()
                }
            },
            onServerRunning: { [onListening, logger] channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("listening", metadata: ["port": "\(port)"])
                await onListening(port)
            })
        // Stopped in reverse order.
        try await ServiceGroup(
            configuration: .init(services: [DeadlineSweep(deadlines: site.deadlines), server], logger: quiet)
        ).run()
    }

    /// - Returns: nil for a request that was given up.
    private func respond(to request: Request, on channel: any Channel, _ date: CurrentDate) async -> Response? {
        let target = request.head.path ?? ""
        let query = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        let peer = channel.remoteAddress?.ipAddress ?? ""
        let asked = WebRequest(
            method: request.method, path: String(target[..<(query ?? target.endIndex)]),
            query: query.map { String(target[target.index(after: $0)...]) }, headers: request.headers,
            address: settings.proxies.client(peer: peer, headers: request.headers))
        let chunked = request.headers.contains(.transferEncoding)
        let declared = request.headers.joined(.contentLength).map { Int($0) ?? .max } ?? (chunked ? nil : 0)
        let answer = await site.respond(
            to: asked, reading: declared, late: { giveUp($0, on: channel, date) },
            body: { limit in
                let late = site.deadlines.watch(settings.bodyBudget) {
                    channel.close(promise: nil)
                    return nil
                }
                defer { site.deadlines.forget(late) }
                do {
                    return .success(Array(try await request.body.collect(upTo: limit).readableBytesView))
                } catch is NIOTooManyBytesError {
                    return .failure(.tooLong)
                } catch {
                    return .failure(.broken)
                }
            })
        guard var answer else { return nil }
        if answer.status == .contentTooLarge {
            // The rest of the body is not waited for; the delay lets the client read why before the reset.
            channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
        }
        answer.headers.append(date.field)
        return Response(
            status: answer.status, headers: answer.headers,
            body: answer.body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(bytes: answer.body)))
    }

    /// Answers in the place of a handler that does not, and ends the connection. All of it is done by the connection's
    /// own thread, before anything the handler may still write.
    private func giveUp(_ answer: WebResponse, on channel: any Channel, _ date: CurrentDate) {
        var headers = answer.headers
        headers.append(date.field)
        headers[.connection] = "close"
        let head = HTTPResponse(status: answer.status, headerFields: headers)
        channel.write(HTTPResponsePart.head(head), promise: nil)
        channel.write(HTTPResponsePart.body(ByteBuffer(bytes: answer.body)), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil)).whenComplete { _ in channel.close(promise: nil) }
    }
}

/// An answer that could not be written.
private struct Unanswered: Error {}

/// Ends late requests, once a second, for as long as the listener runs.
private struct DeadlineSweep: Service {
    let deadlines: RequestDeadlines

    func run() async throws {
        // Requests under way at shutdown keep their deadlines: services stop in reverse order, this one after the server.
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil { deadlines.sweep() }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Glibc
import Synchronization

/// A server that answers each connection with the bytes it was given, then closes it; on a port of its own, on
/// loopback. It keeps what it was sent.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let received = Received()

    /// - Parameters:
    ///   - answer: written as it is.
    ///   - pause: before it is written.
    init(_ answer: String, pause: Duration = .zero) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                Glibc.bind(listener, name, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, name, &length) == 0
            }
        }
        guard isListening else { throw CocoaError(.featureUnsupported) }
        port = address.sin_port.bigEndian
        let thread = Thread { [received] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = read(connection, &buffer, buffer.count)
                received.requests.withLock { $0.append(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)) }
                usleep(UInt32(pause / .microseconds(1)))
                var rest = Array(answer.utf8)[...]
                while !rest.isEmpty {
                    let written = rest.withUnsafeBytes {
                        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard written > 0 else { break }
                    rest = rest.dropFirst(written)
                }
                close(connection)
            }
        }
        thread.start()
    }

    var requests: [String] { received.requests.withLock { $0 } }

    /// Held by the thread too, which may outlive the server.
    private final class Received: Sendable {
        let requests = Mutex<[String]>([])
    }

    /// Ends the thread: a listener that is shut down accepts nothing more.
    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

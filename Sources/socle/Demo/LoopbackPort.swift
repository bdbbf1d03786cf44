// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// The issuer holds the port, and every object of the server the issuer: a free port must be known before them.
enum LoopbackPort {
    /// A port that was free a moment ago; the given one when it is not 0.
    static func choose(_ port: Int) throws(CommandFailure) -> Int {
        guard port == 0 else { return port }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard done else { throw failure }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static var failure: CommandFailure {
        CommandFailure("no free port on 127.0.0.1: \(String(cString: strerror(errno)))")
    }
}

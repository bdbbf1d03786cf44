// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Glibc
package import HTTPTypes

/// The proxies whose `X-Forwarded-For` is believed: none unless configured.
///
/// Only the address is ever taken from a forwarded header; scheme and host come from the configured issuer.
package struct TrustedProxies: Sendable {
    private let networks: [Network]

    /// - Parameter texts: addresses or CIDR blocks, for instance `10.0.0.0/8`, `::1`.
    /// - Returns: nil when one of them is neither.
    package init?(_ texts: [String]) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Network(text) else { return nil }
            networks.append(network)
        }
        self.networks = networks
    }

    package static let none = TrustedProxies(networks: [])
    private init(networks: [Network]) { self.networks = networks }

    /// The address a request comes from: the peer, or when the peer is a trusted proxy, the rightmost hop that is
    /// not one. What stands left of that was written by somebody unknown.
    package func client(peer: String, headers: HTTPFields) -> String {
        guard !networks.isEmpty else { return peer }
        var current = peer
        let hops = headers[values: .forwardedFor].joined(separator: ",").split(separator: ",")
        for hop in hops.reversed() {
            guard trusts(current) else { break }
            let hop = hop.filter { $0 != " " && $0 != "\t" }
            // A proxy that writes something else than an address is not understood: its own address stands.
            guard InternetAddress(hop) != nil else { break }
            current = hop
        }
        return current
    }

    package func trusts(_ address: String) -> Bool {
        guard let address = InternetAddress(address) else { return false }
        return networks.contains { $0.contains(address) }
    }

    private struct Network {
        var address: InternetAddress
        var bits: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2, let address = InternetAddress(String(first)) else {
                return nil
            }
            var bits = address.bytes.count * 8
            if parts.count == 2 {
                guard let given = Int(parts[1]), (0...bits).contains(given) else { return nil }
                bits = given
            }
            self.address = address
            self.bits = bits
        }

        func contains(_ other: InternetAddress) -> Bool {
            guard other.bytes.count == address.bytes.count else { return false }
            return (0..<bits).allSatisfy { bit in
                (other.bytes[bit / 8] ^ address.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
            }
        }
    }
}

/// An IPv4 or IPv6 address as bytes; an IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is its IPv4 address.
struct InternetAddress: Hashable {
    var bytes: [UInt8]

    init?(_ text: String) {
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var v4 = [UInt8](repeating: 0, count: 4)
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = v4
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            bytes = v6.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] ? Array(v6.suffix(4)) : v6
        } else {
            return nil
        }
    }
}

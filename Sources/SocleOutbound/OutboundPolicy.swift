// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where calls may go and how much they may take.
package struct OutboundPolicy: Sendable {
    /// Private networks that may be called all the same, each listed by the operator; there `http` is accepted too.
    package var allowed: [AddressBlock]
    /// From the first byte sent to the last received.
    package var timeout: Duration
    /// Bytes of an answer's body.
    package var limit: Int
    /// A PEM file of authorities trusted in place of the system's.
    package var authorities: String?

    package init(
        allowed: [AddressBlock] = [], timeout: Duration = .seconds(5), limit: Int = 256 * 1024,
        authorities: String? = nil
    ) {
        self.allowed = allowed
        self.timeout = timeout
        self.limit = limit
        self.authorities = authorities
    }

    /// Whether a socket to that address may be opened.
    /// - Parameter address: 4 or 16 bytes in network order.
    func permits(_ address: [UInt8], encrypted: Bool) -> Bool {
        let address = AddressBlock.unmapped(address)
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return encrypted && Self.isGlobal(address)
    }

    /// Reachable across the internet: outside the registries of special-purpose addresses (RFC 6890, RFC 9637).
    private static func isGlobal(_ address: [UInt8]) -> Bool {
        // Of IPv6 only 2000::/3 is handed out to the internet at all (RFC 4291 §2.4): loopback, unique local,
        // link-local, multicast and the NAT64 prefixes lie outside.
        if address.count == 16, address[0] & 0xE0 != 0x20 { return false }
        return !special.contains { $0.contains(address) }
    }

    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        // Protocol assignments and Teredo, documentation, 6to4 (which carries an IPv4 address of its own).
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    ].compactMap(AddressBlock.init)
}

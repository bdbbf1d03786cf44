// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension WebRequest {
    /// Where failures are counted: the address, or for IPv6 the /64 network that one subscriber holds whole.
    package var network: String {
        guard let address = InternetAddress(self.address), address.bytes.count == 16 else { return self.address }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(address.bytes[index]) << 8 | UInt16(address.bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }
}

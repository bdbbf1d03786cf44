// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The national health identity number: the NIR or NIA, thirteen characters, and its key.
///
/// - Shape: 13 characters, digits but for `2A` or `2B` at the department of birth, then a key of two digits equal to
///   97 minus the number modulo 97.
/// - Source: référentiel INS (ANS), instruction DGFiP on the NIR key; Corsica counts `2A` as 19 and `2B` as 18.
package struct INS: Hashable, Sendable {
    /// The thirteen characters, without the key.
    package let number: String
    package let key: String

    /// Reads fifteen characters, number and key; nil when the key does not match.
    package init?(_ text: String) {
        guard text.utf8.count == 15 else { return nil }
        let number = String(text.prefix(13))
        let key = String(text.suffix(2))
        guard let expected = INS.key(of: number), key == expected else { return nil }
        self.number = number
        self.key = key
    }

    /// The key of thirteen characters; nil when they are not of that shape.
    package static func key(of number: String) -> String? {
        var bytes = Array(number.utf8)
        guard bytes.count == 13 else { return nil }
        if bytes[5] == UInt8(ascii: "2"), bytes[6] == UInt8(ascii: "A") || bytes[6] == UInt8(ascii: "B") {
            let corse: [UInt8] = bytes[6] == UInt8(ascii: "A") ? [0x31, 0x39] : [0x31, 0x38]
            bytes.replaceSubrange(5...6, with: corse)
        }
        var remainder = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            remainder = (remainder * 10 + Int(byte - 0x30)) % 97
        }
        let key = 97 - remainder
        return key < 10 ? "0\(key)" : "\(key)"
    }
}

/// How far an identity has been checked (RNIV; HL7 table 0445): only a qualified one may be sent outside.
package enum INSStatus: String, Sendable, CaseIterable {
    case provisional = "PROV"
    case retrieved = "RECUP"
    case validated = "VALI"
    case qualified = "QUAL"
}

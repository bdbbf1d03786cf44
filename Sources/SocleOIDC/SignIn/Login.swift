// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a person types to say who they are, in the one spelling under which accounts are stored.
///
/// - Shape: 1 to 128 lower-case ASCII letters, digits, `.`, `_`, `-`, `+` or `@`. Surrounding white space and case
///   are the keyboard's affair; any other text is nobody's login (no two spellings of one account, whatever Unicode
///   has to offer).
package struct Login: Hashable, Sendable {
    package let value: String

    package init?(_ text: String) {
        let trimmed = text.utf8.drop(while: Self.isBlank).reversed().drop(while: Self.isBlank).reversed()
        guard (1...128).contains(trimmed.count) else { return nil }
        var bytes: [UInt8] = []
        for byte in trimmed {
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2E, 0x5F, 0x2D, 0x2B, 0x40: bytes.append(byte)
            case 0x41...0x5A: bytes.append(byte | 0x20)
            default: return nil
            }
        }
        value = String(decoding: bytes, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

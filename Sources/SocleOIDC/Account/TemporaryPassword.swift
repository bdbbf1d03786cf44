// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// A password that somebody else chose: read aloud or typed from a terminal, and good only to choose another.
package enum TemporaryPassword {
    /// Four groups of four letters and digits that cannot be taken for one another: 80 bits.
    package static func make(random: SecureRandom) -> String {
        let letters = Base32.encode(random.bytes(10)).lowercased()
        return stride(from: 0, to: 16, by: 4).map { letters.dropFirst($0).prefix(4) }.joined(separator: "-")
    }
}

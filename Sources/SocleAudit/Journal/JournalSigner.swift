// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What signs openings and checkpoints, and checks those of any key this installation has used.
/// The keys themselves stay where they are kept.
package struct JournalSigner: Sendable {
    /// Whether the signature of the message is that key's; nil for a key that is not known here.
    package typealias Verification =
        @Sendable (_ keyID: String, _ message: [UInt8], _ signature: [UInt8]) -> Bool?

    package var keyID: String
    package var sign: @Sendable (_ message: [UInt8]) throws -> [UInt8]
    package var verify: Verification

    package init(
        keyID: String, sign: @escaping @Sendable ([UInt8]) throws -> [UInt8], verify: @escaping Verification
    ) {
        self.keyID = keyID
        self.sign = sign
        self.verify = verify
    }
}

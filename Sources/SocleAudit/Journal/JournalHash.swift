// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleIdentity

/// The hash that ties an entry to all those before it in its chain.
///
/// - Shape: SHA-256 of `socle-journal-1`, the previous hash (32 bytes), the length of the chain's name (4 bytes), the
///   name in UTF-8, the sequence (8 bytes), the instant in milliseconds (8 bytes), the body's digest (32 bytes);
///   numbers most significant byte first. Only the name varies in length and its length comes before it, so two
///   different entries never give the same bytes.
package enum JournalHash {
    /// What precedes the first entry of a chain.
    package static let origin = [UInt8](repeating: 0, count: 32)

    package static func hash(
        previous: [UInt8], position: EntryPosition, instant: Instant, digest: [UInt8]
    ) -> [UInt8] {
        precondition(previous.count == 32 && digest.count == 32, "digests are 32 bytes")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes += "socle-journal-1".utf8
        bytes += previous
        let name = position.chain.utf8
        append(UInt32(name.count), to: &bytes)
        bytes += name
        append(UInt64(bitPattern: position.sequence), to: &bytes)
        append(UInt64(bitPattern: instant.milliseconds), to: &bytes)
        bytes += digest
        return SHA256.digest(bytes)
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess

/// The code of a purpose: one of the region's, or of an application's own. Codes are compared as they are written.
struct PurposeCode: ExpressibleByArgument {
    let code: String

    init?(argument: String) {
        func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
        guard (1...64).contains(argument.utf8.count), isCapital(argument.utf8.first ?? 0),
            argument.utf8.allSatisfy({ isCapital($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else { return nil }
        code = argument
    }

    /// Those that the region's rules speak of.
    static let region = Facts.Purpose.allCases.filter { $0 != .other }.map(\.rawValue)
}

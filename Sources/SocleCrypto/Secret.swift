// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Bytes that must not be printed: its description is a fixed text, whatever prints it.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves; the label is the warning.
    package let unredacted: [UInt8]

    package init(_ bytes: [UInt8]) { unredacted = bytes }
    package init(_ text: String) { unredacted = Array(text.utf8) }

    package var description: String { "(secret)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable {
    package static func == (a: Secret, b: Secret) -> Bool { ConstantTime.equals(a.unredacted, b.unredacted) }
}

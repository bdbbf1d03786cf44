// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What is wrong with a policy directory, all faults at once, each with its place.
package struct PolicyFaults: Error, CustomStringConvertible {
    package struct Fault: Hashable, Sendable, CustomStringConvertible {
        package var file: String
        /// `12:5`, `12`, or empty when the whole file is at fault.
        package var position: String
        package var message: String

        package init(_ file: String, _ position: String = "", _ message: String) {
            self.file = file
            self.position = position
            self.message = message
        }

        package var description: String {
            position.isEmpty ? "\(file): \(message)" : "\(file):\(position): \(message)"
        }
    }

    package var faults: [Fault]

    package init(_ faults: [Fault]) { self.faults = faults }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One thing wrong with a configuration, and where. The message never quotes a value: some are secrets.
struct ConfigurationFault: Error, Hashable, Sendable {
    enum Place: Hashable, Sendable {
        /// Counted from 1.
        case line(Int)
        case variable(String)
        /// Something absent: no line to name.
        case file
    }

    var place: Place
    /// `sessions.idle`; empty when the fault is the file's.
    var key: String
    var message: String
}

/// Every fault found, in the order of their lines: an operator corrects them in one go.
struct ConfigurationFaults: Error, Equatable, CustomStringConvertible {
    var file: String
    var faults: [ConfigurationFault]

    var description: String {
        let lines = faults.map { fault in
            let place =
                switch fault.place {
                case .line(let line): "\(file):\(line)"
                case .variable(let name): "environment \(name)"
                case .file: file
                }
            return "\(place): " + (fault.key.isEmpty ? "" : "`\(fault.key)` ") + fault.message
        }
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        return "the configuration has \(count)\n" + lines.joined(separator: "\n")
    }
}

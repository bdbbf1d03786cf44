// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Why an expression has no value.
struct EvaluationError: Error, Hashable, Sendable {
    var position: Position
    /// Lower case, no final stop, what was met in backticks.
    var message: String

    init(_ message: String, at position: Position) {
        self.message = message
        self.position = position
    }

    static func mismatch(_ expected: String, _ found: Value, _ position: Position) -> EvaluationError {
        EvaluationError("type error: expected \(expected), found \(found.kindName)", at: position)
    }
}

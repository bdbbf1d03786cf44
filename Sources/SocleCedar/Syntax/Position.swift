// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A place in a text: lines and columns from 1, columns counted in code points.
public struct Position: Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public var description: String { "\(line):\(column)" }
}

/// A text that is not what its grammar asks, with the place where reading stopped.
public struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public let position: Position
    /// Lower case, no final stop, what was written in backticks.
    public let message: String

    public init(at position: Position, _ message: String) {
        self.position = position
        self.message = message
    }

    public var description: String { "\(position): \(message)" }
}

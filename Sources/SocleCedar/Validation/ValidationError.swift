// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a policy says that its schema cannot make sense of.
public struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let policyID: String
    public let position: Position
    /// Lower case, no final stop, what was written in backticks.
    public let message: String

    public var description: String { "\(policyID) at \(position): \(message)" }
}

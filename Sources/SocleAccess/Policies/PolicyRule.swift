// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What the annotations of a policy say: where it stands, and what it answers when it decides.
package struct PolicyRule: Hashable, Sendable {
    package enum Effect: String, Sendable { case permit, forbid }

    /// The name in answers and traces: `@id`.
    package var id: String
    package var effect: Effect
    package var order: PolicyOrder
    package var rule: String
    package var reason: String
    package var advice: [String]
    /// With placeholders of a closed list: `{hidden}`, `{break_glass_duration}`.
    package var obligations: [String]
    /// Whether this policy only says that something is absent: without it no decision would differ.
    package var explainsAbsence: Bool
}

/// A dotted number: 8 before 8.1 before 8.10 before 9.
package struct PolicyOrder: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let parts: [Int]

    package init?(_ text: String) {
        var parts: [Int] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard let number = Int(part), number >= 0 else { return nil }
            parts.append(number)
        }
        guard (1...4).contains(parts.count) else { return nil }
        self.parts = parts
    }

    package static func < (a: PolicyOrder, b: PolicyOrder) -> Bool { a.parts.lexicographicallyPrecedes(b.parts) }
    package var description: String { parts.map(String.init).joined(separator: ".") }
}

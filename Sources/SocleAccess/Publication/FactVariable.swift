// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One thing that a policy may read of a question, with every value it can have.
struct FactVariable: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// The type of the principal.
        case subject
        case action
        /// The one role of a professional: those that policies name, any other of a code system that they name, any
        /// other at all, or none.
        case role
        /// Whether an administrator holds the role of that name; nil for any role that no policy names.
        case adminRole(String?)
        /// The class of the resource: those that policies name, or another.
        case category
        /// The type of the document, where policies name any.
        case documentType
        /// A member of the context: one of an enumeration, or a Boolean.
        case fact(isBoolean: Bool)
    }

    var kind: Kind
    /// As in the schema, or `subject`, `action`, `role`, `category`, `type`, `holds <role>`.
    var name: String
    var values: [String]

    /// The most values a fact can have: blocks of points keep them as bits.
    static let mostValues = 64

    static let booleans = ["false", "true"]
    static let none = "none"
    static let another = "another"
    static func another(of system: String) -> String { "another of \(system)" }

    func place(of value: String) -> Int? { values.firstIndex(of: value) }
}

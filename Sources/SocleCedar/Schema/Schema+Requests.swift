// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Schema {
    /// The types of principals that may do that action, in order; none for an action that is not declared.
    public func principalTypes(of action: EntityUID) -> [String] { actions[action]?.principals.map(\.string) ?? [] }

    /// What the context of a request for that action holds; nil for an action that is not declared.
    public func context(of action: EntityUID) -> RecordType? { actions[action]?.context }
}

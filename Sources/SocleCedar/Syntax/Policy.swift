// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One policy, or one template when its scope holds slots. Immutable, shared by reference.
public final class Policy: Sendable {
    public let id: String
    public let effect: Effect
    /// By name; an annotation written without a value has the empty string.
    public let annotations: [String: String]
    /// Those of them that were written without a value, which a printer must not invent.
    public let valuelessAnnotations: Set<String>
    public let scope: Scope
    public let conditions: [Condition]
    public let position: Position

    public enum Effect: String, Sendable { case permit, forbid }

    /// `when` or `unless` and what it asks.
    public struct Condition: Sendable {
        public enum Keyword: String, Sendable { case when, unless }
        public let keyword: Keyword
        public let body: Expression

        public init(_ keyword: Keyword, _ body: Expression) {
            self.keyword = keyword
            self.body = body
        }
    }

    public init(
        id: String, effect: Effect, annotations: [String: String], valuelessAnnotations: Set<String> = [], scope: Scope,
        conditions: [Condition],
        position: Position
    ) {
        self.id = id
        self.effect = effect
        self.annotations = annotations
        self.valuelessAnnotations = valuelessAnnotations
        self.scope = scope
        self.conditions = conditions
        self.position = position
    }

    /// The places of the scope that a link must fill.
    public var slots: Set<Slot> {
        Set(
            [scope.principal.slot.map { _ in .principal }, scope.resource.slot.map { _ in .resource }].compactMap(
                \.self))
    }

    public var isTemplate: Bool { !slots.isEmpty }
}

public enum Slot: String, Hashable, Sendable { case principal, resource }

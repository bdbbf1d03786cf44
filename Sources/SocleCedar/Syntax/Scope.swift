// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a policy says between its parentheses: who, doing what, on what.
public struct Scope: Hashable, Sendable {
    public let principal: Constraint
    public let action: ActionConstraint
    public let resource: Constraint

    public init(principal: Constraint, action: ActionConstraint, resource: Constraint) {
        self.principal = principal
        self.action = action
        self.resource = resource
    }

    /// Of the principal or of the resource.
    public enum Constraint: Hashable, Sendable {
        case any
        case equal(Reference)
        case within(Reference)
        case ofType(String)
        case ofTypeWithin(String, Reference)
    }

    public enum ActionConstraint: Hashable, Sendable {
        case any
        case equal(EntityUID)
        case within(EntityUID)
        case withinAny([EntityUID])
    }

    /// An entity, or the place a template leaves for one.
    public enum Reference: Hashable, Sendable {
        case entity(EntityUID)
        case slot
    }
}

extension Scope.Constraint {
    /// The slot it holds, if it holds one.
    var slot: Scope.Reference? {
        switch self {
        case .equal(.slot), .within(.slot), .ofTypeWithin(_, .slot): .slot
        default: nil
        }
    }

    /// With its slot, if any, filled.
    func filled(with entity: EntityUID?) -> Scope.Constraint {
        guard slot != nil, let entity else { return self }
        switch self {
        case .equal: return .equal(.entity(entity))
        case .within: return .within(.entity(entity))
        case .ofTypeWithin(let type, _): return .ofTypeWithin(type, .entity(entity))
        case .any, .ofType: return self
        }
    }
}

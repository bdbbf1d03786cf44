// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where the index keeps a policy: under the most selective thing its scope says, and there only.
///
/// What the place establishes is not evaluated again: `rest` is the scope that remains to be checked.
struct Filing {
    enum Place: Hashable {
        case principal(EntityUID)
        case principalWithin(EntityUID)
        case resource(EntityUID)
        case resourceWithin(EntityUID)
        case principalType(Text)
        case resourceType(Text)
        case anywhere
    }

    let place: Place
    let rest: Scope

    init(_ scope: Scope) {
        let (principal, resource) = (scope.principal, scope.resource)
        func rest(principal: Scope.Constraint? = nil, resource: Scope.Constraint? = nil) -> Scope {
            // The action is always established by the shelf.
            Scope(
                principal: principal ?? scope.principal, action: .any, resource: resource ?? scope.resource)
        }
        switch (principal, resource) {
        case (.equal(.entity(let uid)), _): (place, self.rest) = (.principal(uid), rest(principal: .any))
        case (_, .equal(.entity(let uid))): (place, self.rest) = (.resource(uid), rest(resource: .any))
        case (.within(.entity(let uid)), _): (place, self.rest) = (.principalWithin(uid), rest(principal: .any))
        case (.ofTypeWithin(let type, .entity(let uid)), _):
            (place, self.rest) = (.principalWithin(uid), rest(principal: .ofType(type)))
        case (_, .within(.entity(let uid))): (place, self.rest) = (.resourceWithin(uid), rest(resource: .any))
        case (_, .ofTypeWithin(let type, .entity(let uid))):
            (place, self.rest) = (.resourceWithin(uid), rest(resource: .ofType(type)))
        case (.ofType(let type), _): (place, self.rest) = (.principalType(Text(type)), rest(principal: .any))
        case (_, .ofType(let type)): (place, self.rest) = (.resourceType(Text(type)), rest(resource: .any))
        default: (place, self.rest) = (.anywhere, rest())
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Finds the policies whose scope may fit a request, so that the others cost nothing.
///
/// A policy is filed under each action its scope names (or under none), and there under the most selective thing it
/// says: the principal it names, the resource it names, a type, or nothing. What is returned may still not apply: the
/// whole scope is evaluated with the conditions.
struct ScopeIndex: Sendable {
    fileprivate struct Shelf: Sendable {
        var byPrincipal: [EntityUID: [Int]] = [:]
        var byResource: [EntityUID: [Int]] = [:]
        var byPrincipalType: [Text: [Int]] = [:]
        var byResourceType: [Text: [Int]] = [:]
        var others: [Int] = []
    }

    private var anyAction = Shelf()
    private var byAction: [EntityUID: Shelf] = [:]

    init(_ policies: [Policy]) {
        for (number, policy) in policies.enumerated() {
            switch policy.scope.action {
            case .any: anyAction.file(number, policy.scope)
            case .equal(let uid), .within(let uid): byAction[uid, default: Shelf()].file(number, policy.scope)
            case .withinAny(let uids):
                for uid in Set(uids) { byAction[uid, default: Shelf()].file(number, policy.scope) }
            }
        }
    }

    /// In the order of the set, each once.
    func candidates(_ request: Request, _ entities: Entities) -> [Int] {
        var found: [Int] = []
        anyAction.collect(request, entities, into: &found)
        if !byAction.isEmpty {
            byAction[request.action]?.collect(request, entities, into: &found)
            for ancestor in entities.entry(request.action)?.ancestors ?? [] {
                byAction[ancestor]?.collect(request, entities, into: &found)
            }
        }
        found.sort()
        // A policy that names two groups of the same action is found twice.
        var last = -1
        found.removeAll { number in
            defer { last = number }
            return number == last
        }
        return found
    }
}

extension ScopeIndex.Shelf {
    fileprivate mutating func file(_ number: Int, _ scope: Scope) {
        switch (scope.principal, scope.resource) {
        case (.equal(.entity(let uid)), _), (.within(.entity(let uid)), _), (.ofTypeWithin(_, .entity(let uid)), _):
            byPrincipal[uid, default: []].append(number)
        case (_, .equal(.entity(let uid))), (_, .within(.entity(let uid))), (_, .ofTypeWithin(_, .entity(let uid))):
            byResource[uid, default: []].append(number)
        case (.ofType(let type), _): byPrincipalType[Text(type), default: []].append(number)
        case (_, .ofType(let type)): byResourceType[Text(type), default: []].append(number)
        default: others.append(number)
        }
    }

    fileprivate func collect(_ request: Request, _ entities: Entities, into found: inout [Int]) {
        found += others
        ScopeIndex.collect(byPrincipal, request.principal, entities, into: &found)
        ScopeIndex.collect(byResource, request.resource, entities, into: &found)
        if !byPrincipalType.isEmpty { found += byPrincipalType[request.principal.typeName] ?? [] }
        if !byResourceType.isEmpty { found += byResourceType[request.resource.typeName] ?? [] }
    }
}

extension ScopeIndex {
    fileprivate static func collect(
        _ filed: [EntityUID: [Int]], _ uid: EntityUID, _ entities: Entities, into found: inout [Int]
    ) {
        guard !filed.isEmpty else { return }
        found += filed[uid] ?? []
        for ancestor in entities.entry(uid)?.ancestors ?? [] { found += filed[ancestor] ?? [] }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The policies about one action, or about any, by the place each is filed under.
struct ScopeShelf: Sendable {
    private var byPrincipal = Drawer()
    private var byPrincipalAbove = Drawer()
    private var byResource = Drawer()
    private var byResourceAbove = Drawer()
    private var byPrincipalType: [(type: Text, numbers: [Int32])] = []
    private var byResourceType: [(type: Text, numbers: [Int32])] = []
    private var anywhere: [Int32] = []

    init(_ filed: [(number: Int32, place: Filing.Place)]) {
        var drawers: [Filing.Place: [Int32]] = [:]
        for (number, place) in filed { drawers[place, default: []].append(number) }
        byPrincipal = Drawer(drawers) { if case .principal(let uid) = $0 { uid } else { nil } }
        byPrincipalAbove = Drawer(drawers) { if case .principalWithin(let uid) = $0 { uid } else { nil } }
        byResource = Drawer(drawers) { if case .resource(let uid) = $0 { uid } else { nil } }
        byResourceAbove = Drawer(drawers) { if case .resourceWithin(let uid) = $0 { uid } else { nil } }
        for (place, numbers) in drawers {
            switch place {
            case .principalType(let type): byPrincipalType.append((type, numbers))
            case .resourceType(let type): byResourceType.append((type, numbers))
            case .anywhere: anywhere = numbers
            default: break
            }
        }
    }

    func mark(_ evaluator: borrowing Evaluator, in candidates: inout CandidateSet) {
        candidates.insert(anywhere)
        byPrincipal.mark(evaluator.principal, in: &candidates)
        byResource.mark(evaluator.resource, in: &candidates)
        byPrincipalAbove.mark(evaluator.principal, above: evaluator.entities, in: &candidates)
        byResourceAbove.mark(evaluator.resource, above: evaluator.entities, in: &candidates)
        ScopeShelf.mark(byPrincipalType, evaluator.principal, in: &candidates)
        ScopeShelf.mark(byResourceType, evaluator.resource, in: &candidates)
    }

    private static func mark(
        _ types: [(type: Text, numbers: [Int32])], _ entity: EntityReference, in candidates: inout CandidateSet
    ) {
        for place in types.indices where withUnsafePointer(to: types[place].type, { entity.isOf(type: $0) }) {
            candidates.insert(types[place].numbers)
        }
    }
}

/// Policy numbers by entity.
private struct Drawer: Sendable {
    private let table: NameTable
    private let numbers: [[Int32]]

    init() {
        table = NameTable([])
        numbers = []
    }

    init(_ drawers: [Filing.Place: [Int32]], _ name: (Filing.Place) -> EntityUID?) {
        let filed = drawers.compactMap { place, numbers in name(place).map { ($0, numbers) } }
        table = NameTable(filed.map(\.0))
        numbers = filed.map(\.1)
    }

    func mark(_ entity: EntityReference, in candidates: inout CandidateSet) {
        guard !table.isEmpty, let place = table.place(of: entity) else { return }
        candidates.insert(numbers[place])
    }

    /// What is filed under the entity or under anything above it.
    func mark(_ entity: EntityReference, above entities: Entities, in candidates: inout CandidateSet) {
        guard !table.isEmpty else { return }
        mark(entity, in: &candidates)
        guard let ancestors = entities.entry(entity)?.pointee.ancestors else { return }
        for place in 0..<ancestors.count {
            if case .entity(let ancestor) = Cell(at: ancestors.pointer(at: place)) {
                mark(ancestor, in: &candidates)
            }
        }
    }
}

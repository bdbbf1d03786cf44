// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Finds the policies whose scope may fit a request, so that the others cost nothing.
///
/// A policy is filed under each action its scope names (or under none), and there under the most selective thing it
/// says: the principal it names, the resource it names, a type, or nothing.
struct ScopeIndex: Sendable {
    private let anyAction: ScopeShelf
    /// By the action itself, for a scope that says `==`.
    private let equal: ActionShelves
    /// By the action or a group above it, for a scope that says `in`.
    private let within: ActionShelves

    init(_ filings: [(action: Scope.ActionConstraint, place: Filing.Place)]) {
        var anyAction: [(Int32, Filing.Place)] = []
        var equal: [EntityUID: [(Int32, Filing.Place)]] = [:]
        var within: [EntityUID: [(Int32, Filing.Place)]] = [:]
        for (number, filing) in filings.enumerated() {
            let filed = (Int32(number), filing.place)
            switch filing.action {
            case .any: anyAction.append(filed)
            case .equal(let uid): equal[uid, default: []].append(filed)
            case .within(let uid): within[uid, default: []].append(filed)
            case .withinAny(let uids): for uid in Set(uids) { within[uid, default: []].append(filed) }
            }
        }
        self.anyAction = ScopeShelf(anyAction.map { (number: $0.0, place: $0.1) })
        self.equal = ActionShelves(equal)
        self.within = ActionShelves(within)
    }

    func mark(_ frame: UnsafePointer<Frame>, in candidates: CandidateSet) {
        let action = frame.pointee.action
        anyAction.mark(frame, in: candidates)
        equal[action.name]?.mark(frame, in: candidates)
        guard !within.isEmpty else { return }
        within[action.name]?.mark(frame, in: candidates)
        guard let groups = action.ancestors else { return }
        for place in 0..<groups.count {
            if case .entity(let group) = Cell(at: groups.pointer(at: place)) {
                within[group]?.mark(frame, in: candidates)
            }
        }
    }
}

private struct ActionShelves: Sendable {
    private let table: NameTable
    private let shelves: FixedStorage<ScopeShelf>

    init(_ filed: [EntityUID: [(Int32, Filing.Place)]]) {
        table = NameTable(filed.map(\.key))
        shelves = FixedStorage(filed.map { ScopeShelf($0.value.map { (number: $0.0, place: $0.1) }) })
    }

    var isEmpty: Bool { table.isEmpty }

    subscript(action: EntityReference) -> ScopeShelf? { table.place(of: action).map { shelves.base[$0] } }
}

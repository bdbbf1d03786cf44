// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Ancestors from parents, each computed once, without recursion: a hierarchy may be deep.
struct Closure {
    enum Fault: Error {
        case cycle
        /// A chain of n has n²/2 ancestors in all: what is short to write is refused rather than unfolded.
        case tooLarge
    }

    private let parents: [EntityUID: [EntityUID]]
    private var known: [EntityUID: Set<EntityUID>] = [:]
    /// How many more ancestors may be looked at.
    private var room: Int

    init(parents: [EntityUID: [EntityUID]]) {
        self.parents = parents
        room = Closure.room(names: parents.reduce(0) { $0 + 1 + $1.value.count })
    }

    /// In proportion to the names written: a million, and 64 more for each.
    static func room(names: Int) -> Int { 1_000_000 + 64 * names }

    mutating func ancestors(of uid: EntityUID) throws(Fault) -> Set<EntityUID> {
        var stack = [(uid: uid, next: 0)]
        var open: Set<EntityUID> = [uid]
        while let (current, next) = stack.last {
            let above = parents[current] ?? []
            if known[current] == nil, next < above.count {
                stack[stack.count - 1].next += 1
                let parent = above[next]
                guard known[parent] == nil else { continue }
                guard open.insert(parent).inserted else { throw .cycle }
                stack.append((parent, 0))
            } else {
                if known[current] == nil {
                    room -= above.reduce(above.count) { $0 + (known[$1]?.count ?? 0) }
                    guard room >= 0 else { throw .tooLarge }
                    known[current] = above.reduce(into: Set(above)) { $0.formUnion(known[$1] ?? []) }
                }
                open.remove(current)
                stack.removeLast()
            }
        }
        let ancestors = known[uid] ?? []
        guard !ancestors.contains(uid) else { throw .cycle }
        return ancestors
    }
}

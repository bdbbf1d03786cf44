// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Ancestors from parents, each computed once, without recursion: a hierarchy may be deep.
struct Closure {
    private let parents: [EntityUID: [EntityUID]]
    private var known: [EntityUID: Set<EntityUID>] = [:]

    init(parents: [EntityUID: [EntityUID]]) { self.parents = parents }

    /// Nil when a cycle is met.
    mutating func ancestors(of uid: EntityUID) -> Set<EntityUID>? {
        var stack = [(uid: uid, next: 0)]
        var open: Set<EntityUID> = [uid]
        while let (current, next) = stack.last {
            let above = parents[current] ?? []
            if known[current] == nil, next < above.count {
                stack[stack.count - 1].next += 1
                let parent = above[next]
                guard known[parent] == nil else { continue }
                guard open.insert(parent).inserted else { return nil }
                stack.append((parent, 0))
            } else {
                if known[current] == nil {
                    known[current] = above.reduce(into: Set(above)) { $0.formUnion(known[$1] ?? []) }
                }
                open.remove(current)
                stack.removeLast()
            }
        }
        return known[uid]
    }
}

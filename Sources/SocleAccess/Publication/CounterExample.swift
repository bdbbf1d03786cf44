// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where something that must hold does not: as few facts as say it, the rest being free.
package struct CounterExample: Hashable, Sendable {
    package var facts: [DescribedFact]
    /// The same in words.
    package var words: [String]
    /// The policies satisfied at a point of it, in order, with their effects: `care_team-16.3 permits`.
    package var policies: [String]
    /// How many combinations break it in all.
    package var points: UInt128

    /// - Parameters:
    ///   - violation: where it does not hold; not empty.
    ///   - impossible: combinations that do not count, and so need not be told apart.
    init?(
        _ violation: DiagramStore.Node, impossible: DiagramStore.Node, version: VersionDiagram, words: FactWords,
        reader: inout ConditionReader
    ) {
        let space = reader.space
        guard let narrow = reader.store.shortestCube(of: violation) else { return nil }
        let allowed = reader.store.or(violation, impossible)
        // What is told last is freed first: who, what and why are kept if any must be.
        let cube = reader.store.widened(narrow, within: allowed, order: space.toldOrder.reversed())
        facts = DescribedFact.list(cube, in: space)
        self.words = words.say(cube, in: space)
        points = reader.store.count(violation)
        let point = narrow.values.map { $0.trailingZeroBitCount }
        let store = reader.store
        policies = version.policies.filter { store.value(of: $0.satisfied, at: point) == 1 }.map {
            "\($0.rule.id) \(words.say($0.rule.effect))"
        }
    }
}

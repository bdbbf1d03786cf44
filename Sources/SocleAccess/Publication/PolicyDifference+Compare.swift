// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

extension PolicyDifference {
    /// The most blocks told of one change: beyond, the rest is counted and said not to be told.
    static let mostBlocks = 500

    /// - Throws: when either text cannot be read as rules over finite facts.
    package init(
        from before: PolicyText, to after: PolicyText, language: FactLanguage = .en
    ) throws(PolicyFaults) {
        let programs = (try PolicyProgram(number: 0, text: before), try PolicyProgram(number: 0, text: after))
        let schemas = (try PolicySchema.read(before), try PolicySchema.read(after))
        let space = try FactSpace(
            schemas: [schemas.0, schemas.1], policies: programs.0.policies.policies + programs.1.policies.policies)
        var reader = ConditionReader(space: space, schema: schemas.0, store: DiagramStore(widths: space.widths))
        let old = try VersionDiagram(programs.0, reader: &reader)
        reader = ConditionReader(space: space, schema: schemas.1, store: reader.store)
        let new = try VersionDiagram(programs.1, reader: &reader)

        var comparison = AnswerComparison(
            old: old, new: new, space: space, store: reader.store,
            words: FactWords([before, after], language: language))
        points = comparison.points
        changes = comparison.changes()
        policies = PolicyDifference.policies(programs.0, programs.1, language)
        matrix = PolicyDifference.matrix(programs.0.matrix, programs.1.matrix, language)
        parameters = PolicyDifference.table("parameters.csv", before, after, key: ["service", "name"], ["value"])
        reasons = PolicyDifference.table(
            "reasons.csv", before, after, key: ["reason"], ["user_fr", "user_en", "admin_fr", "admin_en"])
        facts = try PolicyDifference.facts(schemas.0, schemas.1)
        invariants = PolicyDifference.invariants(
            try Invariant.read(before, against: schemas.0), try Invariant.read(after, against: schemas.1))
        notChecked = PolicyDifference.notChecked(before, after, changes, language)
    }
}

/// The answers of two versions, side by side.
private struct AnswerComparison {
    typealias Node = DiagramStore.Node

    private let space: FactSpace
    private var store: DiagramStore
    private let words: FactWords
    private let possible: Node
    private let impossible: Node
    private var answers: [PolicyOutcome.Answer] = []
    /// Leaf 0 where nothing changes, `1 + before * answers.count + after` elsewhere.
    private var pairs: Node

    init(old: VersionDiagram, new: VersionDiagram, space: FactSpace, store: DiagramStore, words: FactWords) {
        self.space = space
        self.words = words
        var store = store
        possible = store.possible(in: space)
        impossible = store.not(possible)
        var places: [PolicyOutcome.Answer: Int] = [:]
        for outcome in old.outcomes + new.outcomes where places[outcome.answer] == nil {
            places[outcome.answer] = answers.count
            answers.append(outcome.answer)
        }
        let before = store.map(old.answer) { places[old.outcomes[$0].answer] ?? 0 }
        let after = store.map(new.answer) { places[new.outcomes[$0].answer] ?? 0 }
        let count = answers.count
        let all = store.combine(before, after) { before, after in
            if before == after { return DiagramStore.leaf(0) }
            guard before < 0, after < 0 else { return nil }
            return DiagramStore.leaf(1 + DiagramStore.number(of: before) * count + DiagramStore.number(of: after))
        }
        pairs = store.choose(impossible, then: DiagramStore.leaf(0), otherwise: all)
        self.store = store
    }

    var points: UInt128 { store.count(possible) }

    /// What opens first, then what closes, then what is told otherwise; the widest of each first.
    mutating func changes() -> [PolicyDifference.Change] {
        var changes: [PolicyDifference.Change] = []
        for pair in store.leaves(of: pairs) where pair > 0 {
            let (before, after) = (answers[(pair - 1) / answers.count], answers[(pair - 1) % answers.count])
            let place = store.map(pairs) { $0 == pair ? 1 : 0 }
            let (blocks, rest) = blocks(of: place)
            changes.append(
                PolicyDifference.Change(
                    direction: before.isPermit == after.isPermit ? .explains : after.isPermit ? .opens : .closes,
                    before: AnswerSummary(before), after: AnswerSummary(after), points: store.count(place),
                    blocks: blocks, undetailed: store.count(rest)))
        }
        let ranks = PolicyDifference.Change.Direction.allCases
        return changes.sorted { a, b in
            let (rankA, rankB) = (ranks.firstIndex(of: a.direction) ?? 0, ranks.firstIndex(of: b.direction) ?? 0)
            if rankA != rankB { return rankA < rankB }
            if a.points != b.points { return a.points > b.points }
            return (a.before.reason, a.after.reason, a.before.rule) < (b.before.reason, b.after.reason, b.before.rule)
        }
    }

    /// A condition as blocks, each as wide as it can be; what impossible combinations do is free.
    private mutating func blocks(of place: Node) -> (blocks: [PolicyDifference.Block], rest: Node) {
        let within = store.or(place, impossible)
        let order = Array(space.toldOrder.reversed())
        var rest = place
        var blocks: [PolicyDifference.Block] = []
        while blocks.count < PolicyDifference.mostBlocks, let narrow = store.shortestCube(of: rest) {
            let cube = store.widened(narrow, within: within, order: order)
            let inside = store.node(of: cube)
            let told = store.and(rest, inside)
            blocks.append(
                PolicyDifference.Block(
                    facts: DescribedFact.list(cube, in: space), words: words.say(cube, in: space),
                    points: store.count(told)))
            let outside = store.not(inside)
            rest = store.and(rest, outside)
        }
        return (blocks, rest)
    }
}

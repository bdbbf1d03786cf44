// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A finished program: read in place, never changed.
///
/// An evaluation follows integers through these and counts no reference. An expression that stands several times in
/// the policies is given a result to share, so that a decision evaluates it once.
final class Code: Sendable {
    struct Step: Sendable {
        let node: Program.Node
        /// Where its value is kept during a decision, or -1.
        let result: Int8
    }

    let steps: FixedStorage<Step>
    let positions: FixedStorage<Position>
    let constants: FixedStorage<Value>
    let lists: FixedStorage<Program.Index>
    let names: FixedStorage<Text>
    let patterns: FixedStorage<Pattern>

    init(_ program: Program) {
        let results = Code.results(program)
        steps = FixedStorage(
            zip(program.nodes, program.numbers).map { Step(node: $0, result: results[$1] ?? -1) })
        positions = FixedStorage(program.positions)
        constants = FixedStorage(program.constants)
        lists = FixedStorage(program.lists)
        names = FixedStorage(program.names)
        patterns = FixedStorage(program.patterns)
    }

    /// The expressions worth keeping: those met most often, when they are more than a constant or an opposite.
    private static func results(_ program: Program) -> [Int32: Int8] {
        var occurrences: [Int32: Int] = [:]
        for (node, number) in zip(program.nodes, program.numbers) {
            switch node {
            case .constant, .not: continue
            default: occurrences[number, default: 0] += 1
            }
        }
        let repeated = occurrences.filter { $0.value > 1 }
            .sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(Frame.memory)
        return Dictionary(uniqueKeysWithValues: repeated.enumerated().map { ($1.key, Int8($0)) })
    }

    /// The value of one expression, by itself.
    func value(_ index: Program.Index, _ request: Request, _ entities: Entities) throws(EvaluationError) -> Value {
        let outcome = evaluating(request, entities) { evaluator in
            Result { () throws(EvaluationError) in try evaluator.value(index).value }
        }
        return try outcome.get()
    }

    /// Runs the body with an evaluator of one request.
    func evaluating<Outcome>(
        _ request: Request, _ entities: Entities, _ body: (Evaluator) -> Outcome
    ) -> Outcome {
        defer { withExtendedLifetime(self) {} }
        defer { withExtendedLifetime(request) {} }
        defer { withExtendedLifetime(entities) {} }
        return withUnsafePointer(to: Value.record(request.context)) { context in
            withUnsafeTemporaryAllocation(of: Cell.self, capacity: Frame.memory) { results in
                // INVARIANT: `memory` is not zero, so the buffer has a base; a cell needs no initialisation.
                guard let base = results.baseAddress else { preconditionFailure("an empty memory") }
                var frame = Frame(code: self, entities: entities, request: request, context: context, results: base)
                defer { frame.clear() }
                return withUnsafeMutablePointer(to: &frame) { body(Evaluator(frame: $0)) }
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Evaluates the parts of an expression one by one, as far as the decision looks.
struct Explainer {
    let request: Request
    let entities: Entities

    /// Expressions of which one alone can decide: the rest is not reached.
    func chain(_ expressions: [Expression], stopsAt last: Explanation.Outcome) -> [Explanation.Finding] {
        var isDecided = false
        return expressions.map { expression in
            guard !isDecided else { return unreached(expression) }
            let finding = finding(expression)
            if finding.outcome == last { isDecided = true }
            if case .error = finding.outcome { isDecided = true }
            return finding
        }
    }

    func finding(_ expression: Expression) -> Explanation.Finding {
        let parts: [Explanation.Finding]
        switch expression.kind {
        case .and(let operands): parts = chain(operands, stopsAt: .fails)
        case .or(let operands): parts = chain(operands, stopsAt: .holds)
        case .not(let operand): parts = [finding(operand)]
        case .conditional(let test, let then, let otherwise):
            let tested = finding(test)
            parts = [
                tested, tested.outcome == .holds ? finding(then) : unreached(then),
                tested.outcome == .fails ? finding(otherwise) : unreached(otherwise),
            ]
        default: parts = []
        }
        var met: [Explanation.Met] = []
        if parts.isEmpty { collect(expression, &met) }
        return .init(
            text: expression.description, position: expression.position, outcome: outcome(of: expression),
            parts: parts, values: met)
    }

    private func unreached(_ expression: Expression) -> Explanation.Finding {
        .init(
            text: expression.description, position: expression.position, outcome: .notReached, parts: [], values: [])
    }

    private func outcome(of expression: Expression) -> Explanation.Outcome {
        switch value(of: expression) {
        case .success(.bool(let isTrue)): isTrue ? .holds : .fails
        // Of a branch of `if`, which need not be a condition.
        case .success(let value): .error("type error: expected bool, found \(value.kindName)")
        case .failure(let error): .error("\(error.position): \(error.message)")
        }
    }

    private func value(of expression: Expression) -> Result<Value, EvaluationError> {
        var program = Program()
        let index = program.compile(expression)
        let code = Code(program)
        return Result { () throws(EvaluationError) in try code.value(index, request, entities) }
    }

    /// The longest paths read, each once, in the order met.
    private func collect(_ expression: Expression, _ met: inout [Explanation.Met]) {
        switch expression.kind {
        case .attribute, .variable(.principal), .variable(.action), .variable(.resource), .binary(.getTag, _, _):
            let text = expression.description
            guard !met.contains(where: { Text.areSame($0.text, text) }) else { return }
            switch value(of: expression) {
            case .success(let value): met.append(.init(text: text, value: value.description))
            case .failure(let error): met.append(.init(text: text, value: error.message))
            }
        default: for operand in expression.kind.operands { collect(operand, &met) }
        }
    }
}

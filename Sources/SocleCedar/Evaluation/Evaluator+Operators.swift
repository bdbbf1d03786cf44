// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Evaluator {
    func binary(_ operation: Expression.BinaryOperator, _ left: Value, _ right: Value, at index: Program.Index)
        throws(EvaluationError) -> Value
    {
        switch operation {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(left != right)
        case .less: return .bool(try precedes(left, right, index))
        case .greaterOrEqual: return .bool(try !precedes(left, right, index))
        case .greater: return .bool(try precedes(right, left, index))
        case .lessOrEqual: return .bool(try !precedes(right, left, index))
        case .add, .subtract, .multiply: return try arithmetic(operation, left, right, index)
        case .in: return .bool(try isIn(try entity(left, index), right, index))
        case .contains: return .bool(try set(left, index).contains(right))
        case .containsAll:
            let (left, right) = (try set(left, index), try set(right, index))
            return .bool(right.isSubset(of: left))
        case .containsAny:
            let (left, right) = (try set(left, index), try set(right, index))
            return .bool(!right.isDisjoint(with: left))
        case .hasTag:
            let (uid, tag) = (try entity(left, index), try string(right, index))
            return .bool(entities.entry(uid)?.entity.tags[Text(tag)] != nil)
        case .getTag:
            let (uid, tag) = (try entity(left, index), try string(right, index))
            guard let entry = entities.entry(uid) else { throw error("the entity `\(uid)` is not known", index) }
            guard let found = entry.entity.tags[Text(tag)] else {
                throw error("the entity `\(uid)` has no tag `\(tag)`", index)
            }
            return found
        }
    }

    /// `<`, between numbers, instants or durations.
    private func precedes(_ left: Value, _ right: Value, _ index: Program.Index) throws(EvaluationError) -> Bool {
        switch (left, right) {
        case (.long(let left), .long(let right)), (.datetime(let left), .datetime(let right)),
            (.duration(let left), .duration(let right)):
            return left < right
        case (.long, _), (.datetime, _), (.duration, _): throw mismatch(left.kindName, right, index)
        default: throw mismatch("long, datetime or duration", left, index)
        }
    }

    private func arithmetic(
        _ operation: Expression.BinaryOperator, _ left: Value, _ right: Value, _ index: Program.Index
    ) throws(EvaluationError) -> Value {
        guard case .long(let a) = left else { throw mismatch("long", left, index) }
        guard case .long(let b) = right else { throw mismatch("long", right, index) }
        let (result, overflow) =
            switch operation {
            case .add: a.addingReportingOverflow(b)
            case .subtract: a.subtractingReportingOverflow(b)
            default: a.multipliedReportingOverflow(by: b)
            }
        guard !overflow else { throw error("integer overflow in `\(a) \(operation.rawValue) \(b)`", index) }
        return .long(result)
    }

    private func isIn(_ uid: EntityUID, _ ancestors: Value, _ index: Program.Index) throws(EvaluationError) -> Bool {
        switch ancestors {
        case .entity(let ancestor): return entities.isEntity(uid, in: ancestor)
        case .set(let values):
            // Every element is looked at: one that is not an entity is an error even beside one that matches.
            var isFound = false
            for value in values {
                let ancestor = try entity(value, index)
                isFound = isFound || entities.isEntity(uid, in: ancestor)
            }
            return isFound
        default: throw mismatch("an entity or a set of entities", ancestors, index)
        }
    }
}

// What a node must evaluate to.
extension Evaluator {
    func long(_ index: Program.Index) throws(EvaluationError) -> Int64 {
        let value = try value(index)
        guard case .long(let long) = value else { throw mismatch("long", value, index) }
        return long
    }

    func string(_ index: Program.Index) throws(EvaluationError) -> String { try string(try value(index), index) }
    func entity(_ index: Program.Index) throws(EvaluationError) -> EntityUID { try entity(try value(index), index) }
    func set(_ index: Program.Index) throws(EvaluationError) -> Set<Value> { try set(try value(index), index) }

    func string(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> String {
        guard case .string(let string) = value else { throw mismatch("string", value, index) }
        return string
    }

    func entity(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> EntityUID {
        guard case .entity(let uid) = value else { throw mismatch("an entity", value, index) }
        return uid
    }

    func set(_ value: Value, _ index: Program.Index) throws(EvaluationError) -> Set<Value> {
        guard case .set(let values) = value else { throw mismatch("set", value, index) }
        return values
    }

    func error(_ message: String, _ index: Program.Index) -> EvaluationError {
        EvaluationError(message, at: program.positions[Int(index)])
    }

    func mismatch(_ expected: String, _ found: Value, _ index: Program.Index) -> EvaluationError {
        .mismatch(expected, found, program.positions[Int(index)])
    }
}

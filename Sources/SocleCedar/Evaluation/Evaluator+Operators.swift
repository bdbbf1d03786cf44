// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Evaluator {
    func binary(_ operation: Expression.BinaryOperator, _ left: Cell, _ right: Cell, _ index: Program.Index)
        throws(EvaluationError) -> Cell
    {
        switch operation {
        case .equal: return .bool(left == right)
        case .notEqual: return .bool(!(left == right))
        case .less: return .bool(try precedes(left, right, index))
        case .greaterOrEqual: return .bool(try !precedes(left, right, index))
        case .greater: return .bool(try precedes(right, left, index))
        case .lessOrEqual: return .bool(try !precedes(right, left, index))
        case .add, .subtract, .multiply: return try arithmetic(operation, left, right, index)
        case .in: return .bool(try isIn(try entity(left, index), right, index))
        case .contains: return .bool(Evaluator.contains(try set(left, index), right))
        case .containsAll:
            let (left, right) = (try set(left, index), try set(right, index))
            guard case (.set(let left), .set(let right)) = (left.pointee, right.pointee) else { return .bool(false) }
            return .bool(right.reading.isSubset(of: left.reading))
        case .containsAny:
            let (left, right) = (try set(left, index), try set(right, index))
            guard case (.set(let left), .set(let right)) = (left.pointee, right.pointee) else { return .bool(false) }
            return .bool(!right.reading.isDisjoint(with: left.reading))
        case .hasTag:
            let (entity, tag) = (try entity(left, index), Text(try string(right, index)))
            return .bool(entry(of: entity)?.pointee.entity.tags[tag] != nil)
        case .getTag:
            let (entity, tag) = (try entity(left, index), Text(try string(right, index)))
            guard let entry = entry(of: entity) else { throw unknown(entity, index) }
            let found = withUnsafePointer(to: tag) { entry.pointee.entity.tags.pointer(to: $0) }
            guard let found else { throw error("the entity `\(entity.uid)` has no tag `\(tag)`", index) }
            return Cell(at: found)
        }
    }

    private static func contains(_ set: UnsafePointer<Value>, _ element: Cell) -> Bool {
        guard case .set(let values) = set.pointee else { return false }
        if case .entity(let entity) = element { return values.reading.contains(entity) }
        return values.reading.contains(element.value)
    }

    /// `<`, between numbers, instants or durations.
    private func precedes(_ left: Cell, _ right: Cell, _ index: Program.Index) throws(EvaluationError) -> Bool {
        switch (left, right) {
        case (.long(let left), .long(let right)), (.datetime(let left), .datetime(let right)),
            (.duration(let left), .duration(let right)):
            return left < right
        case (.long, _), (.datetime, _), (.duration, _): throw mismatch(left.value.kindName, right, index)
        default: throw mismatch("long, datetime or duration", left, index)
        }
    }

    private func arithmetic(
        _ operation: Expression.BinaryOperator, _ left: Cell, _ right: Cell, _ index: Program.Index
    ) throws(EvaluationError) -> Cell {
        let (a, b) = (try long(left, index), try long(right, index))
        let (result, overflow) =
            switch operation {
            case .add: a.addingReportingOverflow(b)
            case .subtract: a.subtractingReportingOverflow(b)
            default: a.multipliedReportingOverflow(by: b)
            }
        guard !overflow else { throw error("integer overflow in `\(a) \(operation.rawValue) \(b)`", index) }
        return .long(result)
    }

    func isIn(_ entity: EntityReference, _ ancestors: Cell, _ index: Program.Index) throws(EvaluationError)
        -> Bool
    {
        switch ancestors {
        case .entity(let ancestor):
            return entity == ancestor || entry(of: entity)?.pointee.ancestors.reading.contains(ancestor) == true
        case .other(let pointer):
            guard case .set(let set) = pointer.pointee else { break }
            let values = set.reading
            // Every element is looked at: one that is not an entity is an error even beside one that matches.
            for place in 0..<values.count {
                let element = Cell(at: values.pointer(at: place))
                guard case .entity = element else { throw mismatch("an entity", element, index) }
            }
            return values.contains(entity)
                || entry(of: entity)?.pointee.ancestors.reading.isDisjoint(with: values) == false
        default: break
        }
        throw mismatch("an entity or a set of entities", ancestors, index)
    }

    /// A function or a method of an extension type; those that only count are done without making a value.
    @inline(never)
    func call(_ function: ExtensionFunction, _ list: Program.List, _ index: Program.Index)
        throws(EvaluationError) -> Cell
    {
        if list.count == 2 {
            let left = try value(frame.pointee.lists[Int(list.start)])
            let right = try value(frame.pointee.lists[Int(list.start) + 1])
            switch (function, left, right) {
            case (.durationSince, .datetime(let later), .datetime(let earlier)):
                let (span, overflow) = later.subtractingReportingOverflow(earlier)
                if !overflow { return .duration(span) }
            case (.offset, .datetime(let instant), .duration(let span)):
                let (sum, overflow) = instant.addingReportingOverflow(span)
                if !overflow { return .datetime(sum) }
            default: break
            }
            return keep(try function.apply([left.value, right.value], at: frame.pointee.code.positions[Int(index)]))
        }
        return keep(try function.apply(values(list), at: frame.pointee.code.positions[Int(index)]))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Runs flat code against one request.
///
/// - Source: Cedar language reference, semantics of operators: `&&`, `||` and `if` evaluate no more than they need,
///   everything else evaluates every operand, left to right.
///
/// INVARIANT: used only while the frame lasts, and so is every `Cell` it returns.
struct Evaluator {
    /// One word, so that an evaluation passes it along in a register.
    let frame: UnsafeMutablePointer<Frame>

    /// Inlined, so that a result known already is read without a call.
    @inline(__always)
    func value(_ index: Program.Index) throws(EvaluationError) -> Cell {
        let step = frame.pointee.steps[Int(index)]
        guard step.result >= 0 else { return try compute(step.node, index) }
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: step.result)
        if frame.pointee.known & bit != 0 { return frame.pointee.results[Int(step.result)] }
        let cell = try compute(step.node, index)
        frame.pointee.known |= bit
        frame.pointee.results[Int(step.result)] = cell
        return cell
    }

    /// The value of a node that must be a boolean.
    func bool(_ index: Program.Index) throws(EvaluationError) -> Bool {
        let cell = try value(index)
        guard case .bool(let bool) = cell else { throw mismatch("bool", cell, index) }
        return bool
    }

    private func compute(_ node: Program.Node, _ index: Program.Index) throws(EvaluationError) -> Cell {
        switch node {
        case .constant(let constant): return Cell(at: frame.pointee.constants + Int(constant))
        case .principal: return .entity(frame.pointee.principal.name)
        case .action: return .entity(frame.pointee.action.name)
        case .resource: return .entity(frame.pointee.resource.name)
        case .context: return .other(frame.pointee.context)
        case .and(let list):
            for place in list.range where try !bool(frame.pointee.lists[place]) { return .bool(false) }
            return .bool(true)
        case .or(let list):
            for place in list.range where try bool(frame.pointee.lists[place]) { return .bool(true) }
            return .bool(false)
        case .not(let operand): return .bool(try !bool(operand))
        case .isEmpty(let operand): return .bool(try set(value(operand), index).pointee.isEmptySet)
        case .has(let base, let names, let count): return .bool(try has(value(base), names, count, index))
        case .like(let operand, let pattern): return .bool(try like(value(operand), pattern, index))
        case .isType(let operand, let type):
            return .bool(try entity(value(operand), index).isOf(type: frame.pointee.names + Int(type)))
        case .isTypeIn(let operand, let type, let ancestors):
            // Where the type differs, the ancestors are not evaluated.
            let entity = try entity(value(operand), index)
            guard entity.isOf(type: frame.pointee.names + Int(type)) else { return .bool(false) }
            return .bool(try isIn(entity, value(ancestors), index))
        case .set(let list): return keep(.set(ValueSet(try values(list))))
        case .record(let list, let names): return try record(list, names)
        case .call(let function, let list): return try call(function, list, index)
        case .negate(let operand):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(try long(value(operand), index))
            guard !overflow else { throw error("integer overflow in the opposite of a number", index) }
            return .long(result)
        case .attribute(let base, let name): return try attribute(name, of: value(base), index)
        case .conditional(let test, let then, let otherwise): return try value(bool(test) ? then : otherwise)
        case .binary(let operation, let left, let right):
            let left = try value(left)
            return try binary(operation, left, try value(right), index)
        }
    }

    /// The values of several expressions, counted again.
    @inline(never)
    func values(_ list: Program.List) throws(EvaluationError) -> [Value] {
        var values: [Value] = []
        for place in list.range { values.append(try value(frame.pointee.lists[place]).value) }
        return values
    }

    @inline(never)
    private func record(_ list: Program.List, _ names: Int32) throws(EvaluationError) -> Cell {
        let values = try values(list)
        let named = values.indices.map { (frame.pointee.names[Int(names) + $0], values[$0]) }
        return keep(.record(Record(members: Dictionary(named, uniquingKeysWith: { $1 }))))
    }

    /// Holds a value made on the way until the end of the decision.
    func keep(_ value: Value) -> Cell {
        switch value {
        case .bool, .long, .datetime, .duration:
            return withUnsafePointer(to: value) { Cell(at: $0) }
        default:
            let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
            pointer.initialize(to: value)
            frame.pointee.made.append(pointer)
            return Cell(at: pointer)
        }
    }
}

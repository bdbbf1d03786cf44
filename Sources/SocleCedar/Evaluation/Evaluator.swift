// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Runs flat code against one request.
///
/// - Source: Cedar language reference, semantics of operators: `&&`, `||` and `if` evaluate no more than they need,
///   everything else evaluates every operand, left to right.
///
/// INVARIANT: the code, the entities and what the references and pointers name are held by whoever made the
/// evaluator for as long as it lives; no `Cell` it returns is used later.
struct Evaluator: ~Copyable {
    /// How many results of repeated expressions are kept during one decision.
    static let memory = 64

    let code: Code
    let entities: Entities
    let principal: EntityReference
    let action: EntityReference
    let resource: EntityReference
    /// Always a record.
    let context: UnsafePointer<Value>
    /// Room for `memory` results; those whose bit is set in `known` have been computed.
    let results: UnsafeMutablePointer<Cell>
    var known: UInt64 = 0
    /// Values made on the way, which have no other owner.
    var made: [UnsafeMutablePointer<Value>] = []

    init(
        code: Code, entities: Entities, request: borrowing Request, context: UnsafePointer<Value>,
        results: UnsafeMutablePointer<Cell>
    ) {
        self.code = code
        self.entities = entities
        principal = entities.canonical(EntityReference(request.principal))
        action = entities.canonical(EntityReference(request.action))
        resource = entities.canonical(EntityReference(request.resource))
        self.context = context
        self.results = results
    }

    deinit {
        for value in made {
            value.deinitialize(count: 1)
            value.deallocate()
        }
    }

    mutating func value(_ index: Program.Index) throws(EvaluationError) -> Cell {
        let step = code.steps.base[Int(index)]
        guard step.result >= 0 else { return try compute(step.node, index) }
        let bit: UInt64 = 1 << UInt64(step.result)
        if known & bit != 0 { return results[Int(step.result)] }
        let cell = try compute(step.node, index)
        known |= bit
        results[Int(step.result)] = cell
        return cell
    }

    /// The value of a node that must be a boolean.
    mutating func bool(_ index: Program.Index) throws(EvaluationError) -> Bool {
        let cell = try value(index)
        guard case .bool(let bool) = cell else { throw mismatch("bool", cell, index) }
        return bool
    }

    private mutating func compute(_ node: Program.Node, _ index: Program.Index) throws(EvaluationError) -> Cell {
        switch node {
        case .constant(let constant): return Cell(at: code.constants.base + Int(constant))
        case .principal: return .entity(principal)
        case .action: return .entity(action)
        case .resource: return .entity(resource)
        case .context: return .other(context)
        case .and(let list):
            for place in list.range where try !bool(code.lists.base[place]) { return .bool(false) }
            return .bool(true)
        case .or(let list):
            for place in list.range where try bool(code.lists.base[place]) { return .bool(true) }
            return .bool(false)
        case .not(let operand): return .bool(try !bool(operand))
        case .isEmpty(let operand): return .bool(try set(value(operand), index).pointee.isEmptySet)
        case .has(let base, let names, let count): return .bool(try has(value(base), names, count, index))
        case .like(let operand, let pattern):
            return .bool(code.patterns.base[Int(pattern)].matches(try string(value(operand), index)))
        case .isType(let operand, let type):
            return .bool(try entity(value(operand), index).isOf(type: code.names.base + Int(type)))
        case .isTypeIn(let operand, let type, let ancestors):
            // Where the type differs, the ancestors are not evaluated.
            let entity = try entity(value(operand), index)
            guard entity.isOf(type: code.names.base + Int(type)) else { return .bool(false) }
            return .bool(try isIn(entity, value(ancestors), index))
        case .set(let list):
            var elements: [Value] = []
            for place in list.range { elements.append(try value(code.lists.base[place]).value) }
            return keep(.set(ValueSet(elements)))
        case .record(let list, let names):
            var members: [Text: Value] = [:]
            for (offset, place) in list.range.enumerated() {
                members[code.names.base[Int(names) + offset]] = try value(code.lists.base[place]).value
            }
            return keep(.record(Record(members: members)))
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

    /// Holds a value made on the way until the end of the decision.
    mutating func keep(_ value: Value) -> Cell {
        switch value {
        case .bool, .long, .datetime, .duration:
            return withUnsafePointer(to: value) { Cell(at: $0) }
        default:
            let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
            pointer.initialize(to: value)
            made.append(pointer)
            return Cell(at: pointer)
        }
    }
}

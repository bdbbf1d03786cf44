// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Runs flat code against one request.
///
/// - Source: Cedar language reference, semantics of operators: `&&`, `||` and `if` evaluate no more than they need,
///   everything else evaluates every operand, left to right.
struct Evaluator {
    let program: Program
    let request: Request
    let entities: Entities

    func value(_ index: Program.Index) throws(EvaluationError) -> Value {
        switch program.nodes[Int(index)] {
        case .constant(let constant): return program.constants[Int(constant)]
        case .principal: return .entity(request.principal)
        case .action: return .entity(request.action)
        case .resource: return .entity(request.resource)
        case .context: return .record(request.context)
        case .and, .or, .not, .isEmpty, .has, .like, .isType: return .bool(try bool(index))
        case .set(let list):
            var elements: Set<Value> = []
            for element in program.operands(list) { elements.insert(try value(element)) }
            return .set(elements)
        case .record(let list, let names):
            var members: [Text: Value] = [:]
            for (offset, member) in program.operands(list).enumerated() {
                members[program.names[Int(names) + offset]] = try value(member)
            }
            return .record(Record(members: members))
        case .call(let function, let list):
            var arguments: [Value] = []
            for argument in program.operands(list) { arguments.append(try value(argument)) }
            return try function.apply(arguments, at: program.positions[Int(index)])
        case .negate(let operand):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(try long(operand))
            guard !overflow else { throw error("integer overflow in the opposite of a number", index) }
            return .long(result)
        case .attribute(let base, let name): return try attribute(program.names[Int(name)], of: base, at: index)
        case .conditional(let test, let then, let otherwise): return try value(bool(test) ? then : otherwise)
        case .binary(let operation, let left, let right):
            return try binary(operation, try value(left), try value(right), at: index)
        }
    }

    /// The value of a node that must be a boolean.
    func bool(_ index: Program.Index) throws(EvaluationError) -> Bool {
        switch program.nodes[Int(index)] {
        case .and(let list):
            for operand in program.operands(list) where try !bool(operand) { return false }
            return true
        case .or(let list):
            for operand in program.operands(list) where try bool(operand) { return true }
            return false
        case .not(let operand): return try !bool(operand)
        case .isEmpty(let operand): return try set(operand).isEmpty
        case .has(let base, let names, let count): return try has(base, names, count, at: index)
        case .like(let operand, let pattern): return program.patterns[Int(pattern)].matches(try string(operand))
        case .isType(let operand, let type): return try entity(operand).typeName == program.names[Int(type)]
        default:
            let value = try value(index)
            guard case .bool(let bool) = value else { throw mismatch("bool", value, index) }
            return bool
        }
    }

    private func has(_ base: Program.Index, _ names: Int32, _ count: Int32, at index: Program.Index)
        throws(EvaluationError) -> Bool
    {
        var base = try value(base)
        for offset in 0..<count {
            let name = program.names[Int(names + offset)]
            let found: Value?
            switch base {
            case .record(let record): found = record[name]
            case .entity(let uid): found = entities.entry(uid)?.entity.attributes[name]
            default: throw mismatch("a record or an entity", base, index)
            }
            guard let found else { return false }
            base = found
        }
        return true
    }

    private func attribute(_ name: Text, of base: Program.Index, at index: Program.Index) throws(EvaluationError)
        -> Value
    {
        let base = try value(base)
        switch base {
        case .record(let record):
            guard let found = record[name] else { throw error("the record has no `\(name)`", index) }
            return found
        case .entity(let uid):
            guard let entry = entities.entry(uid) else { throw error("the entity `\(uid)` is not known", index) }
            guard let found = entry.entity.attributes[name] else {
                throw error("the entity `\(uid)` has no attribute `\(name)`", index)
            }
            return found
        default: throw mismatch("a record or an entity", base, index)
        }
    }
}

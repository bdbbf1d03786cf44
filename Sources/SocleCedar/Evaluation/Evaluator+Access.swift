// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Attributes, and the kind a value must be of.
extension Evaluator {
    /// What the entities say of one of them; nil for one they do not know.
    func entry(of entity: EntityReference) -> UnsafePointer<Entities.Entry>? {
        if entity.isIdentical(to: frame.pointee.resource.name) { return frame.pointee.resource.entry }
        if entity.isIdentical(to: frame.pointee.principal.name) { return frame.pointee.principal.entry }
        return frame.pointee.entities.entry(entity)
    }

    func has(_ base: Cell, _ names: Int32, _ count: Int32, _ index: Program.Index) throws(EvaluationError) -> Bool {
        var base = base
        for name in names..<names + count {
            guard let found = try member(name, of: base, index) else { return false }
            base = Cell(at: found)
        }
        return true
    }

    func attribute(_ name: Int32, of base: Cell, _ index: Program.Index) throws(EvaluationError) -> Cell {
        guard let found = try member(name, of: base, index) else { throw missing(name, of: base, index) }
        return Cell(at: found)
    }

    /// The attribute of that name; nil when there is none, or nothing is known of the entity.
    private func member(_ name: Int32, of base: Cell, _ index: Program.Index) throws(EvaluationError)
        -> UnsafePointer<Value>?
    {
        let name = frame.pointee.names + Int(name)
        switch base {
        case .entity(let entity): return entry(of: entity)?.pointee.entity.attributes.pointer(to: name)
        case .other(let pointer):
            guard case .record(let record) = pointer.pointee else { break }
            return record.pointer(to: name)
        default: break
        }
        throw mismatch("a record or an entity", base, index)
    }

    @inline(never)
    private func missing(_ name: Int32, of base: Cell, _ index: Program.Index) -> EvaluationError {
        let name = frame.pointee.names[Int(name)]
        guard case .entity(let entity) = base else { return error("the record has no `\(name)`", index) }
        return entry(of: entity) == nil
            ? unknown(entity, index) : error("the entity `\(entity.uid)` has no attribute `\(name)`", index)
    }

    @inline(never)
    func unknown(_ entity: EntityReference, _ index: Program.Index) -> EvaluationError {
        error("the entity `\(entity.uid)` is not known", index)
    }

    @inline(never)
    func like(_ cell: Cell, _ pattern: Int32, _ index: Program.Index) throws(EvaluationError) -> Bool {
        frame.pointee.code.patterns[Int(pattern)].matches(try string(cell, index))
    }

    func long(_ cell: Cell, _ index: Program.Index) throws(EvaluationError) -> Int64 {
        guard case .long(let long) = cell else { throw mismatch("long", cell, index) }
        return long
    }

    func string(_ cell: Cell, _ index: Program.Index) throws(EvaluationError) -> String {
        guard case .other(let pointer) = cell, case .string(let string) = pointer.pointee else {
            throw mismatch("string", cell, index)
        }
        return string
    }

    func entity(_ cell: Cell, _ index: Program.Index) throws(EvaluationError) -> EntityReference {
        guard case .entity(let entity) = cell else { throw mismatch("an entity", cell, index) }
        return entity
    }

    /// A value that is a set.
    func set(_ cell: Cell, _ index: Program.Index) throws(EvaluationError) -> UnsafePointer<Value> {
        guard case .other(let pointer) = cell, case .set = pointer.pointee else { throw mismatch("set", cell, index) }
        return pointer
    }

    @inline(never)
    func error(_ message: String, _ index: Program.Index) -> EvaluationError {
        EvaluationError(message, at: frame.pointee.code.positions[Int(index)])
    }

    @inline(never)
    func mismatch(_ expected: String, _ found: Cell, _ index: Program.Index) -> EvaluationError {
        .mismatch(expected, found.value, frame.pointee.code.positions[Int(index)])
    }
}

extension Value {
    var isEmptySet: Bool {
        guard case .set(let values) = self else { return false }
        return values.isEmpty
    }
}

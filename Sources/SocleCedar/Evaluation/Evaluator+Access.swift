// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Attributes, and the kind a value must be of.
extension Evaluator {
    func has(_ base: Cell, _ names: Int32, _ count: Int32, _ index: Program.Index) throws(EvaluationError) -> Bool {
        var base = base
        for offset in 0..<count {
            let name = UnsafePointer(code.names.base + Int(names + offset))
            let found: UnsafePointer<Value>?
            switch base {
            case .entity(let entity): found = entities.entry(entity)?.pointee.entity.attributes.pointer(to: name)
            case .other(let pointer):
                guard case .record(let record) = pointer.pointee else {
                    throw mismatch("a record or an entity", base, index)
                }
                found = record.pointer(to: name)
            default: throw mismatch("a record or an entity", base, index)
            }
            guard let found else { return false }
            base = Cell(at: found)
        }
        return true
    }

    func attribute(_ place: Int32, of base: Cell, _ index: Program.Index) throws(EvaluationError) -> Cell {
        let name = UnsafePointer(code.names.base + Int(place))
        switch base {
        case .entity(let entity):
            guard let entry = entities.entry(entity) else {
                throw error("the entity `\(entity.uid)` is not known", index)
            }
            guard let found = entry.pointee.entity.attributes.pointer(to: name) else {
                throw error("the entity `\(entity.uid)` has no attribute `\(name.pointee)`", index)
            }
            return Cell(at: found)
        case .other(let pointer):
            guard case .record(let record) = pointer.pointee else { break }
            guard let found = record.pointer(to: name) else {
                throw error("the record has no `\(name.pointee)`", index)
            }
            return Cell(at: found)
        default: break
        }
        throw mismatch("a record or an entity", base, index)
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

    func error(_ message: String, _ index: Program.Index) -> EvaluationError {
        EvaluationError(message, at: code.positions.base[Int(index)])
    }

    func mismatch(_ expected: String, _ found: Cell, _ index: Program.Index) -> EvaluationError {
        .mismatch(expected, found.value, code.positions.base[Int(index)])
    }
}

extension Entities {
    /// The same entity under the name these entities know it by, which is then found by its address alone.
    func canonical(_ entity: EntityReference) -> EntityReference {
        entry(entity).map { EntityReference($0.pointee.entity.uid) } ?? entity
    }
}

extension Value {
    var isEmptySet: Bool {
        guard case .set(let values) = self else { return false }
        return values.isEmpty
    }
}

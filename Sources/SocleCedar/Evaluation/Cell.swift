// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A value met during one decision, without a count of its own: small ones as they are, the others where they lie,
/// in the request, the entities, the constants of the policies, or what the evaluator itself keeps until its end.
enum Cell {
    case bool(Bool)
    case long(Int64)
    case datetime(Int64)
    case duration(Int64)
    case entity(EntityReference)
    /// A string, a set, a record, a decimal or an address; never one of the kinds above.
    case other(UnsafePointer<Value>)

    init(at pointer: UnsafePointer<Value>) {
        switch pointer.pointee {
        case .bool(let value): self = .bool(value)
        case .long(let value): self = .long(value)
        case .datetime(let value): self = .datetime(value)
        case .duration(let value): self = .duration(value)
        case .entity(let uid): self = .entity(EntityReference(uid))
        case .string, .set, .record, .decimal, .ip: self = .other(pointer)
        }
    }

    /// The value, counted again.
    var value: Value {
        switch self {
        case .bool(let value): .bool(value)
        case .long(let value): .long(value)
        case .datetime(let value): .datetime(millisecondsSince1970: value)
        case .duration(let value): .duration(milliseconds: value)
        case .entity(let entity): .entity(entity.uid)
        case .other(let pointer): pointer.pointee
        }
    }

    static func == (a: Cell, b: Cell) -> Bool {
        switch (a, b) {
        case (.bool(let a), .bool(let b)): a == b
        case (.long(let a), .long(let b)), (.datetime(let a), .datetime(let b)), (.duration(let a), .duration(let b)):
            a == b
        case (.entity(let a), .entity(let b)): a == b
        case (.other(let a), .other(let b)): a == b || a.pointee == b.pointee
        default: false
        }
    }
}

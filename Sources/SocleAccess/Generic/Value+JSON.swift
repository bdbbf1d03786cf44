// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleJSON

extension Value {
    /// What a caller says, as a policy reads it. Never an entity: a caller cannot point at one.
    ///
    /// - Returns: nil for `null` and for numbers that are not whole, at any depth: Cedar has neither.
    init?(_ json: JSONValue) {
        switch json {
        case .null, .double: return nil
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .long(value)
        case .string(let value): self = .string(value)
        case .array(let values):
            let elements = values.compactMap { Value($0) }
            guard elements.count == values.count else { return nil }
            self = .set(ValueSet(elements))
        case .object(let object):
            var members: [(String, Value)] = []
            for member in object.members {
                guard let value = Value(member.value) else { return nil }
                members.append((member.name, value))
            }
            self = .record(Record(members))
        }
    }
}

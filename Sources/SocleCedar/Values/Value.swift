// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What an expression evaluates to, an attribute holds and a request carries.
///
/// Equality is Cedar's `==`: total, never an error, false between kinds. Strings compare by code point, sets without
/// order, extension values by what they denote.
public enum Value: Sendable {
    case bool(Bool)
    case long(Int64)
    case string(String)
    case entity(EntityUID)
    case set(ValueSet)
    case record(Record)
    case decimal(FixedDecimal)
    /// Apart, so that the others stay two words.
    indirect case ip(IPRange)
    case datetime(millisecondsSince1970: Int64)
    case duration(milliseconds: Int64)
}

extension Value: Hashable {
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.bool(let a), .bool(let b)): a == b
        case (.long(let a), .long(let b)): a == b
        case (.string(let a), .string(let b)): Text.areSame(a, b)
        case (.entity(let a), .entity(let b)): a == b
        case (.set(let a), .set(let b)): a == b
        case (.record(let a), .record(let b)): a == b
        case (.decimal(let a), .decimal(let b)): a == b
        case (.ip(let a), .ip(let b)): a == b
        case (.datetime(let a), .datetime(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    /// The same for equal values. An entity has the hash of its name, so that it is found without being wrapped.
    var digest: Int {
        switch self {
        case .bool(let value): Digest.mix(1, value ? 1 : 0)
        case .long(let value): Digest.mix(2, Int(value))
        case .string(let value): Digest.of(value)
        case .entity(let value): value.storage.digest
        case .set(let value): Digest.mix(3, value.digest)
        case .record(let value): Digest.mix(4, value.digest)
        case .decimal(let value): Digest.mix(5, Int(value.tenThousandths))
        case .ip(let value): Digest.mix(6, value.hashValue)
        case .datetime(let value): Digest.mix(7, Int(value))
        case .duration(let value): Digest.mix(8, Int(value))
        }
    }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .long(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: Value...) { self = .set(ValueSet(elements)) }
    public init(dictionaryLiteral elements: (String, Value)...) { self = .record(Record(elements)) }
}

extension Value {
    /// The name of its kind, as messages to the author of a policy say it.
    var kindName: String {
        switch self {
        case .bool: "bool"
        case .long: "long"
        case .string: "string"
        case .entity(let uid): "(entity of type `\(uid.type)`)"
        case .set: "set"
        case .record: "record"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The type of an expression or of an attribute.
public indirect enum CedarType: Hashable, Sendable {
    /// Always true, always false, or either: a policy whose condition cannot hold is found by these.
    case bool(Truth)
    case long
    case string
    case entity(Text)
    case set(CedarType)
    case record(RecordType)
    case decimal
    case ip
    case datetime
    case duration

    public enum Truth: Hashable, Sendable { case alwaysTrue, alwaysFalse, unknown }

    static let boolean = CedarType.bool(.unknown)
}

/// Attributes and their types; no other attribute may be present.
public struct RecordType: Hashable, Sendable {
    public struct Attribute: Hashable, Sendable {
        public var type: CedarType
        public var isRequired: Bool
    }

    public var attributes: [Text: Attribute]

    public init(_ attributes: [Text: Attribute] = [:]) { self.attributes = attributes }
}

extension CedarType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .bool: "Bool"
        case .long: "Long"
        case .string: "String"
        case .entity(let name): name.string
        case .set(let element): "Set<\(element)>"
        case .record(let record):
            "{"
                + record.attributes.sorted { $0.key < $1.key }
                .map { "\($0.key)\($0.value.isRequired ? "" : "?"): \($0.value.type)" }.joined(separator: ", ") + "}"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }
}

extension CedarType {
    /// What the language itself names; `__cedar::Bool` says it without a doubt.
    static func builtIn(_ name: String) -> CedarType? {
        switch name {
        case "Bool": .boolean
        case "Long": .long
        case "String": .string
        case "decimal": .decimal
        case "ipaddr": .ip
        case "datetime": .datetime
        case "duration": .duration
        default: nil
        }
    }

    /// The one type that holds what both hold, in strict validation: the same type, but for what is known of a
    /// boolean. Nil when there is none.
    func joined(with other: CedarType) -> CedarType? {
        switch (self, other) {
        case (.bool(let a), .bool(let b)): return .bool(a == b ? a : .unknown)
        case (.set(let a), .set(let b)): return a.joined(with: b).map(CedarType.set)
        case (.record(let a), .record(let b)):
            guard a.attributes.count == b.attributes.count else { return nil }
            var joined = RecordType()
            for (name, mine) in a.attributes {
                guard let theirs = b.attributes[name], mine.isRequired == theirs.isRequired,
                    let type = mine.type.joined(with: theirs.type)
                else { return nil }
                joined.attributes[name] = .init(type: type, isRequired: mine.isRequired)
            }
            return .record(joined)
        default: return self == other ? self : nil
        }
    }
}

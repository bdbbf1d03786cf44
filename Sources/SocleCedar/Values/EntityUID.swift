// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The name of an entity: its type, which may be namespaced (`Socle::Patient`), and its identifier within the type.
public struct EntityUID: Hashable, Sendable {
    public let type: String
    public let id: String

    public init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    public static func == (a: EntityUID, b: EntityUID) -> Bool {
        Text(a.id) == Text(b.id) && Text(a.type) == Text(b.type)
    }

    public func hash(into hasher: inout Hasher) {
        Text(type).hash(into: &hasher)
        Text(id).hash(into: &hasher)
    }
}

extension EntityUID: Comparable, CustomStringConvertible {
    public static func < (a: EntityUID, b: EntityUID) -> Bool {
        (Text(a.type), Text(a.id)) < (Text(b.type), Text(b.id))
    }

    /// As written in a policy: `User::"alice"`.
    public var description: String { "\(type)::\(StringLiteral.quoted(id))" }
}

extension EntityUID {
    /// An action is an entity whose type ends in `Action`, in whatever namespace.
    var isAction: Bool { EntityUID.isActionType(type) }

    static func isActionType(_ type: String) -> Bool {
        type.utf8.elementsEqual("Action".utf8) || type.utf8.suffix(8).elementsEqual("::Action".utf8)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The name of an entity: its type, which may be namespaced (`Socle::Patient`), and its identifier within the type.
///
/// One reference to immutable texts and their hash: copying it is counting one reference, comparing it is most often
/// comparing one word.
public struct EntityUID: Sendable {
    final class Storage: Sendable {
        let type: Text
        let id: Text
        let digest: Int

        init(_ type: Text, _ id: Text) {
            self.type = type
            self.id = id
            digest = Digest.mix(type.digest, id.digest)
        }
    }

    let storage: Storage

    public var type: String { storage.type.string }
    public var id: String { storage.id.string }

    public init(type: String, id: String) { storage = Storage(Text(type), Text(id)) }

    /// For many entities of one type, whose name is then hashed once.
    public init(type: Text, id: String) { storage = Storage(type, Text(id)) }

    init(storage: Storage) { self.storage = storage }

    /// The type with its hash.
    var typeName: Text { storage.type }
}

extension EntityUID: Hashable {
    public static func == (a: EntityUID, b: EntityUID) -> Bool {
        a.storage === b.storage
            || a.storage.digest == b.storage.digest && a.storage.id == b.storage.id && a.storage.type == b.storage.type
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.digest) }
}

extension EntityUID: Comparable, CustomStringConvertible {
    public static func < (a: EntityUID, b: EntityUID) -> Bool {
        (a.storage.type, a.storage.id) < (b.storage.type, b.storage.id)
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

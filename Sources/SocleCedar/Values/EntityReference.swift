// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The name of an entity without a count of its own: what a decision passes around while the request, the entities
/// and the policies it comes from are held elsewhere.
struct EntityReference: Equatable {
    private let storage: Unmanaged<EntityUID.Storage>

    init(_ uid: EntityUID) { storage = .passUnretained(uid.storage) }

    var digest: Int { storage._withUnsafeGuaranteedRef { $0.digest } }

    /// The name, counted again.
    var uid: EntityUID { EntityUID(storage: storage.takeUnretainedValue()) }

    func isOf(type: UnsafePointer<Text>) -> Bool {
        storage._withUnsafeGuaranteedRef { $0.type.digest == type.pointee.digest && $0.type == type.pointee }
    }

    /// Whether the two come from the same place, which is enough to be the same name.
    func isIdentical(to other: EntityReference) -> Bool { storage.toOpaque() == other.storage.toOpaque() }

    static func == (a: EntityReference, b: EntityReference) -> Bool {
        a.isIdentical(to: b)
            || a.digest == b.digest
                && a.storage._withUnsafeGuaranteedRef { a in
                    b.storage._withUnsafeGuaranteedRef { b in a.id == b.id && a.type == b.type }
                }
    }
}

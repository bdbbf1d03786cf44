// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// An entity as the caller knows it.
public struct Entity: Hashable, Sendable {
    public let uid: EntityUID
    public var attributes: Record
    public var parents: Set<EntityUID>
    public var tags: Record

    public init(_ uid: EntityUID, attributes: Record = Record(), parents: Set<EntityUID> = [], tags: Record = Record())
    {
        self.uid = uid
        self.attributes = attributes
        self.parents = parents
        self.tags = tags
    }
}

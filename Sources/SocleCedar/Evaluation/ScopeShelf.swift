// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The policies about one action, or about any, by the place each is filed under.
final class ScopeShelf: Sendable {
    private let byPrincipal: Drawer
    private let byPrincipalAbove: Drawer
    private let byResource: Drawer
    private let byResourceAbove: Drawer
    private let byPrincipalType: TypeDrawer
    private let byResourceType: TypeDrawer
    private let anywhere: FixedStorage<Int32>

    init(_ filed: [(number: Int32, place: Filing.Place)]) {
        var drawers: [Filing.Place: [Int32]] = [:]
        for (number, place) in filed { drawers[place, default: []].append(number) }
        func drawer<Name>(_ name: (Filing.Place) -> Name?) -> [(name: Name, numbers: [Int32])] {
            drawers.compactMap { place, numbers in name(place).map { (name: $0, numbers: numbers) } }
        }
        byPrincipal = Drawer(drawer { if case .principal(let uid) = $0 { uid } else { nil } })
        byPrincipalAbove = Drawer(drawer { if case .principalWithin(let uid) = $0 { uid } else { nil } })
        byResource = Drawer(drawer { if case .resource(let uid) = $0 { uid } else { nil } })
        byResourceAbove = Drawer(drawer { if case .resourceWithin(let uid) = $0 { uid } else { nil } })
        byPrincipalType = TypeDrawer(drawer { if case .principalType(let type) = $0 { type } else { nil } })
        byResourceType = TypeDrawer(drawer { if case .resourceType(let type) = $0 { type } else { nil } })
        anywhere = FixedStorage(drawers[.anywhere] ?? [])
    }

    func mark(_ frame: UnsafePointer<Frame>, in candidates: CandidateSet) {
        let (principal, resource) = (frame.pointee.principal, frame.pointee.resource)
        candidates.insert(anywhere.base, count: anywhere.count)
        if !byPrincipal.isEmpty { byPrincipal.mark(principal.name, in: candidates) }
        if !byResource.isEmpty { byResource.mark(resource.name, in: candidates) }
        byPrincipalAbove.mark(entityAndAbove: principal, in: candidates)
        byResourceAbove.mark(entityAndAbove: resource, in: candidates)
        byPrincipalType.mark(principal.name, in: candidates)
        byResourceType.mark(resource.name, in: candidates)
    }
}

/// Policy numbers by type: few enough to be looked through.
private struct TypeDrawer: Sendable {
    private let types: FixedStorage<Text>
    private let numbers: FixedStorage<FixedStorage<Int32>>

    init(_ filed: [(name: Text, numbers: [Int32])]) {
        types = FixedStorage(filed.map(\.name))
        numbers = FixedStorage(filed.map { FixedStorage($0.numbers) })
    }

    func mark(_ entity: EntityReference, in candidates: CandidateSet) {
        for place in 0..<types.count where entity.isOf(type: types.base + place) {
            candidates.insert(numbers.base[place].base, count: numbers.base[place].count)
        }
    }
}

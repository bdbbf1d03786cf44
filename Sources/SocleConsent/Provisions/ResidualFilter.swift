// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// A filter on data, left to whoever knows the data. Of a list of them the last that matches decides.
package struct ResidualFilter: Hashable, Sendable {
    /// One thing to hold of the data, by any of its values: `label=SYSTEM|N`, `created=2022-.../2022-...`.
    struct Part: Hashable, Sendable, Comparable {
        enum Name: String, Sendable, CaseIterable, Comparable {
            case label, `class`, code, created, instance, related, dependents, authoredby
            private var place: Int { Name.allCases.firstIndex(of: self) ?? 0 }
            static func < (a: Name, b: Name) -> Bool { a.place < b.place }
        }

        var name: Name
        var values: String
        var text: String { "\(name.rawValue)=\(values)" }
        static func < (a: Part, b: Part) -> Bool { (a.name, a.values) < (b.name, b.values) }
    }

    var effect: ConsentRule.Effect
    /// All of them must hold; none is everything.
    var parts: Set<Part> = []

    package var refuses: Bool { effect == .deny }

    /// What nothing permits is refused.
    package static let forbidsEverything = ResidualFilter(effect: .deny)

    /// Refuses what is of any of those codes.
    package static func forbids(codes: Set<String>) -> ResidualFilter {
        ResidualFilter(effect: .deny, parts: [.init(name: .code, values: codes.sorted().joined(separator: ","))])
    }

    /// Refuses what is of that class.
    package static func forbids(class name: String) -> ResidualFilter {
        ResidualFilter(effect: .deny, parts: [.init(name: .class, values: name)])
    }

    /// `forbid`, `permit:label=SYSTEM|N`.
    package var text: String {
        ([effect == .deny ? "forbid" : "permit"] + parts.sorted().map(\.text)).joined(separator: ":")
    }
}

/// Lists of filters, each as short as what it says allows.
extension ResidualFilter {
    /// Beyond that many filters weighed, or lists to weigh against each other, refusals come last and their exceptions no
    /// longer count; beyond that many in all, everything is refused. Less opens, never more, and no consent makes the
    /// questions about its patient slow.
    private static let limit = (weighed: 128, lists: 8, all: 512)

    /// One list for several that are independent of each other: where one of them refuses, it refuses. Lists are
    /// made as they are asked for, and no more are once they are too many.
    package static func refusalsWin(_ lists: some Sequence<[ResidualFilter]>) -> [ResidualFilter] {
        var (permits, refusals, mixed): ([ResidualFilter], [ResidualFilter], [[ResidualFilter]]) = ([], [], [])
        // Those that will not be weighed against each other.
        var count = 0
        for list in lists {
            if list.allSatisfy({ $0.effect == .permit }) {
                permits += list
            } else if list.allSatisfy({ $0.effect == .deny }) {
                refusals += list
            } else {
                mixed.append(list)
            }
            count = permits.count + refusals.count
            if mixed.count > limit.lists { count += mixed.reduce(0) { $0 + $1.count } }
            guard count <= limit.all else { return [.forbidsEverything] }
        }
        let list = permits + weighed(mixed) + refusals
        return list.count <= limit.all ? shortened(list) : [.forbidsEverything]
    }

    private static func weighed(_ lists: [[ResidualFilter]]) -> [ResidualFilter] {
        let all = lists.flatMap(\.self)
        let strictest = all.filter { $0.effect == .permit } + all.filter { $0.effect == .deny }
        guard lists.count <= limit.lists else { return strictest }
        var result: [ResidualFilter] = []
        for list in lists {
            guard (result.count + 1) * (list.count + 1) <= limit.weighed else { return strictest }
            result = shortened(weighed(result, list))
        }
        return result
    }

    /// Each of the one with each of the other, in both orders at once: the last that matches is made of the last of
    /// the one and the last of the other.
    private static func weighed(_ list: [ResidualFilter], _ other: [ResidualFilter]) -> [ResidualFilter] {
        list + other
            + list.flatMap { first in
                other.map { second in
                    ResidualFilter(
                        effect: first.effect == .deny ? .deny : second.effect, parts: first.parts.union(second.parts))
                }
            }
    }

    /// Without those that decide nothing: a wider one comes later, or a wider one said the same before and nothing
    /// between them says otherwise.
    private static func shortened(_ list: [ResidualFilter]) -> [ResidualFilter] {
        var (later, wider): ([ResidualFilter], WiderFilters) = ([], WiderFilters())
        for filter in list.reversed() where wider.insert(filter) { later.append(filter) }
        var result: [ResidualFilter] = []
        for filter in later.reversed() {
            if filter.effect != result.last?.effect { wider = WiderFilters() }
            if wider.insert(filter) { result.append(filter) }
        }
        return result
    }

    /// The list as it leaves: what no filter matches is permitted, so that permits at its head add nothing.
    package static func texts(_ list: [ResidualFilter]) -> [String] {
        shortened(list).drop { $0.effect == .permit }.map(\.text)
    }
}

/// Filters of which none is wider than another, each found by one of its parts: what it is wider than has that part.
private struct WiderFilters {
    private var matchesAll = false
    private var byPart: [ResidualFilter.Part: [Set<ResidualFilter.Part>]] = [:]

    /// - Returns: false when one as wide is there already.
    mutating func insert(_ filter: ResidualFilter) -> Bool {
        let parts = filter.parts
        guard !matchesAll,
            !parts.contains(where: { byPart[$0]?.contains { $0.isSubset(of: parts) } ?? false })
        else { return false }
        if let part = parts.first { byPart[part, default: []].append(parts) } else { matchesAll = true }
        return true
    }
}

extension ConsentClause {
    /// The clause as filters; several when it names data in several ways, any of which is enough.
    var filters: [ResidualFilter] {
        guard let effect else { return [] }
        var parts: Set<ResidualFilter.Part> = []
        func part(_ name: ResidualFilter.Part.Name, _ values: Set<String>) -> ResidualFilter.Part {
            ResidualFilter.Part(name: name, values: values.sorted().joined(separator: ","))
        }
        if !data.labels.isEmpty { parts.insert(part(.label, data.labels)) }
        if !data.classes.isEmpty { parts.insert(part(.class, data.classes)) }
        if !data.codes.isEmpty { parts.insert(part(.code, data.codes)) }
        if !data.period.isEverything {
            let (start, end) = (data.period.start?.description ?? "", data.period.end?.description ?? "")
            parts.insert(part(.created, ["\(start)/\(end)"]))
        }
        guard !data.references.isEmpty else { return [ResidualFilter(effect: effect, parts: parts)] }
        let names: [(DataCondition.Meaning, ResidualFilter.Part.Name)] = [
            (.instance, .instance), (.related, .related), (.dependents, .dependents), (.authoredby, .authoredby),
        ]
        return names.compactMap { meaning, name in
            let named = data.references.filter { $0.meaning == meaning }
            guard !named.isEmpty else { return nil }
            let last = part(name, Set(named.map { "\($0.type)/\($0.id)" }))
            return ResidualFilter(effect: effect, parts: parts.union([last]))
        }
    }
}

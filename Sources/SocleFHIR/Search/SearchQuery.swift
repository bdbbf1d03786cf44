// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// A search: every criterion must hold, by any of its values.
package struct SearchQuery: Hashable, Sendable {
    package enum Test: Hashable, Sendable {
        case exact(String)
        case startsWith(String)
        /// What covers no instant out of there.
        case within(start: Instant, end: Instant?)
        /// What covers an instant in there; nil for an open side.
        case overlaps(start: Instant?, end: Instant?)
    }

    package struct Criterion: Hashable, Sendable {
        package var parameter: String
        package var anyOf: [Test]

        /// Whose records are asked for.
        func patients(base: String) -> Set<PatientIdentifier> {
            guard parameter == "patient" || parameter == "subject" else { return [] }
            return Set(
                anyOf.compactMap { test in
                    guard case .exact(let text) = test else { return nil }
                    return Reference(text, base: base).flatMap { PatientIdentifier($0.id) }
                })
        }
    }

    package var type: ResourceType
    package var criteria: [Criterion]
    package var identifiers: [String]
    package var count: Int
    /// The last id of the page before.
    package var after: String?

    package static let defaultCount = 20
    package static let largestCount = 100
    package static let criteriaLimit = 4
    package static let valuesLimit = 16

    /// Reads the parameters of a search.
    ///
    /// - Throws: 400 naming a parameter that is not declared: passing over it would find more than was asked for.
    package init(
        _ type: ResourceType, parameters: [(name: String, value: String)], base: String
    ) throws(FHIRRefusal) {
        self.type = type
        criteria = []
        identifiers = []
        count = SearchQuery.defaultCount
        let known = SearchParameter.of(type)
        for (name, value) in parameters {
            guard !value.isEmpty else { throw SearchQuery.refusal(name, "is empty") }
            switch name {
            case "_count": count = try SearchQuery.count(value)
            case "_page":
                guard let id = PageToken.id(of: value) else { throw SearchQuery.refusal(name, "is no page of ours") }
                after = id
            case "_format":
                continue
            case "_id":
                guard identifiers.isEmpty else { throw SearchQuery.refusal(name, "is said once") }
                let ids = try SearchQuery.values(value, name)
                for id in ids where !Primitive.isIdentifier(id) { throw SearchQuery.refusal(name, "is an id") }
                identifiers = ids
            default:
                guard let parameter = known.first(where: { $0.name == name }) else {
                    let list = known.map(\.name).joined(separator: ", ")
                    throw FHIRRefusal(
                        400, .notSupported,
                        "a parameter is none of \(list), _id, _count, _page: nothing was searched")
                }
                guard criteria.count < SearchQuery.criteriaLimit else {
                    throw FHIRRefusal(400, .tooCostly, "more than \(SearchQuery.criteriaLimit) criteria")
                }
                var tests: [Test] = []
                for value in try SearchQuery.values(value, name) {
                    tests.append(try parameter.test(value, base: base))
                }
                criteria.append(Criterion(parameter: name, anyOf: tests))
            }
        }
    }

    /// How many are wanted in a page: of more than the largest there are as many as that.
    package static func count(_ text: String) throws(FHIRRefusal) -> Int {
        guard let number = Int(text), number > 0 else { throw refusal("_count", "is a number from 1 on") }
        return min(number, largestCount)
    }

    /// The patients whose records are asked for by name, whether or not there are any.
    package func patients(base: String) -> Set<PatientIdentifier> {
        var patients: Set<PatientIdentifier> = []
        if type == .patient { patients.formUnion(identifiers.compactMap { PatientIdentifier($0) }) }
        return patients.union(criteria.flatMap { $0.patients(base: base) })
    }

    /// The same, of every identifier that is one of those patients now.
    package func following(
        _ merges: [PatientIdentifier: [PatientIdentifier]], base: String
    ) -> SearchQuery {
        var query = self
        for (index, criterion) in criteria.enumerated() {
            let patients = criterion.patients(base: base)
            let others = Set(patients.flatMap { merges[$0] ?? [] }).subtracting(patients)
            query.criteria[index].anyOf += others.sorted { $0.value < $1.value }.map { .exact("Patient/\($0.value)") }
        }
        return query
    }

    /// The values looked for among the identifiers, in whatever system.
    var numbers: Set<String> {
        Set(
            criteria.filter { $0.parameter == "identifier" }.flatMap(\.anyOf).compactMap { test in
                guard case .exact(let key) = test else { return nil }
                // `=code`, `|code` or `system|code`.
                let mark = key.first == "=" ? key.startIndex : key.firstIndex(of: "|") ?? key.startIndex
                let number = key[mark...].dropFirst()
                return number.isEmpty ? nil : String(number)
            })
    }

    private static func values(_ text: String, _ name: String) throws(FHIRRefusal) -> [String] {
        let values = text.split(separator: ",", omittingEmptySubsequences: true).map(String.init)
        guard (1...valuesLimit).contains(values.count) else {
            throw refusal(name, "has from 1 to \(valuesLimit) values")
        }
        return values
    }

    static func refusal(_ name: String, _ words: String) -> FHIRRefusal {
        FHIRRefusal(400, .value, "`\(name)` \(words)")
    }
}

extension SearchParameter {
    fileprivate func test(_ value: String, base: String) throws(FHIRRefusal) -> SearchQuery.Test {
        guard value.utf8.count <= IndexEntry.longest else { throw SearchQuery.refusal(name, "is too long") }
        switch kind {
        case .uri: return .exact(value)
        case .string: return .startsWith(SearchText.folded(value))
        case .token:
            let parts = value.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { return .exact("=\(value)") }
            guard parts != ["", ""] else { throw SearchQuery.refusal(name, "names a system or a code") }
            return .exact(value)
        case .reference:
            let text = value.contains("/") ? value : "\(targets.first ?? "Patient")/\(value)"
            guard let reference = Reference(text, base: base), targets.contains(reference.type) else {
                throw SearchQuery.refusal(name, "is a reference to \(targets.joined(separator: ", "))")
            }
            return .exact(reference.text)
        case .date: return try dateTest(value)
        }
    }

    private func dateTest(_ value: String) throws(FHIRRefusal) -> SearchQuery.Test {
        let prefix = value.prefix { $0.isLetter }
        guard let date = FHIRDate(String(value.dropFirst(prefix.count))) else {
            throw SearchQuery.refusal(name, "is a date, with eq, ge, gt, le or lt before it")
        }
        // An instant is searched as the millisecond it is.
        let end = date.end.map { max($0, Instant(milliseconds: date.start.milliseconds + 1)) }
        switch prefix {
        case "", "eq": return .within(start: date.start, end: end)
        case "ge": return .overlaps(start: date.start, end: nil)
        case "gt": return .overlaps(start: end ?? date.start, end: nil)
        case "le": return .overlaps(start: nil, end: end)
        case "lt": return .overlaps(start: nil, end: date.start)
        default: throw SearchQuery.refusal(name, "is compared by eq, ge, gt, le or lt")
        }
    }
}

/// Where a page begins, as clients see it: opaque, and worth nothing by itself. It only says after which id to go on;
/// the rest of the query, and the right to ask it, are looked at again with each page.
package enum PageToken {
    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// Base 32 (hexadecimal alphabet, lower case) of the id.
    package static func text(after id: String) -> String {
        var result: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in id.utf8 {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                result.append(alphabet[buffer >> bits & 31])
            }
        }
        if bits > 0 { result.append(alphabet[buffer << (5 - bits) & 31]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// nil for anything that `text` does not write.
    package static func id(of token: String) -> String? {
        guard token.utf8.count <= 104 else { return nil }
        var bytes: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in token.utf8 {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            buffer = (buffer << 5 | digit) & 0xFFFF
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(buffer >> bits & 255))
            }
        }
        let id = String(decoding: bytes, as: UTF8.self)
        return Primitive.isIdentifier(id) && text(after: id) == token ? id : nil
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The language in which facts are told to those who write and approve policies.
package enum FactLanguage: String, Sendable, CaseIterable {
    case fr, en

    package func say(en: String, fr: String) -> String { self == .fr ? fr : en }
}

/// How facts are said: what `facts.csv` holds, and the matrix's names of professions. A value without words is shown
/// as `fact = value`.
struct FactWords: Sendable {
    private var words: [String: [String: String]] = [:]
    let language: FactLanguage

    init(_ texts: [PolicyText], language: FactLanguage) {
        self.language = language
        for text in texts {
            for row in CommaSeparated(text.files["facts.csv"] ?? "").rows {
                words[row["fact"], default: [:]][row["value"]] = row[language.rawValue]
            }
            for row in CommaSeparated(text.files["matrix.csv"] ?? "").rows {
                let role = "\(row["profession_system_oid"])|\(row["profession_code"])"
                let words = row["profession_label"]
                if !words.isEmpty { self.words["role", default: [:]][role] = words }
            }
        }
    }

    func say(_ fact: String, _ value: String) -> String {
        if let known = words[fact]?[value], !known.isEmpty { return known }
        return "\(fact) = \(value)"
    }

    func say(_ effect: PolicyRule.Effect) -> String {
        switch effect {
        case .permit: language.say(en: "permits", fr: "autorise")
        case .forbid: language.say(en: "forbids", fr: "interdit")
        }
    }

    /// The facts that a block constrains, each in words: `to read or to search`, or `not for care` when fewer are
    /// left out than in.
    func say(_ cube: FactCube, in space: FactSpace) -> [String] {
        DescribedFact.list(cube, in: space).map { fact in
            let said = fact.values.map { say(fact.name, $0) }.joined(separator: language == .fr ? " ou " : " or ")
            guard fact.isNegated else { return said }
            return (language == .fr ? "sauf : " : "not: ") + said
        }
    }
}

/// One constrained fact of a block.
package struct DescribedFact: Hashable, Sendable {
    package var name: String
    package var values: [String]
    /// Whether `values` are the ones left out.
    package var isNegated: Bool

    static func list(_ cube: FactCube, in space: FactSpace) -> [DescribedFact] {
        space.toldOrder.compactMap { level in
            let variable = space.variables[level]
            let bits = cube.values[level]
            guard bits != FactCube.bits(variable.values.count) else { return nil }
            let values = variable.values.indices.filter { bits >> UInt64($0) & 1 == 1 }
            guard values.count * 2 > variable.values.count, variable.values.count > 2 else {
                return DescribedFact(name: variable.name, values: values.map { variable.values[$0] }, isNegated: false)
            }
            let others = variable.values.indices.filter { bits >> UInt64($0) & 1 == 0 }
            return DescribedFact(name: variable.name, values: others.map { variable.values[$0] }, isNegated: true)
        }
    }
}

extension FactSpace {
    /// Who, what they do, on what, why, their tie to the patient, the patient's choices; then the rest.
    var toldOrder: [Int] {
        let first = [
            "subject", "role", "action", "category", "type", "purpose", "relation", "authorship", "consent", "mask",
            "opposition", "blocked",
        ]
        return variables.indices.sorted { a, b in
            let ranks = [a, b].map { first.firstIndex(of: variables[$0].name) ?? first.count }
            return (ranks[0], a) < (ranks[1], b)
        }
    }
}

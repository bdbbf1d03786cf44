// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// Which data a rule is about: every dimension that says something must hold, by any of its values.
///
/// Labels, classes and codes are written `system|code`.
package struct DataCondition: Hashable, Sendable {
    /// How a rule names data (`http://hl7.org/fhir/consent-data-meaning`).
    package enum Meaning: String, Sendable, CaseIterable { case instance, related, dependents, authoredby }

    package struct Reference: Hashable, Sendable {
        package var meaning: Meaning
        /// The resource type, for instance `DocumentReference`.
        package var type: String
        package var id: String

        package init(_ meaning: Meaning, type: String, id: String) {
            self.meaning = meaning
            self.type = type
            self.id = id
        }
    }

    package var labels: Set<String>
    package var classes: Set<String>
    package var codes: Set<String>
    /// When the data was created.
    package var period: Span
    package var references: Set<Reference>

    package init(
        labels: Set<String> = [], classes: Set<String> = [], codes: Set<String> = [], period: Span = Span(),
        references: Set<Reference> = []
    ) {
        self.labels = Set(labels.map(CodeSystemAlias.canonical))
        self.classes = Set(classes.map(CodeSystemAlias.category))
        self.codes = Set(codes.map(CodeSystemAlias.canonical))
        self.period = period
        self.references = references
    }

    /// Whether it is about all data.
    package var isEverything: Bool {
        labels.isEmpty && classes.isEmpty && codes.isEmpty && period.isEverything && references.isEmpty
    }

    package enum Match: Hashable, Sendable { case yes, no, unknown }

    /// Whether the rule is about that data; unknown when it rests on something not said of the data.
    package func matches(_ data: RuleData) -> Match {
        var result = Match.yes
        func meet(_ match: Match) {
            if match == .no { result = .no } else if match == .unknown, result == .yes { result = .unknown }
        }
        func among(_ wanted: Set<String>, _ said: Set<String>?) {
            guard !wanted.isEmpty else { return }
            meet(said.map { wanted.isDisjoint(with: $0) ? .no : .yes } ?? .unknown)
        }
        // The labels that are said are all there are.
        among(labels, data.labels)
        among(classes, data.classes)
        if !codes.isEmpty { meet(data.codes.map(match) ?? .unknown) }
        if !period.isEverything { meet(data.created.map { $0.match(period) } ?? .unknown) }
        if !references.isEmpty {
            let matches = references.map(data.matches)
            meet(matches.contains(.yes) ? .yes : matches.contains(.unknown) ? .unknown : .no)
        }
        return result
    }

    /// A code of a system that the data was not described in may still be the data's.
    private func match(_ said: Set<String>) -> Match {
        guard codes.isDisjoint(with: said) else { return .yes }
        let isSpoken = codes.allSatisfy { code in
            said.contains { CodeSystemAlias.system(of: $0) == CodeSystemAlias.system(of: code) }
        }
        return isSpoken ? .no : .unknown
    }
}

extension Span {
    /// Whether what happened at some instant of this span happened in a period: unknown where it straddles an end.
    fileprivate func match(_ period: Span) -> DataCondition.Match {
        let common = limited(to: period)
        if common == self { return .yes }
        guard let start = common.start, let end = common.end else { return .unknown }
        return start < end ? .unknown : .no
    }
}

/// What is known of the data a question is about; nil for what was not said.
package struct RuleData: Hashable, Sendable {
    package var labels: Set<String>?
    package var classes: Set<String>?
    package var codes: Set<String>?
    /// The instants at which it may have been created: one, or those of a day.
    package var created: Span?
    /// The identifier of the data itself.
    package var id: String?
    /// The types of resource under which a rule may name it; any, when empty.
    package var types: Set<String>
    /// Identifiers of the people who authored it.
    package var authors: Set<String>?
    /// Identifiers of the structures it was authored in: known or not, whatever is known of the people.
    package var authorStructures: Set<String>?
    /// Identifiers of what it is related to or depends on, such as an encounter.
    package var related: Set<String>?

    package init(
        labels: Set<String>? = nil, classes: Set<String>? = nil, codes: Set<String>? = nil, created: Span? = nil,
        id: String? = nil, types: Set<String> = [], authors: Set<String>? = nil, authorStructures: Set<String>? = nil,
        related: Set<String>? = nil
    ) {
        self.labels = labels
        self.classes = classes
        self.codes = codes
        self.created = created
        self.id = id
        self.types = types
        self.authors = authors
        self.authorStructures = authorStructures
        self.related = related
    }

    func matches(_ reference: DataCondition.Reference) -> DataCondition.Match {
        let isOfType = types.isEmpty || types.contains(reference.type)
        return switch reference.meaning {
        case .instance: id.map { isOfType && $0 == reference.id ? .yes : .no } ?? .unknown
        case .authoredby:
            (reference.type == "Organization" ? authorStructures : authors)
                .map { $0.contains(reference.id) ? .yes : .no } ?? .unknown
        case .related, .dependents:
            // The instance itself, and what is tied to it.
            isOfType && id == reference.id || related?.contains(reference.id) == true
                ? .yes : id == nil || related == nil ? .unknown : .no
        }
    }
}

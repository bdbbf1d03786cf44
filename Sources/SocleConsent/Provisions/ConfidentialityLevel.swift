// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The levels of HL7 v3 Confidentiality: labels that have an order, as no others here have.
package enum ConfidentialityLevel {
    package static let system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    /// From *unrestricted* to *very restricted*.
    package static let codes = ["U", "L", "M", "N", "R", "V"]
    private static let labels = codes.map { "\(system)|\($0)" }

    /// What a rule is about that names those labels. A level is a high-water mark (FHIR R4, Consent.provision.securityLabel):
    /// a permit reaches what is less restricted too. A refusal reaches what is more restricted: read as a permit is, one of
    /// `R` would refuse all that a permit of `N` opens (docs/decisions/0030).
    static func reached(by named: Set<String>, _ effect: ConsentRule.Effect) -> Set<String> {
        let levels = labels.indices.filter { named.contains(labels[$0]) }
        guard let first = levels.first, let last = levels.last else { return named }
        return named.union(effect == .permit ? labels[...last] : labels[first...])
    }

    /// The labels of data, of several levels the most restricted alone.
    package static func highest(of labels: Set<String>) -> Set<String> {
        let levels = self.labels.filter(labels.contains)
        return labels.subtracting(levels.dropLast())
    }
}

extension ConsentRule {
    /// The data it is about: what it says, or what the rule above says, read there unless that one has no effect.
    func data(under parent: (effect: Effect?, data: DataCondition)?) -> DataCondition {
        var result = data
        if data.isEverything, let parent {
            result = parent.data
            if parent.effect != nil { return result }
        }
        if let effect { result.labels = ConfidentialityLevel.reached(by: result.labels, effect) }
        return result
    }
}

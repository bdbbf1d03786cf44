// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// Directives, questions and data drawn from few values, so that they often meet.
struct RandomDirectives: RandomNumberGenerator {
    private var state: UInt64
    private static let reasons = ["TREAT", "BTG"].map { "\(RulePurpose.actReason)|\($0)" }

    init(seed: UInt64) { state = seed }

    /// SplitMix64: the same sequence for the same seed.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func one(in chances: Int) -> Bool { below(chances) == 0 }

    private mutating func some(_ values: [String], often: Int = 2) -> Set<String> {
        one(in: often) ? Set(values.filter { _ in one(in: 2) }) : []
    }

    private mutating func span() -> Span {
        guard one(in: 4) else { return Span() }
        let start = below(6)
        return Span(
            start: one(in: 3) ? nil : Instant(seconds: Int64(start)),
            end: one(in: 3) ? nil : Instant(seconds: Int64(start + below(4))))
    }

    private mutating func actors() -> Set<RuleActor> {
        let structure = StructureIdentifier("S").map { RuleActor.party(.structure($0)) }
        let person = ProfessionalIdentifier("P").map { RuleActor.party(.professional($0)) }
        let all = [structure, person, .careTeam, .team("t"), .breakGlassUsers, .unknown("G")].compactMap(\.self)
        return one(in: 3) ? Set(all.filter { _ in one(in: 2) }) : []
    }

    private static let labels = ["M", "N", "R"].map { "\(ConfidentialityLevel.system)|\($0)" } + ["PSY"]

    mutating func condition() -> DataCondition {
        guard one(in: 2) else { return DataCondition() }
        var references: Set<DataCondition.Reference> = []
        for meaning in DataCondition.Meaning.allCases where one(in: 5) {
            let type = one(in: 2) ? "Observation" : "Organization"
            references.insert(.init(meaning, type: type, id: ["1", "2", "3"][below(3)]))
        }
        return DataCondition(
            labels: some(Self.labels), classes: some(["a", "b"], often: 4), codes: some(["x", "y"], often: 4),
            period: span(), references: references)
    }

    mutating func rule(depth: Int = 0) -> ConsentRule {
        var exceptions: [ConsentRule] = []
        if depth < 4 { for _ in 0..<below(4 - depth) { exceptions.append(rule(depth: depth + 1)) } }
        let effect: ConsentRule.Effect? = depth == 0 && one(in: 8) ? nil : one(in: 2) ? .permit : .deny
        return ConsentRule(
            effect, period: span(), purposes: some(Self.reasons), actors: actors(),
            actions: one(in: 6) ? [.access] : [], data: condition(), exceptions: exceptions)
    }

    mutating func question() -> RuleQuestion {
        RuleQuestion(
            purposes: Set((Self.reasons + ["STAT"]).filter { _ in one(in: 2) }), actors: actors(),
            actions: one(in: 2) ? [.access, .use] : [.collect], instant: Instant(seconds: Int64(below(8))))
    }

    /// Described in full.
    mutating func data() -> RuleData {
        RuleData(
            labels: Set(Self.labels.filter { _ in one(in: 2) }), classes: [one(in: 2) ? "a" : "c"],
            codes: [one(in: 2) ? "x" : "z"], created: Span(at: Instant(seconds: Int64(below(8)))),
            id: ["1", "2", "9"][below(3)], authors: [["1", "9"][below(2)]],
            authorStructures: [["1", "9"][below(2)]], related: one(in: 2) ? ["2"] : [])
    }

    /// The same data, of which less is said.
    mutating func obscured(_ data: RuleData) -> RuleData {
        var data = data
        if one(in: 2) { data.labels = nil }
        if one(in: 2) { data.classes = nil }
        if one(in: 2) { data.codes = nil }
        if one(in: 2) { data.created = nil }
        if one(in: 3) { data.id = nil }
        if one(in: 2) { data.authors = nil }
        if one(in: 2) { data.authorStructures = nil }
        if one(in: 2) { data.related = nil }
        return data
    }
}

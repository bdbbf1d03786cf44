// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import Testing

@Suite("Directives · a level of confidentiality is a mark on a scale (FHIR R4 Consent.provision.securityLabel)")
struct ConfidentialityLevelTests {
    private static func labels(_ codes: [String]) -> Set<String> {
        Set(codes.map { ConfidentialityLevel.codes.contains($0) ? "\(ConfidentialityLevel.system)|\($0)" : $0 })
    }

    /// What the directive says of data of each level, from the least restricted.
    private func answers(_ root: ConsentRule) -> [ConsentRule.Effect?] {
        let question = RuleQuestion(purposes: [], actors: [], actions: [], instant: Instant(seconds: 1))
        let directive = ConsentDirective(root: root)
        return ConfidentialityLevel.codes.map { code in
            let data = RuleData(labels: Self.labels([code]))
            let answer = directive.evaluate(question, on: data)
            #expect(CompiledDirective(directive).evaluate(question, on: data) == answer)
            return answer
        }
    }

    private func rule(
        _ effect: ConsentRule.Effect?, _ codes: [String] = [], _ exceptions: [ConsentRule] = []
    ) -> ConsentRule {
        ConsentRule(effect, data: DataCondition(labels: Self.labels(codes)), exceptions: exceptions)
    }

    @Test("a permit reaches down, a refusal up") func reach() {
        #expect(answers(rule(.deny, ["R"])) == [nil, nil, nil, nil, .deny, .deny])
        #expect(answers(rule(.deny, ["V"])) == [nil, nil, nil, nil, nil, .deny])
        #expect(answers(rule(.permit, ["M"])) == [.permit, .permit, .permit, .deny, .deny, .deny])
        #expect(answers(rule(.permit, ["U"])) == [.permit, .deny, .deny, .deny, .deny, .deny])
        let normal = rule(.permit, ["N"], [rule(.deny, ["M"])])
        #expect(answers(normal) == [.permit, .permit, .deny, .deny, .deny, .deny])
    }

    @Test("of several levels the widest reach counts, and other labels stay as they are") func several() {
        #expect(answers(rule(.deny, ["R", "M", "PSY"])) == [nil, nil, .deny, .deny, .deny, .deny])
        #expect(answers(rule(.deny, ["PSY"])) == [nil, nil, nil, nil, nil, nil])
    }

    @Test("an exception that names no data takes the reach of the rule that does") func inherited() {
        let exception = rule(.permit)
        #expect(answers(rule(.deny, ["R"], [exception])) == [nil, nil, nil, nil, .permit, .permit])
        #expect(answers(rule(.permit, ["M"], [rule(.deny)])) == [.deny, .deny, .deny, .deny, .deny, .deny])
        // A root of no effect names a level and leaves the reading of it to its exceptions.
        #expect(answers(rule(nil, ["N"], [rule(.deny)])) == [nil, nil, nil, .deny, .deny, .deny])
        #expect(answers(rule(nil, ["N"], [rule(.permit)])) == [.permit, .permit, .permit, .permit, nil, nil])
    }

    @Test("data of several levels is of the most restricted") func highest() {
        #expect(ConfidentialityLevel.highest(of: Self.labels(["N", "R", "PSY"])) == Self.labels(["R", "PSY"]))
        #expect(ConfidentialityLevel.highest(of: Self.labels(["PSY"])) == Self.labels(["PSY"]))
        #expect(ConfidentialityLevel.highest(of: []) == [])
    }
}

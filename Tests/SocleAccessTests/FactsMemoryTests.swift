// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import Testing

@testable import SocleAccess

@Suite("Facts kept in memory · bounded by what they weigh")
struct FactsMemoryTests {
    private func patient(_ name: String, rules: Int) throws -> (PatientIdentifier, GatheredPatient) {
        let id = try #require(PatientIdentifier(name))
        let label = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R"
        let exceptions = (0..<rules).map { _ in ConsentRule(.deny, data: DataCondition(labels: [label])) }
        let choice = PatientChoice(
            id: "c", patient: id,
            kind: .directive(ConsentDirective(root: ConsentRule(.permit, exceptions: exceptions))),
            period: Period(start: Instant(seconds: 0)), recordedAt: Instant(seconds: 0))
        var file = PatientFile(patient: Patient(id: id))
        file.choices = [choice]
        return (id, GatheredPatient(file))
    }

    @Test("a long directive weighs as long as it is, and what weighs more than the bound is not kept")
    func directives() throws {
        var weights: [Int] = []
        for rules in [1, 200] {
            let memory = FactsMemory()
            let (id, facts) = try patient("PAT-1", rules: rules)
            memory.remember(facts, id)
            #expect(memory.patient(id) != nil)
            weights.append(memory.figures.bytes)
        }
        // At least a text, its set and the rest of a clause for each rule.
        #expect(weights[1] - weights[0] > 199 * 300, "\(weights)")
        let small = FactsMemory(bytes: 64 << 10)
        let (id, facts) = try patient("PAT-1", rules: 200)
        small.remember(facts, id)
        #expect(small.patient(id) == nil)
        #expect(small.figures.bytes == 0)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleCedar

/// A decision and its trace as a terminal shows them: the answer, the facts, then one line a policy in the order of the
/// rules, with its conditions below.
enum TraceText {
    static func lines(_ decision: SocleAccess.Decision, _ trace: DecisionTrace) -> [String] {
        var lines = ["\(decision.outcome.rawValue)  \(decision.reason)  \(decision.rule)"]
        if let text = decision.text {
            lines += [text.userFrench, text.adminFrench, text.userEnglish, text.adminEnglish]
        }
        func add(_ title: String, _ values: [String]) {
            lines += values.map { title.padded(to: 13) + $0 }
        }
        add("matrix", [trace.cell].compactMap(\.self))
        add("obligation", decision.obligations)
        add("advice", decision.advice)
        add("error", decision.errors)
        add("ignored", trace.ignored)
        add("fact", trace.facts.map { "\($0.name) = \($0.value)" })
        for step in trace.steps { lines += self.lines(step) }
        return lines + ["simulated: no application was answered, and the journal says so"]
    }

    /// What made a policy that applies apply; of another, the condition that stopped it.
    private static func lines(_ step: DecisionTrace.Step) -> [String] {
        let rule = step.rule
        let effect = rule.effect == .permit ? "permits" : "forbids"
        let verdict = step.applies ? effect + (step.decides ? ", and decides" : "") : "does not apply"
        let told =
            step.applies ? step.conditions : step.conditions.filter { ![.holds, .notReached].contains($0.outcome) }
        return ["policy".padded(to: 13) + "\(rule.order) \(rule.id) (\(rule.rule)) \(verdict)"]
            + told.flatMap(causes).map { finding in
                let met = values(finding)
                return "  " + finding.outcome.name.padded(to: 11) + finding.text
                    + (met.isEmpty ? "" : "  [\(met.map { "\($0.text) = \($0.value)" }.joined(separator: ", "))]")
            }
    }

    /// The parts that came out as the whole did, down to those that have none: what is under `!` came out otherwise.
    private static func causes(_ finding: Explanation.Finding) -> [Explanation.Finding] {
        let parts = finding.parts.filter { $0.outcome == finding.outcome }
        return parts.isEmpty ? [finding] : parts.flatMap(causes)
    }

    private static func values(_ finding: Explanation.Finding) -> [Explanation.Met] {
        finding.parts.reduce(finding.values) { met, part in met + values(part).filter { !met.contains($0) } }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}

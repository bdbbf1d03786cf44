// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Who asks, why, to do what and when: everything a rule looks at but the data.
package struct RuleQuestion: Hashable, Sendable {
    /// The purpose, and every purpose it is a kind of.
    package var purposes: Set<String>
    /// Every way in which a rule may name the asker.
    package var actors: Set<RuleActor>
    /// nil for an action that none of these names is known to cover.
    package var actions: Set<RuleAction>?
    package var instant: Instant

    package init(purposes: Set<String>, actors: Set<RuleActor>, actions: Set<RuleAction>?, instant: Instant) {
        self.purposes = purposes
        self.actors = actors
        self.actions = actions
        self.instant = instant
    }

    /// Whether a rule of these actions is about what is done. An action that is not known may be any: a refusal of any
    /// counts, a permit of some does not.
    func isAbout(_ named: Set<RuleAction>, _ effect: ConsentRule.Effect?) -> Bool {
        guard !named.isEmpty else { return true }
        return actions.map { !named.isDisjoint(with: $0) } ?? (effect == .deny)
    }
}

/// The purposes of use a rule may name.
package enum RulePurpose {
    /// HL7 v3 ActReason.
    package static let actReason = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
    /// Socle's own purposes that ActReason does not have.
    package static let socle = "urn:socle:purpose"

    /// A purpose as a question names it, and those it specialises: breaking the glass is emergency treatment, and
    /// emergency treatment is treatment (v3 ActReason).
    package static func closure(of purpose: String) -> Set<String> {
        func reasons(_ codes: String...) -> Set<String> { Set(codes.map { "\(actReason)|\($0)" }) }
        switch purpose {
        case "BTG": return reasons("BTG", "ETREAT", "TREAT")
        case "REG15": return reasons("ETREAT", "TREAT").union(["\(socle)|REG15"])
        case "TREAT": return reasons("TREAT")
        case "PATRQT": return reasons("PATRQT")
        case "OCCUP", "ADMIN", "STAT": return ["\(socle)|\(purpose)"]
        default: return purpose.contains("|") ? [CodeSystemAlias.canonical(purpose)] : reasons(purpose)
        }
    }

    /// Whether a question may be for a purpose, `system|code`: ActReason has no code in small letters, and we have four.
    /// An application may have purposes of its own.
    package static func mayBeAsked(_ term: String) -> Bool {
        let system = CodeSystemAlias.system(of: term)
        let code = term.dropFirst(system.count + 1)
        switch system {
        case actReason: return code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        case socle: return ["ADMIN", "OCCUP", "REG15", "STAT"].contains(code)
        default: return true
        }
    }
}

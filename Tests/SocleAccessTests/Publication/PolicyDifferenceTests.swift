// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@testable import SocleAccess

@Suite("Difference of versions · every change, in few words")
struct PolicyDifferenceTests {
    private func change(_ file: String, _ old: String, _ new: String) throws -> PolicyDifference {
        try PolicyDifference(from: Shipped.policies(), to: PolicyGateTests.shipped(file, old, new))
    }

    @Test("a version does not differ from itself") func same() throws {
        let difference = try PolicyDifference(from: Shipped.policies(), to: Shipped.policies())
        #expect(difference.isEmpty && difference.changedPoints == 0)
        #expect(difference.points > 1_000_000_000_000)
    }

    @Test("a comment or another way to write the same condition is no change of answers") func rewritten() throws {
        let difference = try change(
            "13-opposition.cedar", #"context.purpose == Purpose::"TREAT" && context.blocked"#,
            #"context.blocked && ![Purpose::"BTG", Purpose::"REG15", Purpose::"OCCUP", Purpose::"PATRQT", Purpose::"ADMIN", Purpose::"STAT", Purpose::"other"].contains(context.purpose)"#
        )
        #expect(difference.changes.isEmpty)
        #expect(difference.policies.map(\.subject) == ["blocked-13.2"])
    }

    @Test("regulation that forgets the emergency opposition: one opening, told by the facts that make it")
    func opens() throws {
        let difference = try change(
            "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
            "context.regulation_opposition")
        let opening = try #require(difference.changes.first)
        #expect(opening.direction == .opens)
        #expect(opening.before.reason == "emergency_opposition" && opening.after.reason == "regulation_15")
        #expect(opening.undetailed == 0)
        #expect(opening.blocks.reduce(0) { $0 + $1.points } == opening.points)
        for block in opening.blocks {
            let told = Dictionary(block.facts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            #expect(told["emergency_opposition"]?.values == ["true"])
            #expect(told["purpose"]?.values == ["REG15"])
            #expect(told["place"]?.values == ["samu"])
            #expect(told["blocked"] == nil && told["mandate"] == nil && told["relation"] == nil)
            #expect(block.words.contains("for the SAMU's regulation"))
        }
        #expect(opening.blocks.count <= 4, "\(opening.blocks.map(\.words))")
        // The other refusals that now come first are told too, and open nothing.
        #expect(difference.changes.dropFirst().allSatisfy { $0.direction == .explains })
    }

    @Test("what closes, and what is only told otherwise") func closesAndExplains() throws {
        let closed = try change(
            "16-care-team.cedar", #"&& context.relation == Relation::"structure""#,
            #"&& context.relation == Relation::"structure" && action == Action::"read""#)
        #expect(closed.changes.contains { $0.direction == .closes && $0.after.reason == "no_basis" })
        #expect(!closed.changes.contains { $0.direction == .opens })
        let told = try change("11-identity.cedar", #"@advice("qualify_ins")"#, #"@advice("qualify_ins call_identito")"#)
        #expect(told.changes.map(\.direction) == [.explains])
        #expect(told.changes.first?.after.advice == ["qualify_ins", "call_identito"])
    }

    @Test("French words, when asked for") func french() throws {
        let difference = try PolicyDifference(
            from: Shipped.policies(),
            to: PolicyGateTests.shipped(
                "13-opposition.cedar", "context.opposition\n}",
                "context.opposition && action != Action::\"search\"\n}"), language: .fr)
        let words = difference.changes.flatMap(\.blocks).flatMap(\.words)
        #expect(words.contains("patient opposé au partage") && words.contains("chercher"))
    }

    @Test("on random points, answers differ exactly where a block says so") func exact() throws {
        let (before, after) = (
            try Shipped.policies(),
            try PolicyGateTests.shipped(
                "17-outside-consent.cedar", #"&& context.consent == Consent::"withdrawn""#,
                #"&& context.consent == Consent::"withdrawn" && action != Action::"search""#)
        )
        let (old, new) = (
            try PolicyProgram(number: 1, text: before), try PolicyProgram(number: 2, text: after)
        )
        let difference = try PolicyDifference(from: before, to: after)
        var points = Points(seed: 21)
        var changed = 0
        for _ in 0..<4000 {
            var facts = points.facts()
            facts.subject = .professional
            facts.purpose = .treatment
            let matrix = MatrixAccess.absent
            let (a, b) = (
                old.decide(FactSheet(facts: facts), parameters: PolicyParameters()),
                new.decide(FactSheet(facts: facts), parameters: PolicyParameters())
            )
            let differs = (a.outcome, a.reason, a.rule, a.advice) != (b.outcome, b.reason, b.rule, b.advice)
            let told = difference.changes.contains { change in
                change.blocks.contains { Self.holds($0.facts, facts, matrix) }
            }
            guard differs == told else {
                Issue.record("\(a.reason) \(b.reason) told: \(told) at \(facts)")
                return
            }
            if differs { changed += 1 }
        }
        #expect(changed > 0)
    }

    /// Whether facts are in a block, read from what a person reads.
    private static func holds(_ block: [DescribedFact], _ facts: Facts, _ matrix: MatrixAccess) -> Bool {
        var values = Dictionary(
            facts.described(matrix: matrix).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        values["subject"] = Facts.principalTypes[facts.subject]
        let categories = ["audit_technical", "document", "policy", "team_membership"]
        values["category"] = categories.contains(facts.category) ? facts.category : FactVariable.another
        return block.allSatisfy { fact in
            // The roles of this change are not in question.
            guard let value = values[fact.name], fact.name != "role" else { return true }
            return fact.values.contains(value) != fact.isNegated
        }
    }

    @Test("matrix cells, parameters, reasons, facts and invariants are compared as tables") func tables() throws {
        var after = try Shipped.policies()
        let matrix = try #require(after.files["matrix.csv"])
        var lines = matrix.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let gone = try #require(CommaSeparated(matrix).rows.first)
        lines.remove(at: gone.line - 1)
        let flipped = try #require(lines.lastIndex { $0.contains(",allow,") })
        lines[flipped] = lines[flipped].replacing(",allow,", with: ",deny,")
        lines.insert("10,1.2.250.1.71.1.2.7,Médecin,NEW-TYPE,Nouveau,allow,illustrative,x", at: 1)
        after.files["matrix.csv"] = lines.joined(separator: "\n")
        after.files["parameters.csv"] = after.files["parameters.csv"]?
            .replacing("break_glass_duration,PT4H", with: "break_glass_duration,PT2H")
        after.files["reasons.csv"] = after.files["reasons.csv"]?.replacing(
            "Le patient a donné", with: "Le patient donne")
        after.files["invariants/choices.cedar"] = after.files["invariants/choices.cedar"]?
            .replacing("when { context.minor_secret }", with: "when { context.minor_secret && context.opposition }")
        after.files["schema.cedarschema"] = after.files["schema.cedarschema"]?
            .replacing(#"enum ["allow", "deny", "absent"]"#, with: #"enum ["allow", "deny", "absent", "unread"]"#)
        after.files["facts.csv"] = nil
        let difference = try PolicyDifference(from: Shipped.policies(), to: after)
        #expect(difference.changes.isEmpty)
        #expect(difference.matrix.count == 3)
        #expect(difference.matrix.contains { $0.before == nil && $0.subject == "Médecin (10): Nouveau (NEW-TYPE)" })
        #expect(difference.matrix.contains { $0.after == nil && $0.subject.contains(gone["type_code"]) })
        #expect(
            difference.matrix.contains { $0.before?.hasPrefix("allow") == true && $0.after?.hasPrefix("deny") == true })
        #expect(difference.parameters == [.init(subject: "* break_glass_duration", before: "PT4H", after: "PT2H")])
        #expect(difference.reasons.map(\.subject) == ["consent_outside_team"])
        #expect(difference.invariants.map(\.subject) == ["minor_secret"])
        #expect(difference.facts.map(\.subject) == ["matrix"])
        #expect(difference.notChecked.contains { $0.contains("facts.csv") })
    }

    @Test("a fact of another kind in the other version is refused, not guessed") func kinds() throws {
        var after = try Shipped.policies()
        after.files["schema.cedarschema"] = after.files["schema.cedarschema"]?
            .replacing("minor_secret: Bool", with: "minor_secret: Mask")
        after.files["06-related-person.cedar"] = after.files["06-related-person.cedar"]?
            .replacing("context.minor_secret", with: #"context.minor_secret == Mask::"masked""#)
        after.files["invariants/choices.cedar"] = after.files["invariants/choices.cedar"]?
            .replacing("context.minor_secret", with: #"context.minor_secret == Mask::"masked""#)
        #expect(throws: PolicyFaults.self) { try PolicyDifference(from: Shipped.policies(), to: after) }
    }
}

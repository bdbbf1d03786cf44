// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@testable import SocleConsent

@Suite("Consent compiler · DESIGN 4.2: the flat form says what the tree says")
struct CompiledDirectiveTests {
    @Test("on random trees, questions and data, both forms answer alike") func equivalence() {
        var random = RandomDirectives(seed: 20_261_102)
        var counts: [ConsentRule.Effect?: Int] = [:]
        var deepest = 0
        for _ in 0..<1_500 {
            let directive = ConsentDirective(root: random.rule())
            deepest = max(deepest, directive.root.depth)
            let compiled = CompiledDirective(directive)
            #expect(compiled.clauses.count == directive.root.count)
            for _ in 0..<12 {
                let question = random.question()
                let data = random.data()
                let literal = directive.evaluate(question, on: data)
                counts[literal, default: 0] += 1
                guard compiled.evaluate(question, on: data) == literal else {
                    Issue.record("\(directive)\n\(question)\n\(data)")
                    return
                }
            }
        }
        // The trees and questions met: every answer was given often, and exceptions had exceptions.
        #expect(deepest == 4)
        for effect in [ConsentRule.Effect.permit, .deny, nil] { #expect(counts[effect, default: 0] > 1_000) }
    }

    @Test("what is said of data described in part holds however it is completed") func verdicts() {
        var random = RandomDirectives(seed: 7)
        var settled = 0
        for _ in 0..<1_000 {
            let directive = ConsentDirective(root: random.rule())
            let compiled = CompiledDirective(directive)
            for _ in 0..<8 {
                let question = random.question()
                let data = random.data()
                let verdict = compiled.residual(for: question).verdict(on: random.obscured(data))
                if verdict.possible.count == 1 { settled += 1 }
                #expect(verdict.filters.isEmpty == (verdict.possible.count == 1))
                guard verdict.possible.contains(directive.evaluate(question, on: data)) else {
                    Issue.record("\(directive)\n\(question)\n\(data)")
                    return
                }
            }
        }
        #expect(settled > 500)
    }

    @Test("no consent that is accepted leaves more than 512 filters, however its rules are nested") func bounded() {
        func rule(_ effect: ConsentRule.Effect, _ name: String, _ count: Int, _ rules: [ConsentRule]) -> ConsentRule {
            let references = Set(
                DataCondition.Meaning.allCases.prefix(count).map {
                    DataCondition.Reference($0, type: "Encounter", id: "\(name)-\($0)")
                })
            return ConsentRule(effect, data: DataCondition(references: references), exceptions: rules)
        }
        let parents = (0..<28).map { parent in
            rule(
                .permit, "\(parent)", 2,
                (0..<3).map { pair in
                    rule(.permit, "\(parent)-\(pair)", 3, [rule(.deny, "\(parent)-\(pair)-no", 4, [])])
                })
        }
        let flat = (0..<199).map { rule(.deny, "\($0)", 4, []) }
        let question = RuleQuestion(purposes: [], actors: [], actions: [], instant: Instant(seconds: 1))
        for rules in [parents, flat] {
            let root = ConsentRule(.permit, exceptions: rules)
            #expect(root.count <= 200)
            let residual = CompiledDirective(ConsentDirective(root: root)).residual(for: question)
            let verdict = residual.verdict(on: RuleData())
            #expect(verdict.possible.count > 1)
            #expect((1...512).contains(verdict.filters.count), "\(verdict.filters.count)")
            // Cut short, they refuse.
            #expect(verdict.filters.contains { $0.text.hasPrefix("forbid") })
        }
    }

    @Test("however many conditions are left open, nothing is held possible that no rule says") func open() {
        func labelled(_ effect: ConsentRule.Effect, _ count: Int) -> [ConsentRule] {
            (0..<count).map { ConsentRule(effect, data: DataCondition(labels: ["L\($0)"])) }
        }
        let question = RuleQuestion(purposes: [], actors: [], actions: [], instant: Instant(seconds: 1))
        func possible(_ root: ConsentRule) -> Set<ConsentRule.Effect?> {
            CompiledDirective(ConsentDirective(root: root)).residual(for: question).verdict(on: RuleData()).possible
        }
        for count in [1, 8, 9, 150] {
            let refusals = labelled(.deny, count)
            #expect(possible(ConsentRule(.deny, exceptions: refusals)) == [.deny])
            #expect(possible(ConsentRule(nil, exceptions: refusals)) == [.deny, nil])
            #expect(possible(ConsentRule(.permit, exceptions: refusals)) == [.permit, .deny])
            #expect(possible(ConsentRule(.deny, exceptions: labelled(.permit, count))) == [.permit, .deny])
            #expect(possible(ConsentRule(nil, exceptions: labelled(.permit, count))) == [.permit, nil])
            #expect(possible(ConsentRule(.permit, exceptions: labelled(.permit, count))) == [.permit])
        }
    }

    @Test("filters that are too many are not made: everything is refused") func tooMany() {
        func filters(_ effect: ConsentRule.Effect, _ count: Int) -> [ResidualFilter] {
            (0..<count).map {
                ResidualFilter(effect: effect, parts: [.init(name: .related, values: "Encounter/\($0)")])
            }
        }
        for (list, most) in [
            (filters(.deny, 100), 6), (filters(.permit, 256), 3), (filters(.permit, 1) + filters(.deny, 299), 9),
        ] {
            var made = 0
            let lists = (0..<1_000).lazy.map { _ in
                made += 1
                return list
            }
            #expect(ResidualFilter.refusalsWin(lists) == [.forbidsEverything])
            #expect(made == most)
        }
        // As many as may leave, all of them different, and what is wider takes their place.
        let all = filters(.deny, 512)
        #expect(ResidualFilter.refusalsWin([all]) == all)
        #expect(ResidualFilter.texts(Array(all.dropLast()) + [.forbidsEverything]) == ["forbid"])
        let half = Array(all.prefix(256))
        #expect(ResidualFilter.refusalsWin([half, half]) == half)
    }

    @Test("a record that knows nothing of a team has those who are in it named, and nobody for an empty one")
    func naming() throws {
        let member = Party.professional(try #require(ProfessionalIdentifier("P")))
        let directive = ConsentDirective(
            root: ConsentRule(
                .deny, actors: [.careTeam], exceptions: [ConsentRule(.permit, actors: [.team("t"), .team("none")])]),
            refusesOnly: true)
        let named = directive.naming { $0 == "t" ? [member] : [] }
        #expect(named.refusesOnly && named.root.actors == [.careTeam])
        #expect(named.root.exceptions.map(\.actors) == [[.party(member), .unknown("CareTeam/none")]])
    }

    @Test("whoever a directive may permit care is among those it names, or it opens to anybody") func recipients() {
        var random = RandomDirectives(seed: 46)
        var counts = (named: 0, anybody: 0)
        for _ in 0..<1_500 {
            let directive = CompiledDirective(ConsentDirective(root: random.rule()))
            let recipients = directive.recipients
            for _ in 0..<8 {
                var question = random.question()
                question.purposes = RulePurpose.closure(of: "TREAT")
                // Whoever is of the care team is found by the team.
                question.actors = question.actors.filter { if case .party = $0 { true } else { false } }
                let verdict = directive.residual(for: question).verdict(on: random.obscured(random.data()))
                guard verdict.possible.contains(.permit) else { continue }
                let named = recipients.parties.contains { question.actors.contains(.party($0)) }
                if named { counts.named += 1 } else { counts.anybody += 1 }
                guard named || recipients.anybody else {
                    Issue.record("\(directive)\n\(question)")
                    return
                }
            }
        }
        #expect(counts.named > 100 && counts.anybody > 1_000, "\(counts)")
    }

    @Test("a purpose that an application names by a code alone is ActReason's; with its system, its own")
    func purposes() {
        #expect(RulePurpose.closure(of: "HRESCH") == ["\(RulePurpose.actReason)|HRESCH"])
        #expect(RulePurpose.closure(of: "urn:example:purpose|X") == ["urn:example:purpose|X"])
        #expect(RulePurpose.closure(of: "urn:oid:2.16.840.1.113883.5.8|HRESCH") == RulePurpose.closure(of: "HRESCH"))
    }

    @Test("recipients are those of rules that permit care, inherited names included, and nobody else") func named()
        throws
    {
        func party(_ id: String) throws -> Party { .professional(try #require(ProfessionalIdentifier(id))) }
        let (a, b) = (try party("A"), try party("B"))
        let care = "\(RulePurpose.actReason)|TREAT"
        let research = "\(RulePurpose.actReason)|HRESCH"
        func recipients(_ root: ConsentRule) -> DirectiveRecipients {
            CompiledDirective(ConsentDirective(root: root)).recipients
        }
        let named = DirectiveRecipients(parties: [a])
        #expect(recipients(ConsentRule(.permit)) == DirectiveRecipients(anybody: true))
        #expect(recipients(ConsentRule(.permit, purposes: [care, research], actors: [.party(a)])) == named)
        #expect(recipients(ConsentRule(.permit, actors: [.careTeam, .unknown("G")])) == DirectiveRecipients())
        #expect(recipients(ConsentRule(.permit, purposes: [research])) == DirectiveRecipients())
        #expect(
            recipients(ConsentRule(.permit, actors: [.party(a)], exceptions: [ConsentRule(.deny, actors: [.party(b)])]))
                == named)
        // An exception without names has those of its rule; with names of its own it may reach further.
        let inheriting = ConsentRule(.permit, purposes: [care])
        #expect(recipients(ConsentRule(.deny, actors: [.party(a)], exceptions: [inheriting])) == named)
        #expect(
            recipients(ConsentRule(.deny, actors: [.party(b)], exceptions: [ConsentRule(.permit, actors: [.party(a)])]))
                == named)
    }

    @Test("a rule holds to the end of its period and not at it, and no exception outlives its rule") func periods() {
        let rule = ConsentRule(
            .permit, period: Span(start: Instant(seconds: 10), end: Instant(seconds: 20)),
            exceptions: [ConsentRule(.deny, period: Span(start: Instant(seconds: 15), end: Instant(seconds: 30)))])
        let compiled = CompiledDirective(ConsentDirective(root: rule))
        func answer(_ second: Int64) -> ConsentRule.Effect? {
            let question = RuleQuestion(purposes: [], actors: [], actions: [], instant: Instant(seconds: second))
            return compiled.evaluate(question, on: RuleData())
        }
        #expect(answer(9) == nil)
        #expect(answer(10) == .permit)
        #expect(answer(14) == .permit)
        #expect(answer(15) == .deny)
        #expect(answer(19) == .deny)
        #expect(answer(20) == nil)
        #expect(answer(25) == nil)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// What the patient's directives say of a question, all of them together: of several a refusal wins.
struct DirectiveAnswer {
    /// One of them refuses it, whatever else may be known of the data.
    var forbids = false
    /// One of them permits it, for some of the data at least.
    var permits = false
    /// What is left for the holder of the data to apply (IHE PCF `residual`), the last that matches deciding.
    var filters: [String] = []
}

/// Directives become facts that policies already read: a refusal is an opposition (to sharing, in an emergency, to
/// regulation, by the purpose asked), a permit is a consent outside the team. What cannot be settled without the data
/// is an obligation.
extension FactFinder {
    var directives: [CompiledDirective] {
        moment.holding.compactMap { if case .directive(let directive) = $0 { directive } else { nil } }
    }

    /// - Returns: the residual filters.
    func findDirectives(_ facts: inout Facts) -> [String] {
        guard facts.subject == .professional, !directives.isEmpty else { return [] }
        let asked = ruleQuestion(facts)
        // A consent given by name is a basis of its own, as the team is; emergencies and regulation have theirs.
        let basis = hasTeamBasis(facts) || facts.consent == .valid || facts.purpose != .treatment
        var answer = answer(asked, on: heldData(facts), basis: basis)
        // What restricts counts from whoever says it.
        if !answer.forbids, !held, !question.resource.confidentiality.isEmpty {
            let said = RuleData(labels: FactFinder.labels(question.resource.confidentiality))
            answer.forbids = verdicts(asked, on: said).contains { $0.possible == [.deny] }
        }
        switch facts.purpose {
        case .treatment:
            if answer.forbids { facts.opposition = true } else if answer.permits { facts.consent = .valid }
        case .breakGlass: if answer.forbids { facts.emergencyOpposition = true }
        case .regulation: if answer.forbids { facts.regulationOpposition = true }
        default: return []
        }
        return answer.forbids ? [] : answer.filters
    }

    /// Whether a directive refuses that item of a list.
    func directivesForbid(_ candidate: AccessQuestion.Candidate, _ facts: Facts) -> Bool {
        guard facts.subject == .professional, !directives.isEmpty else { return false }
        let data = RuleData(
            labels: candidate.confidentiality.isEmpty ? nil : FactFinder.labels(candidate.confidentiality),
            classes: FactFinder.classes("document"), codes: held ? candidate.typeCode.map(FactFinder.codes) : nil,
            id: candidate.id, authors: held ? candidate.author.map { [$0] } : nil,
            authorStructures: held ? candidate.authorStructure.map { [$0] } : nil)
        return verdicts(ruleQuestion(facts), on: data).contains { $0.possible == [.deny] }
    }

    private func hasTeamBasis(_ facts: Facts) -> Bool { facts.relation == .own || facts.relation == .structure }

    private func verdicts(_ asked: RuleQuestion, on data: RuleData) -> [ConsentResidual.Verdict] {
        directives.map { $0.residual(for: asked).verdict(on: data) }
    }

    private func answer(_ asked: RuleQuestion, on data: RuleData, basis: Bool) -> DirectiveAnswer {
        let verdicts = verdicts(asked, on: data)
        var answer = DirectiveAnswer(
            forbids: verdicts.contains { $0.possible == [.deny] },
            permits: verdicts.contains { $0.possible.contains(.permit) })
        let filters = answer.forbids ? [] : verdicts.map(\.filters).filter { !$0.isEmpty }
        guard !filters.isEmpty else { return answer }
        let basis = basis || verdicts.contains { $0.possible == [.permit] }
        // Who has no other basis sees what is permitted and nothing else.
        answer.filters = ResidualFilter.texts(
            (basis ? [] : [.forbidsEverything]) + ResidualFilter.refusalsWin(filters))
        return answer
    }

    private func ruleQuestion(_ facts: Facts) -> RuleQuestion {
        var actors: Set<RuleActor> = []
        if let professional = asker.professional {
            actors.insert(.party(.professional(professional.id)))
            if let place = situation.flatMap({ StructureIdentifier($0) }), professional.activity(in: place) != nil {
                actors.insert(.party(.structure(place)))
            }
        }
        if hasTeamBasis(facts) { actors.insert(.careTeam) }
        if facts.purpose == .breakGlass { actors.insert(.breakGlassUsers) }
        let actions: Set<RuleAction> =
            switch facts.action {
            case .read, .search, .export: [.access, .use, .disclose]
            case .create: [.collect]
            case .update, .delete: [.correct]
            case .publishDMP, .publish: [.disclose]
            default: []
            }
        return RuleQuestion(
            purposes: RulePurpose.closure(of: question.context.purpose ?? ""), actors: actors, actions: actions,
            instant: instant)
    }

    /// What the holder says of the data: what opens counts from the holder alone.
    private func heldData(_ facts: Facts) -> RuleData {
        let resource = question.resource
        guard resource.type != "document_list" else { return RuleData(classes: FactFinder.classes("document")) }
        var data = RuleData(classes: FactFinder.classes(resource.type), id: resource.id)
        guard held else { return data }
        if !resource.confidentiality.isEmpty { data.labels = FactFinder.labels(resource.confidentiality) }
        data.codes = resource.typeCode.map(FactFinder.codes)
        data.created = resource.created.flatMap(FactFinder.created)
        data.authors = resource.author.map { [$0] }
        data.authorStructures = resource.authorStructure.map { [$0] }
        return data
    }

    private static func classes(_ category: String) -> Set<String> { ["urn:socle:resource-category|\(category)"] }

    /// A label may be written with its system; a bare one is a confidentiality of HL7 v3, or of JDV J08.
    private static func labels(_ codes: [String]) -> Set<String> {
        ConfidentialityLevel.highest(
            of: Set(
                codes.map { code in
                    if code.contains("|") { return code }
                    let isLevel = ConfidentialityLevel.codes.contains(code)
                    return "\(isLevel ? ConfidentialityLevel.system : "urn:oid:1.2.250.1.213.1.1.4.13")|\(code)"
                }))
    }

    /// Document types are LOINC codes, or French ones of TRE_A05 (JDV J07).
    private static func codes(_ code: String) -> Set<String> {
        ["http://loinc.org|\(code)", "urn:oid:1.2.250.1.213.1.1.4.12|\(code)"]
    }

    /// An instant, or a day: its first moment.
    private static func created(_ text: String) -> Instant? {
        Instant(iso8601: text) ?? CalendarDate(text)?.anniversary(0)
    }
}

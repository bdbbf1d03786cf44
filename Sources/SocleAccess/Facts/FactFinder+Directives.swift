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
    /// One of them would, and opens nothing.
    var isClosed = false
    /// What is left for the holder of the data to apply (IHE PCF `residual`), the last that matches deciding.
    var filters: [String] = []
}

/// Directives become facts that policies already read: a refusal is an opposition (to sharing, in an emergency, to
/// regulation, by the purpose asked), a permit is a consent outside the team. What cannot be settled without the data
/// is an obligation.
extension FactFinder {
    var directives: [CompiledDirective] {
        moment.holding.compactMap { fact in
            guard case .directive(let directive) = fact else { return nil }
            return isShut(fact) ? directive.closed : directive
        }
    }

    /// Whether the patient took back, in another of several merged records, what this directive permits to who asks.
    private func isShut(_ fact: DatedFact.Fact) -> Bool {
        guard moment.isMerged, case .directive(let directive) = fact, directive.opens else { return false }
        return moment.isShut(fact, to: parties)
    }

    /// What each of them still says once who asks, why and when are settled: looked at once, whatever a list holds.
    func leftByDirectives(_ facts: Facts, _ parameters: PolicyParameters) -> [ConsentResidual] {
        guard facts.subject == .professional else { return [] }
        let directives = directives
        guard !directives.isEmpty else { return [] }
        let asked = ruleQuestion(facts, parameters)
        return directives.map { $0.residual(for: asked) }.filter { !$0.clauses.isEmpty }
    }

    /// - Returns: the residual filters.
    func findDirectives(_ facts: inout Facts, _ left: [ConsentResidual]) -> [String] {
        guard !left.isEmpty else { return [] }
        // A consent given by name is a basis of its own, as the team is; emergencies and regulation have theirs.
        let basis = hasTeamBasis(facts) || facts.consent == .valid || facts.purpose != .treatment
        var answer = answer(left, on: heldData(facts), basis: basis)
        // What restricts counts from whoever says it.
        if !answer.forbids, !held, !question.resource.confidentiality.isEmpty {
            let said = RuleData(labels: FactFinder.labels(question.resource.confidentiality))
            answer.forbids = left.contains { $0.verdict(on: said).possible == [.deny] }
        }
        switch facts.purpose {
        case .treatment:
            if answer.forbids {
                facts.opposition = true
            } else if answer.permits {
                facts.consent = .valid
            } else if answer.isClosed, facts.consent == .none, moment.holding.contains(where: isShut) {
                facts.consent = .withdrawn
            }
        case .breakGlass: if answer.forbids { facts.emergencyOpposition = true }
        case .regulation: if answer.forbids { facts.regulationOpposition = true }
        case .occupational: if answer.forbids { facts.occupationalConsent = false }
        default: return []
        }
        return answer.forbids ? [] : answer.filters
    }

    /// What is known of a document of a list.
    func ruleData(_ candidate: AccessQuestion.Candidate) -> RuleData {
        RuleData(
            labels: candidate.confidentiality.isEmpty ? nil : FactFinder.labels(candidate.confidentiality),
            classes: FactFinder.classes("document"), codes: held ? candidate.typeCode.map(FactFinder.codes) : nil,
            id: candidate.id, types: FactFinder.types("document"),
            authors: held ? FactFinder.authors(candidate.author) : nil,
            authorStructures: held ? FactFinder.structures(candidate.authorStructure) : nil)
    }

    private func hasTeamBasis(_ facts: Facts) -> Bool { facts.relation == .own || facts.relation == .structure }

    private func answer(_ left: [ConsentResidual], on data: RuleData, basis: Bool) -> DirectiveAnswer {
        let verdicts = left.map { $0.verdict(on: data) }
        let opening = zip(left, verdicts).filter { $0.0.opens }.map(\.1)
        var answer = DirectiveAnswer(
            forbids: verdicts.contains { $0.possible == [.deny] },
            permits: opening.contains { $0.possible.contains(.permit) },
            isClosed: zip(left, verdicts).contains { !$0.0.opens && $0.1.possible.contains(.permit) })
        guard !answer.forbids else { return answer }
        let basis = basis || opening.contains { $0.possible == [.permit] }
        // Without another basis, the permits of one that only refuses would open what they bound.
        let filters = ResidualFilter.refusalsWin(
            zip(left, verdicts).lazy.map { residual, verdict in
                basis || residual.opens ? verdict.filters : verdict.filters.filter(\.refuses)
            })
        guard !filters.isEmpty else { return answer }
        // Who has no other basis sees what is permitted and nothing else.
        answer.filters = ResidualFilter.texts((basis ? [] : [.forbidsEverything]) + filters)
        return answer
    }

    /// The person, and where they are exercising.
    private var parties: [Party] {
        guard let professional = asker.professional else { return [] }
        let place = situation.flatMap { StructureIdentifier($0) }
        guard let place, professional.exercises(in: place, at: instant) else {
            return [.professional(professional.id)]
        }
        return [.professional(professional.id), .structure(place)]
    }

    private func ruleQuestion(_ facts: Facts, _ parameters: PolicyParameters) -> RuleQuestion {
        let parties = parties
        var actors = Set(parties.map(RuleActor.party))
        if hasTeamBasis(facts) {
            actors.insert(.careTeam)
            // Where each professional must be declared, a structure brings nobody into a team.
            let members = parameters.structureMembers == .all ? parties[...] : parties.prefix(1)
            for case .listed(let member, let team) in moment.holding where members.contains(member) {
                actors.insert(.team(team))
            }
        }
        if facts.purpose == .breakGlass { actors.insert(.breakGlassUsers) }
        let actions: Set<RuleAction>? =
            switch facts.action {
            case .read, .search, .export: [.access, .use, .disclose]
            case .create: [.collect]
            case .update, .delete: [.correct]
            case .publishDMP, .publish: [.disclose]
            // An application's own, such as `imprimer`.
            case .simulate, .other: nil
            }
        return RuleQuestion(
            purposes: RulePurpose.closure(of: question.context.purpose ?? ""), actors: actors, actions: actions,
            instant: instant)
    }

    /// What the holder says of the data: what opens counts from the holder alone.
    private func heldData(_ facts: Facts) -> RuleData {
        let resource = question.resource
        guard resource.type != AccessQuestion.documentList else {
            return RuleData(classes: FactFinder.classes("document"))
        }
        var data = RuleData(
            classes: FactFinder.classes(resource.type), id: resource.id, types: FactFinder.types(resource.type))
        guard held else { return data }
        if !resource.confidentiality.isEmpty { data.labels = FactFinder.labels(resource.confidentiality) }
        data.codes = resource.typeCode.map(FactFinder.codes)
        data.created = resource.created.flatMap(FactFinder.created)
        data.authors = FactFinder.authors(resource.author)
        data.authorStructures = FactFinder.structures(resource.authorStructure)
        return data
    }

    static func resourceClass(_ category: String) -> String { "urn:socle:resource-category|\(category)" }

    private static func classes(_ category: String) -> Set<String> { [resourceClass(category)] }

    /// What a rule may call a document: the resource that describes it, or one that it is.
    private static func types(_ category: String) -> Set<String> {
        category == "document" ? ["DocumentReference", "DocumentManifest", "Composition", "Bundle", "Binary"] : []
    }

    /// A form that names nobody leaves who wrote it open.
    private static func authors(_ text: String?) -> Set<String>? {
        text.flatMap(AuthorName.professional).map { [$0.value] }
    }

    private static func structures(_ text: String?) -> Set<String>? {
        text.flatMap(AuthorName.structure).map { [$0.value] }
    }

    /// A label may be written with its system; a bare one is a confidentiality of HL7 v3, or of JDV J08.
    private static func labels(_ codes: [String]) -> Set<String> {
        ConfidentialityLevel.highest(
            of: Set(
                codes.map { code in
                    if code.contains("|") { return CodeSystemAlias.canonical(code) }
                    let isLevel = ConfidentialityLevel.codes.contains(code)
                    return "\(isLevel ? ConfidentialityLevel.system : "urn:oid:1.2.250.1.213.1.1.4.13")|\(code)"
                }))
    }

    /// Document types are LOINC codes, or French ones of TRE_A05 (JDV J07).
    static func codes(_ code: String) -> Set<String> {
        Set(CodeSystemAlias.documentTypes.map { "\($0)|\(code)" })
    }

    /// An instant, or a day of metropolitan France: the last one there is has no end.
    private static func created(_ text: String) -> Span? {
        if let instant = Instant(iso8601: text) { return Span(at: instant) }
        guard let start = CalendarDate(text)?.anniversary(0), let noon = Instant(iso8601: "\(text)T12:00:00Z") else {
            return nil
        }
        let next = (noon + .days(1)).description.prefix { $0 != "T" }
        return Span(start: start, end: CalendarDate(String(next))?.anniversary(0))
    }
}

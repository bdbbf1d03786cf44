// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// How many rules deep a directive may be, and how many it may hold.
    static let directiveDepth = 6
    static let directiveRules = 200
    /// How many grants of one patient are in force, each rule of a directive counted.
    static let rulesInForce = 1000

    /// A provision as a rule of a directive.
    ///
    /// - Parameter above: the purposes that it takes from the rules above, when it names none.
    /// - Throws: 422 for a rule that could not be enforced: a refusal to someone unknown, an action that is none, a
    ///   class that nothing is of.
    func consentRule(
        _ provision: Element, _ context: PlanContext, _ around: Surroundings, depth: Int, above: Set<String> = []
    ) throws(FHIRRefusal) -> ConsentRule {
        guard depth < Resource.directiveDepth else {
            throw .unprocessable(
                "rules are nested at most \(Resource.directiveDepth) deep", at: provision.path, .tooCostly)
        }
        let effect = provision.text("type").flatMap(ConsentRule.Effect.init(rawValue:))
        guard effect != nil || depth == 0 else {
            throw .unprocessable("an exception says `permit` or `deny`", at: "\(provision.path).type", .required)
        }
        // What ends a consent is taken however it is written.
        if root.text("status") == "active" { try expectMet(provision) }
        let purposes = Set(provision.all("purpose").compactMap(\.coding).map(Resource.term))
        let served = purposes.isEmpty ? above : purposes
        var actors: Set<RuleActor> = []
        for actor in provision.all("actor") {
            actors.formUnion(try ruleActors(actor, effect, served, context, around))
        }
        var actions: Set<RuleAction> = []
        for action in provision.all("action") {
            // The codings of one concept are one action, in several systems.
            let known = Set(action.codings.filter { $0.system == Vocabulary.consentAction }.map(\.code))
            guard known.count == 1, let value = known.first.flatMap(RuleAction.init(rawValue:)) else {
                throw .unprocessable(
                    "each action must be one of \(RuleAction.allCases.map(\.rawValue).joined(separator: ", "))",
                    at: action.path, .codeInvalid)
            }
            actions.insert(value)
        }
        var exceptions: [ConsentRule] = []
        for exception in provision.all("provision") {
            exceptions.append(try consentRule(exception, context, around, depth: depth + 1, above: served))
        }
        let rule = ConsentRule(
            effect, period: provision.span("period"), purposes: purposes, actors: actors, actions: actions,
            data: try dataCondition(provision, context, around), exceptions: exceptions)
        guard depth > 0 || rule.count <= Resource.directiveRules else {
            throw .unprocessable(
                "a consent holds at most \(Resource.directiveRules) rules", at: provision.path, .tooCostly)
        }
        return rule
    }

    /// What nothing here would ever meet is not taken: a refusal would be promised and not kept, a permit would go
    /// unseen and the rest be refused.
    private func expectMet(_ rule: Element) throws(FHIRRefusal) {
        for name in ["purpose", "securityLabel", "class"] {
            for coding in rule.all(name) where coding.text("system") == nil {
                throw .unprocessable("a code without its system is none", at: coding.path, .codeInvalid)
            }
        }
        for concept in rule.all("code") where concept.codings.contains(where: { $0.system.isEmpty }) {
            throw .unprocessable("a code without its system is none", at: concept.path, .codeInvalid)
        }
        for element in rule.all("class") {
            guard let coding = element.coding, Resource.isOfSomething(coding) else {
                throw .unprocessable(
                    "nothing here is of that class: name one of `\(Vocabulary.resourceCategory)`, or `DocumentReference`",
                    at: element.path, .notSupported)
            }
        }
    }

    private static func isOfSomething(_ coding: Coding) -> Bool {
        CodeSystemAlias.system(of: CodeSystemAlias.category("\(coding.system)|\(coding.code)"))
            == Vocabulary.resourceCategory
    }

    /// What a refusal takes from the rules above counts as if it said it itself.
    func expectMet(_ directive: ConsentDirective) throws(FHIRRefusal) {
        for clause in CompiledDirective(directive).clauses where clause.effect == .deny {
            let isOfSomebody =
                clause.actors.isEmpty
                || clause.actors.contains { actor in
                    switch actor {
                    case .unknown, .patient, .party(.relatedPerson): false
                    case .party, .careTeam, .team, .breakGlassUsers: true
                    }
                }
            guard isOfSomebody, clause.purposes.isEmpty || clause.purposes.contains(where: RulePurpose.mayBeAsked)
            else {
                throw .unprocessable(
                    "a refusal is, by itself or the rules above, of nobody or no purpose here: it could not be enforced",
                    at: "Consent.provision", .notSupported)
            }
        }
    }

    private func dataCondition(
        _ provision: Element, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> DataCondition {
        var references: Set<DataCondition.Reference> = []
        for data in provision.all("data") {
            guard let meaning = data.text("meaning").flatMap(DataCondition.Meaning.init(rawValue:)),
                let element = data["reference"]
            else { throw .unprocessable("data is named by `meaning` and `reference`", at: data.path, .required) }
            var reference = try element.reference(base: context.base)
            try around.expectSame(element, reference, base: context.base)
            // A role is the professional who holds it: authors are known by no other name.
            if meaning == .authoredby, reference.type == "PractitionerRole",
                case .professional(let author) = try around.party(element, base: context.base)
            {
                reference = Reference(type: "Practitioner", id: author.value)
            } else if meaning == .authoredby, reference.type == "Practitioner",
                let author = ProfessionalIdentifier(named: reference.id)
            {
                reference.id = author.value
            }
            references.insert(.init(meaning, type: reference.type, id: reference.id))
        }
        return DataCondition(
            labels: Set(provision.all("securityLabel").compactMap(\.coding).map(Resource.term)),
            classes: Set(provision.all("class").compactMap(\.coding).map(Resource.term)),
            codes: Set(provision.all("code").flatMap(\.codings).map(Resource.term)),
            period: provision.span("dataPeriod"), references: references)
    }

    private static func term(_ coding: Coding) -> String {
        CodeSystemAlias.canonical("\(coding.system)|\(coding.code)")
    }

    private func ruleActors(
        _ actor: Element, _ effect: ConsentRule.Effect?, _ purposes: Set<String>, _ context: PlanContext,
        _ around: Surroundings
    ) throws(FHIRRefusal) -> Set<RuleActor> {
        guard let element = actor["reference"] else {
            throw .unprocessable("an actor names someone", at: actor.path, .required)
        }
        if element["reference"] == nil, element["identifier"]?.isAllTeams == true { return [.careTeam] }
        let reference = try element.reference(base: context.base)
        switch reference.type {
        case "Patient":
            // Directives weigh on professionals: nobody is told to refuse a patient their own file.
            guard effect != .deny, let id = PatientIdentifier(reference.id) else { break }
            return [.patient(id)]
        case "CareTeam":
            try around.expectSame(element, reference, base: context.base)
            let names = around.teamNames(of: try patient(root["patient"], context), reference.id)
            guard !names.isEmpty else {
                throw .unprocessable(
                    "no care team recorded under this identifier of the patient has this id: write the team first",
                    at: "\(element.path).reference",
                    .notFound)
            }
            return Set(names.map(RuleActor.team))
        case "Group", "Device":
            // Who may break the glass is for the law and Sesan to say (R-BTG-3), and the group stands for them.
            let breaksGlass: Set = ["\(RulePurpose.actReason)|BTG", "\(RulePurpose.actReason)|ETREAT"]
            if reference.type == "Group", !purposes.isEmpty, purposes.isSubset(of: breaksGlass) {
                return [.breakGlassUsers]
            }
            // A permit to someone unknown opens nothing; a refusal that cannot be enforced must not be promised.
            guard effect == .deny else { return [.unknown(reference.text)] }
        default:
            let party = try around.party(element, base: context.base)
            if case .relatedPerson = party, effect == .deny { break }
            return [.party(party)]
        }
        throw .unprocessable(
            "nobody here can be told to be this actor: the refusal could not be enforced",
            at: "\(element.path).reference", .notSupported)
    }
}

extension Element {
    /// The identifier that stands for whichever care team of the patient's.
    fileprivate var isAllTeams: Bool { text("system") == Vocabulary.careTeams && text("value") == "all" }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// The kinds of choice by the names that `Consent.category` may give them (`urn:socle:consent-kind`).
enum ConsentKind: String, CaseIterable {
    case teamInformation = "team-information"
    case teamConsent = "team-consent"
    case oppositionToSharing = "opposition-sharing"
    case oppositionInEmergency = "opposition-emergency"
    case oppositionToRegulation = "opposition-regulation"
    case block, mask
    case minorSecret = "minor-secret"
    case administrator = "document-administrator"
    case carerMandate = "carer-mandate"
    case consentOutsideTeam = "consent-outside-team"
    case occupationalConsent = "consent-occupational"
    case refusals
}

extension Resource {
    /// What the patient chose. A consent under one of Socle's policies is one of Socle's kinds; any other is read as
    /// a directive, rule by rule.
    func choiceKind(
        _ provision: Element, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> PatientChoice.Kind {
        let named = try namedKinds()
        // The names of a URN's scheme and space have no case (RFC 8141 §3.1).
        let isOurs = root.all("policy").contains {
            $0.text("uri")?.lowercased().hasPrefix(Vocabulary.soclePolicy) == true
        }
        guard isOurs else {
            // Read as a directive, the root that a block or a mask stands under would permit everybody else.
            guard named.isEmpty else {
                throw .unprocessable(
                    "a consent of Socle's kinds names its policy, `\(Vocabulary.soclePolicy)...`", at: "Consent.policy",
                    .required)
            }
            return .directive(ConsentDirective(root: try consentRule(provision, context, around, depth: 0)))
        }
        let reading = KindReading(
            resource: self, provision: provision, exceptions: provision.all("provision"), context: context,
            around: around)
        guard let code = named.first?.code else {
            return try reading.kind(reading.shape())
        }
        guard let kind = ConsentKind(rawValue: code) else {
            let list = ConsentKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unprocessable("the kind must be one of \(list)", at: "Consent.category", .codeInvalid)
        }
        return try reading.kind(kind)
    }
}

extension Resource {
    /// The kinds that the category names, one at most. What was meant as one and is not written as one is refused: read as
    /// a directive, it would say something else.
    private func namedKinds() throws(FHIRRefusal) -> [Coding] {
        var kinds: Set<Coding> = []
        for coding in root.all("category").flatMap({ $0.all("coding") }) {
            let system = coding.text("system") ?? ""
            guard let code = coding.text("code") else {
                if system.lowercased() == Vocabulary.consentKind {
                    throw .unprocessable("a kind has a code", at: coding.path, .codeInvalid)
                }
                continue
            }
            let isMeant = system.isEmpty && ConsentKind(rawValue: code) != nil
            guard system == Vocabulary.consentKind || !isMeant && system.lowercased() != Vocabulary.consentKind else {
                throw .unprocessable(
                    "a kind is of the system `\(Vocabulary.consentKind)`", at: coding.path, .codeInvalid)
            }
            if system == Vocabulary.consentKind { kinds.insert(Coding(system: system, code: code)) }
        }
        guard kinds.count < 2 else {
            throw .unprocessable("a consent is of one kind", at: "Consent.category", .codeInvalid)
        }
        return Array(kinds)
    }
}

/// Reads a consent of Socle's own profile: each kind has one shape, and anything more is refused.
private struct KindReading {
    let resource: Resource
    let provision: Element
    let exceptions: [Element]
    let context: PlanContext
    let around: Surroundings

    private var root: Element { resource.root }
    private var base: String { context.base }
    private var permits: Bool { provision.text("type") == "permit" }

    private func refusal(_ words: String, _ element: Element? = nil) -> FHIRRefusal {
        .unprocessable(words, at: (element ?? provision).path)
    }

    /// The kind that the form alone tells, for consents that do not name it.
    func shape() throws(FHIRRefusal) -> ConsentKind {
        if let exception = exceptions.first {
            let purposes = exception.purposeCodes
            if purposes.contains("REG15") { return .oppositionToRegulation }
            if !purposes.isEmpty { return .oppositionInEmergency }
            guard let actor = exception.all("actor").first else { return .mask }
            return try reference(actor).type == "RelatedPerson" ? .minorSecret : .block
        }
        guard permits else { return .oppositionToSharing }
        guard let actor = provision.all("actor").first else {
            throw refusal("the kind of consent cannot be told: name it in `Consent.category`")
        }
        if try reference(actor).type == "RelatedPerson" { return .carerMandate }
        return provision.purposeCodes == ["OCCUP"] ? .occupationalConsent : .consentOutsideTeam
    }

    func kind(_ kind: ConsentKind) throws(FHIRRefusal) -> PatientChoice.Kind {
        switch kind {
        case .oppositionToSharing:
            try expect(provision, "deny", ["purpose", "period"])
            try expectPurposes(provision, among: ["TREAT"], needing: "TREAT")
            return .oppositionToSharing
        case .oppositionInEmergency:
            let denial = try denial(["purpose"])
            try expectPurposes(denial, among: ["BTG", "ETREAT"], needing: "BTG")
            return .oppositionInEmergency
        case .oppositionToRegulation:
            try expectPurposes(try denial(["purpose"]), among: ["REG15"], needing: "REG15")
            return .oppositionToRegulation
        case .block:
            let denial = try denial(["actor"])
            let party = try party(denial)
            if case .relatedPerson = party {
                throw refusal("a block bars a professional or a structure: end the mandate of anybody else", denial)
            }
            return .block(party)
        case .mask: return .mask(try maskTarget(try denial(["data", "code", "class"])))
        case .minorSecret:
            let denial = try denial(["actor", "data"])
            for actor in denial.all("actor") where try reference(actor).type != "RelatedPerson" {
                throw refusal("a minor's secret is kept from related persons", actor)
            }
            guard case .document(let id) = try maskTarget(denial) else {
                throw refusal("a minor's secret is of one document", denial)
            }
            return .minorSecret(document: id)
        case .carerMandate:
            try expect(provision, "permit", ["actor", "class", "period"])
            guard case .relatedPerson(let id) = try party(provision) else {
                throw refusal("a mandate is given to one `RelatedPerson`", provision)
            }
            let categories = try categories(provision)
            guard !categories.isEmpty else { throw refusal("a mandate names its categories in `class`", provision) }
            return .carerMandate(id, categories: categories)
        case .consentOutsideTeam:
            try expect(provision, "permit", ["actor", "purpose", "class", "code", "period"])
            try expectPurposes(provision, among: ["TREAT"], needing: nil)
            let grantee = try party(provision)
            if case .relatedPerson = grantee { throw refusal("a consent is for a professional or a structure") }
            let (codes, classes) = (try documentTypes(provision), try categories(provision))
            // A rule means both at once, and a choice either.
            guard codes.isEmpty || classes.isEmpty else { throw refusal("it names types, or categories, not both") }
            let types = codes.union(classes)
            guard !types.contains("*") else { throw refusal("a consent to everything names no type") }
            return .consentOutsideTeam(
                OutsideConsent(
                    grantee: grantee, documentTypes: types.isEmpty ? ["*"] : types, informed: try informed))
        case .occupationalConsent:
            try expect(provision, "permit", ["actor", "purpose", "period"])
            try expectPurposes(provision, among: ["OCCUP"], needing: "OCCUP")
            return .occupationalConsent(try professional(provision), informed: try informed)
        case .administrator:
            try expect(provision, "permit", ["actor", "period"])
            return .administrator(try professional(provision))
        case .teamInformation: return .teamInformation(recipients: try recipients())
        case .teamConsent: return .teamConsent(recipients: try recipients())
        case .refusals:
            let rule = try resource.consentRule(provision, context, around, depth: 0)
            guard let refusals = ConsentDirective(root: rule).refusals else { throw refusal("it refuses nothing") }
            return .directive(refusals)
        }
    }

    /// No actor informs every recipient; otherwise structures, or kinds of place by their extension.
    private func recipients() throws(FHIRRefusal) -> Set<String> {
        try expect(provision, "permit", ["actor", "purpose", "period", "extension"])
        try expectPurposes(provision, among: ["TREAT"], needing: nil)
        var recipients: Set<String> = []
        for actor in provision.all("actor") {
            guard let element = actor["reference"],
                case .structure(let id) = try around.party(element, base: base)
            else { throw refusal("the team's recipients are structures", actor) }
            recipients.insert(id.value)
        }
        for item in provision.all("extension") {
            // Passed over, what is not understood would inform everybody.
            guard item.text("url") == Vocabulary.placeKind, let kind = item.text("valueCode") else {
                throw refusal("recipients are structures, or kinds of place: `\(Vocabulary.placeKind)`", item)
            }
            guard let place = PlaceKind(word: kind) else {
                throw .unprocessable(
                    "a kind of place is one of those that roles have: nobody is of another", at: item.path, .codeInvalid
                )
            }
            recipients.insert(place.rawValue)
        }
        return recipients
    }

    /// Whether the patient was informed before: so it is unless said otherwise, a consent under a policy being given
    /// once that policy was presented.
    private var informed: Bool {
        get throws(FHIRRefusal) { try root.said(Vocabulary.informed, "valueBoolean")?.value.bool ?? true }
    }

    /// A permitting root with one refusal under it, which says nothing beyond those elements.
    private func denial(_ elements: Set<String>) throws(FHIRRefusal) -> Element {
        try expect(provision, "permit", ["provision", "period"])
        guard exceptions.count == 1, let only = exceptions.first else {
            throw refusal("one exception is needed, and one only")
        }
        try expect(only, "deny", elements)
        return only
    }

    private func expect(_ rule: Element, _ type: String, _ elements: Set<String>) throws(FHIRRefusal) {
        guard rule.text("type") == type else { throw refusal("the type must be `\(type)` here", rule) }
        let known = elements.union(["type", "id"])
        for name in rule.value.object?.names ?? [] where !known.contains(name) {
            throw .unprocessable("this kind of consent says nothing by `\(name)`", at: "\(rule.path).\(name)")
        }
    }

    private func expectPurposes(
        _ rule: Element, among allowed: Set<String>, needing code: String?
    ) throws(FHIRRefusal) {
        let codes = rule.purposeCodes
        if code.map({ !codes.contains($0) }) ?? false || !codes.isSubset(of: allowed) {
            throw .unprocessable(
                "the purposes must be \(allowed.sorted().joined(separator: ", "))", at: "\(rule.path).purpose")
        }
    }

    private func reference(_ actor: Element) throws(FHIRRefusal) -> Reference {
        guard let element = actor["reference"] else { throw refusal("an actor names someone", actor) }
        return try element.reference(base: base)
    }

    private func party(_ rule: Element) throws(FHIRRefusal) -> Party {
        let actors = rule.all("actor")
        guard actors.count == 1, let element = actors.first?["reference"] else {
            throw .unprocessable("one actor is needed, and one only", at: "\(rule.path).actor")
        }
        return try around.party(element, base: base)
    }

    private func professional(_ rule: Element) throws(FHIRRefusal) -> ProfessionalIdentifier {
        guard case .professional(let id) = try party(rule) else {
            throw .unprocessable("a professional is needed here", at: "\(rule.path).actor[0].reference")
        }
        return id
    }

    /// The document types of a rule: a code alone is one of JDV J07, as decisions are asked about them.
    private func documentTypes(_ rule: Element) throws(FHIRRefusal) -> Set<String> {
        for concept in rule.all("code") {
            for system in concept.codings.map({ CodeSystemAlias.canonical($0.system) })
            where !system.isEmpty && !CodeSystemAlias.documentTypes.contains(system) {
                throw .unprocessable(
                    "a document type is a code of LOINC or of TRE_A05 (JDV J07): no other would ever be met",
                    at: concept.path, .codeInvalid)
            }
        }
        return Set(rule.all("code").flatMap { $0.codings.map(\.code) })
    }

    private func categories(_ rule: Element) throws(FHIRRefusal) -> Set<String> {
        for element in rule.all("class") where element.coding?.system != Vocabulary.resourceCategory {
            throw .unprocessable(
                "a category is a code of `\(Vocabulary.resourceCategory)`: no other would ever be met",
                at: element.path, .codeInvalid)
        }
        return Set(rule.all("class").compactMap(\.coding?.code))
    }

    private func maskTarget(_ rule: Element) throws(FHIRRefusal) -> MaskTarget {
        let data = rule.all("data")
        let (types, categories) = (try documentTypes(rule), try categories(rule))
        // The codings of one concept are one type, in several systems.
        switch (data.count, rule.all("code").count, categories.count) {
        case (1, 0, 0):
            guard data[0].text("meaning") == "instance", let element = data[0]["reference"] else {
                throw refusal("what is hidden is an `instance`", data[0])
            }
            // A document whose name is no id of FHIR's is named by its identifier.
            if element.text("reference") == nil, let name = element["identifier"]?.text("value") {
                return .document(name)
            }
            return .document(try element.reference(base: base).id)
        case (0, 1, 0) where !types.isEmpty: return .types(types)
        case (0, 0, 1): return .category(categories.first ?? "")
        default: throw refusal("one document, one type or one category is hidden by each consent", rule)
        }
    }
}

extension Element {
    /// The purposes of a rule that Socle has a name for; any other keeps its system.
    fileprivate var purposeCodes: Set<String> {
        Set(
            all("purpose").compactMap(\.coding).map { coding in
                let system = CodeSystemAlias.canonical(coding.system)
                return system == RulePurpose.actReason || system == RulePurpose.socle
                    ? coding.code : "\(system)|\(coding.code)"
            })
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// A consent is one patient choice: each version of the one writes a version of the other.
    func planConsent(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        let patient = try patient(root["patient"], context)
        var plan = RecordPlan(patient: patient, entry: .choice)
        if let stored = around.resources[Reference(type: type.rawValue, id: id)],
            stored.content["patient"]?["reference"]?.string.flatMap({ Reference($0, base: context.base) })?.id
                != patient.value
        {
            throw .unprocessable("a consent stays the same patient's", at: "Consent.patient")
        }
        guard root["scope"]?.codings.contains(Vocabulary.patientPrivacy) == true else {
            throw .unprocessable("only consents of scope `patient-privacy` are held", at: "Consent.scope")
        }
        let records = around.patients[patient] ?? Surroundings.PatientRecords()
        // A choice that came by other means is known here under a name of ours.
        let isStored = around.resources[Reference(type: type.rawValue, id: id)] != nil
        let last =
            isStored
            ? records.choices.first(where: { $0.id == id })
                ?? records.choices.first(where: { $0.resourceIDs.contains(id) })
            : nil
        let isActive = root.text("status") == "active"
        guard last != nil || !records.choices.contains(where: { $0.id == id }) else {
            throw FHIRRefusal(409, .duplicate, "a choice of this name is there already, under another id: update it")
        }
        guard let period = consentPeriod(context, since: last) else { return plan }
        var choice: PatientChoice
        if let last, !isActive {
            // What ends a consent is taken however it is written.
            choice = last
            choice.recordedBy = try? recorder(context, around)
            choice.evidence = try? evidence
        } else {
            choice = PatientChoice(
                id: last?.id ?? id, version: 0, patient: patient,
                kind: try choiceKind(since: last, isActive: isActive, context, around), period: period,
                recordedAt: context.now, recordedBy: try recorder(context, around), evidence: try evidence)
            if isActive, choice.recordedBy == nil { choice.recordedBy = try agreed(choice, context, around) }
        }
        if isActive { try expectBounded(choice, among: records.choices, at: context.now) }
        choice.version = (last?.version ?? 0) + 1
        choice.period = period
        choice.recordedAt = context.now
        plan.changes.append(ConsentChange.choose(choice))
        around.patients[patient, default: records].choices.removeAll { $0.id == choice.id }
        around.patients[patient, default: records].choices.append(choice)
        return plan
    }

    /// What it says, and in force says whole.
    private func choiceKind(
        since last: PatientChoice?, isActive: Bool, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> PatientChoice.Kind {
        guard let provision = root["provision"] else {
            throw .unprocessable("a consent says what it permits or denies", at: "Consent.provision", .required)
        }
        if isActive { try expectCodes(provision) }
        let kind = try choiceKind(provision, context, around)
        if isActive {
            try expectKept(kind, provision, since: last, context)
            try expectNamed(context, around)
        }
        return kind
    }

    /// What a consent in force says beside its rules must not be passed over, nor become something else.
    private func expectKept(
        _ kind: PatientChoice.Kind, _ provision: Element, since last: PatientChoice?, _ context: PlanContext
    ) throws(FHIRRefusal) {
        if case .directive(let directive) = kind { try expectMet(directive) }
        if !kind.tellsWhetherInformed, kind.permits,
            try root.said(Vocabulary.informed, "valueBoolean")?.value.bool == false
        {
            throw .unprocessable(
                "a patient who was not informed permits nothing by this kind of consent (CSP L.1110-4)",
                at: "Consent.extension", .businessRule)
        }
        if let last, last.kind.consentKind != kind.consentKind {
            throw .unprocessable(
                "a choice stays of its kind: end this one, and write the other as another", at: "Consent.category",
                .businessRule)
        }
        guard
            root.all("policy").contains(where: { $0["uri"] != nil || $0["authority"] != nil })
                || root["policyRule"] != nil
        else {
            throw .unprocessable("a consent names its policy (R4 ppc-1)", at: "Consent.policy", .required)
        }
        try expectRule(provision)
        if root.all("verification").contains(where: { $0["verified"]?.value.bool == false }), kind.permits {
            throw .unprocessable(
                "what is not verified permits nothing yet: it is `proposed`", at: "Consent.verification", .businessRule)
        }
        if provision["period"]?["start"] == nil, let dated = root.text("dateTime").flatMap({ FHIRDate($0) }),
            dated.start > context.now + Resource.clockSkew
        {
            throw .unprocessable(
                "it was not given yet: one that begins later says so by `provision.period`", at: "Consent.dateTime",
                .value)
        }
    }

    /// What it is and whose: nothing beside says something else.
    private func expectNamed(_ context: PlanContext, _ around: Surroundings) throws(FHIRRefusal) {
        guard root.all("category").contains(where: { $0.codings.contains(Vocabulary.consentDocument) }) else {
            throw .unprocessable("a consent has the category LOINC 59284-0", at: "Consent.category", .required)
        }
        let scopes = root["scope"]?.codings.filter { $0.system == Vocabulary.patientPrivacy.system } ?? []
        guard Set(scopes) == [Vocabulary.patientPrivacy] else {
            throw .unprocessable("a consent has one scope", at: "Consent.scope")
        }
        if let element = root["patient"] {
            try around.expectSame(element, try element.reference(base: context.base), base: context.base)
        }
    }

    /// Each grant in force, and each rule of a directive, is weighed at every question about the patient. What only
    /// refuses is always taken.
    ///
    /// - Throws: 422 when they would be more than that.
    private func expectBounded(
        _ choice: PatientChoice, among others: [PatientChoice], at now: Instant
    ) throws(FHIRRefusal) {
        func rules(_ choice: PatientChoice) -> Int {
            guard !choice.period.ended(by: now) else { return 0 }
            switch choice.kind {
            case .directive(let directive): return directive.root.count
            case .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation, .block, .mask, .minorSecret:
                return 0
            case .teamInformation, .teamConsent, .administrator, .carerMandate, .consentOutsideTeam,
                .occupationalConsent:
                return 1
            }
        }
        let own = rules(choice)
        guard own > 0,
            others.lazy.filter({ $0.id != choice.id }).reduce(own, { $0 + rules($1) }) > Resource.rulesInForce
        else { return }
        throw .unprocessable(
            "a patient's choices hold at most \(Resource.rulesInForce) rules in force, together: end some of them",
            at: "Consent.provision", .tooCostly)
    }

    /// How far the clock of whoever writes may be ahead.
    private static let clockSkew = Duration.minutes(5)

    /// What `policyRule` says of everything that no provision is about is what the root provision says here.
    private func expectRule(_ provision: Element) throws(FHIRRefusal) {
        guard let rule = root["policyRule"] else { return }
        let codes = Set(rule.codings.filter { $0.system == Vocabulary.actCode }.map(\.code))
        let said = codes == ["OPTIN"] ? "permit" : codes == ["OPTOUT"] ? "deny" : nil
        guard let said, said == provision.text("type") else {
            throw .unprocessable(
                "the rule is said by `provision`: OPTIN goes with `permit`, OPTOUT with `deny`, and no other is known",
                at: rule.path, .notSupported)
        }
    }

    /// What a rule says in words alone, or gives as unknown, cannot be left out: the rule would be about more.
    private func expectCodes(_ rule: Element) throws(FHIRRefusal) {
        for name in ["purpose", "securityLabel", "class"] {
            for coding in rule.all(name) where coding.coding == nil {
                throw .unprocessable("a rule names codes: this one has no `code`", at: coding.path, .codeInvalid)
            }
        }
        for concept in rule.all("code") + rule.all("action") where concept.codings.isEmpty {
            throw .unprocessable("a rule names codes: this one has no `coding`", at: concept.path, .codeInvalid)
        }
        for actor in rule.all("actor") {
            guard let role = actor["role"], role.codings.contains(where: Vocabulary.recipients.contains) else {
                throw .unprocessable(
                    "an actor is whom the rule lets receive, or not: its role is `IRCP` (v3-ParticipationType)",
                    at: "\(actor.path).role", .codeInvalid)
            }
        }
        for name in ["period", "dataPeriod"] { _ = try rule.knownSpan(name) }
        for exception in rule.all("provision") { try expectCodes(exception) }
    }

    /// When the choice holds, by the consent's status; nil for one that never held and does not now.
    private func consentPeriod(_ context: PlanContext, since last: PatientChoice?) -> Period? {
        let declared = root["provision"]?.span("period") ?? Span()
        let dated = root.text("dateTime").flatMap { FHIRDate($0) }?.start
        let start = declared.start ?? min(dated ?? context.now, context.now)
        let from = min(start, declared.end ?? start)
        // What ends held since it was given, whatever is said of that now: else it would look like written in error.
        func ending(by end: Instant) -> Period { Period(start: min(last?.period.start ?? from, end), end: end) }
        switch root.text("status") {
        case "active": return Period(start: from, end: declared.end)
        case "inactive": return ending(by: min(declared.end ?? context.now, context.now))
        case "entered-in-error": return last.map { _ in Period(start: from, end: from) }
        default: return last.map { _ in ending(by: context.now) }
        }
    }

    /// Who recorded it: said so, or the professional who signed as performer; nil for the patient.
    private func recorder(_ context: PlanContext, _ around: Surroundings) throws(FHIRRefusal) -> String? {
        let said = try root.said(Vocabulary.recordedBy, "valueString", "valueReference")
        if let account = said?.value.string { return account }
        let performers = root.all("performer").filter { element in
            let type = element.text("reference").flatMap { Reference($0, base: context.base) }?.type
            return type == "Practitioner" || type == "PractitionerRole"
        }
        guard let element = said ?? performers.first else { return nil }
        return try around.party(element, base: context.base).id
    }

    /// Who agreed, where neither the patient is said to nor a professional signs for them. A consent outside the team is
    /// kept as a structure's word, and holds where it is a member (CSP D.1110-3-1); nothing else opens by it. For a minor
    /// a relative agrees (Code civil 371-1), as a directive is the act of whoever may give it (IHE PCF).
    private func agreed(
        _ choice: PatientChoice, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> String? {
        let performers = root.all("performer")
        let own = Set(around.identifiers(of: choice.patient).map { Reference(type: "Patient", id: $0.value) })
        func reference(_ performer: Element) -> Reference? {
            performer.text("reference").flatMap { Reference($0, base: context.base) }
        }
        let isTheirs = performers.contains { reference($0).map(own.contains) == true }
        guard choice.kind.consentKind != nil, choice.kind.permits, let other = performers.first, !isTheirs else {
            return nil
        }
        // A patient named by an INS is this one, or another.
        if other["reference"] == nil, other.text("type") == "Patient", let number = other["identifier"],
            number.text("system").map(Vocabulary.ins.contains) ?? true
        {
            let named = Reference(type: "Patient", id: choice.patient.value)
            try around.expectSame(other, named, base: context.base)
            return nil
        }
        let type = reference(other)?.type
        let patient = around.patients[choice.patient]?.patient
        if type == "RelatedPerson", patient?.isMinor(at: context.now) == true { return nil }
        if case .consentOutsideTeam = choice.kind, type == "Organization" {
            return try around.party(other, base: context.base).id
        }
        throw .unprocessable(
            "the patient agrees, a relative for a minor, or a professional records that they did",
            at: other.path, .businessRule)
    }

    /// How the patient agreed: the code given, else the document that bears the signature.
    private var evidence: String? {
        get throws(FHIRRefusal) {
            try root.said(Vocabulary.evidence, "valueCode")?.value.string
                ?? root["sourceReference"]?.text("reference").flatMap { $0.utf8.count <= 200 ? $0 : nil }
        }
    }
}

extension Element {
    /// A `Period` element as a half-open one: a day it ends on is in it whole.
    func span(_ name: String) -> Span {
        Span(
            start: self[name]?.text("start").flatMap { FHIRDate($0) }?.start,
            end: self[name]?.text("end").flatMap { FHIRDate($0) }?.end)
    }
}

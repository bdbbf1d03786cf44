// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// A care team is the memberships it lists. What an update no longer lists ends now; a stay that was over is
    /// history and stays.
    func planCareTeam(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        guard let subject = root["subject"] else {
            throw .unprocessable("a care team is a patient's", at: "CareTeam.subject", .required)
        }
        let patient = try patient(subject, context)
        if let stored = around.resources[Reference(type: type.rawValue, id: id)] {
            guard
                stored.content["subject"]?["reference"]?.string.flatMap({ Reference($0, base: context.base) })?.id
                    == patient.value
            else { throw .unprocessable("a care team stays the same patient's", at: "CareTeam.subject") }
        } else if let other = PatientIdentifier(id), other != patient,
            around.patients[other]?.isOfSomebody == true
        {
            throw .unprocessable("this id is for the care team of another patient", at: "CareTeam.id")
        }
        if isInForce, let reference = Reference(subject.text("reference") ?? "", base: context.base) {
            try around.expectSame(subject, reference, base: context.base)
        }
        let wanted = try isInForce ? stays(of: patient, context, around) : []
        let records = around.patients[patient] ?? Surroundings.PatientRecords()
        var plan = RecordPlan(patient: patient, entry: .choice)
        var memberships = records.memberships
        let prefix = "\(id)/"
        let version = (around.resources[Reference(type: type.rawValue, id: id)]?.version ?? 0) + 1
        var number = 0
        var told: Set<Party> = []
        func join(_ stay: Stay, from start: Instant, to end: Instant?, adds: Bool = true) {
            number += 1
            let membership = Membership(
                id: "\(prefix)\(version).\(number)", patient: patient, member: stay.member,
                period: Period(start: start, end: end), role: stay.role, legalBasis: stay.legalBasis,
                addedBy: stay.adder?.name ?? context.actor, information: stay.information)
            plan.changes.append(ConsentChange.join(membership))
            // Of who is listed twice, the patient is told once.
            if adds, let notice = membership.notice(at: context.now), told.insert(stay.member).inserted {
                plan.changes.append(NoticeChange.queue(notice))
            }
            memberships.append(membership)
        }
        func end(_ index: Int, at instant: Instant) {
            guard memberships[index].period.end.map({ $0 > instant }) ?? true else { return }
            plan.changes.append(
                ConsentChange.leave(patient: patient, membership: memberships[index].id, at: instant))
            memberships[index].period.end = instant
        }

        let teams = records.teams.union([id])
        let own = memberships.indices.filter { memberships[$0].team(among: teams) == id }
        var kept: Set<Int> = []
        for stay in wanted {
            // The pieces of one stay: it started then, and was lengthened since.
            var pieces = own.filter { index in
                let membership = memberships[index]
                return !kept.contains(index) && membership.member == stay.member && membership.role == stay.role
                    && membership.legalBasis == stay.legalBasis && stay.isSame(as: membership.period, at: context.now)
            }.prefix(1).map(\.self)
            while let last = pieces.last, let close = memberships[last].period.end,
                let next = own.first(where: { index in
                    !pieces.contains(index) && memberships[index].member == stay.member
                        && memberships[index].period.start == close
                })
            {
                pieces.append(next)
            }
            kept.formUnion(pieces)
            guard let first = pieces.first, let last = pieces.last else {
                try expectAdder(of: stay, in: patient, listed: wanted, context, around)
                let period = stay.period(from: context.now)
                join(stay, from: period.start, to: period.end)
                continue
            }
            let close = stay.period(from: memberships[first].period.start).end
            if let end = memberships[last].period.end, close.map({ $0 > end }) ?? true {
                // Lengthening a stay adds nobody, unless it was over.
                let adds = end <= context.now
                if adds { try expectAdder(of: stay, in: patient, listed: wanted, context, around) }
                join(stay, from: end, to: close, adds: adds)
            } else if let close {
                for index in pieces { end(index, at: close) }
            }
        }
        // What was written in error never was, accesses of then included.
        let isError = root.text("status") == "entered-in-error"
        for index in own where !kept.contains(index) {
            end(index, at: isError ? memberships[index].period.start : context.now)
        }
        around.patients[patient, default: records].memberships = memberships
        around.patients[patient]?.teams.insert(id)
        return plan
    }

    /// A team that is proposed, suspended, over or wrong gives nobody anything.
    private var isInForce: Bool { root.text("status") == "active" || root.text("status") == nil }

    /// A professional who adds a member is of the team when this is written: by themselves or by a structure where they
    /// exercise, as recorded of this patient under any identifier, or as listed here by the patient or the application
    /// (R-TEAM-4).
    private func expectAdder(
        of stay: Stay, in patient: PatientIdentifier, listed stays: [Stay], _ context: PlanContext,
        _ around: Surroundings
    ) throws(FHIRRefusal) {
        guard let adder = stay.adder?.professional, let place = stay.adder?.place else { return }
        if let known = around.professionals[adder], known.registryStatus == .active {
            let parties = Set([Party.professional(adder)] + known.places(at: context.now).map(Party.structure))
            let isMember = around.memberships(of: patient).contains {
                parties.contains($0.member) && $0.counts(around.formsTeam) && $0.period.contains(context.now)
            }
            let isListed = stays.contains { stay in
                parties.contains(stay.member) && stay.adder?.professional == nil
                    && stay.legalBasis.counts(for: stay.member, around.formsTeam)
                    && stay.period(from: context.now).contains(context.now)
            }
            if isMember || isListed { return }
        }
        throw .unprocessable("a professional who adds a member is one now (R-TEAM-4)", at: place)
    }

    /// Who adds a member, and where that is said.
    private struct Adder {
        var name: String
        /// nil for anybody else.
        var professional: ProfessionalIdentifier?
        var place: String
    }

    private struct Stay {
        var member: Party
        var span: Span
        var role: String?
        var legalBasis: Membership.LegalBasis
        var adder: Adder?
        var information: Membership.Information?

        /// - Parameter start: when it began, unless it says so itself.
        func period(from start: Instant) -> Period {
            let start = span.start ?? start
            return Period(start: start, end: span.end.map { max(start, $0) })
        }

        /// Whether it is what a recorded stay says. Without a start it is the one under way, or one that ended when it
        /// does: the member was there before this was written.
        func isSame(as recorded: Period, at now: Instant) -> Bool {
            if let start = span.start { return recorded.start == start }
            return recorded.contains(now) || (span.end != nil && recorded == period(from: recorded.start))
        }
    }

    private func stays(
        of patient: PatientIdentifier, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> [Stay] {
        let team = try root.knownSpan("period")
        var stays: [Stay] = []
        for participant in root.all("participant") {
            guard let element = participant["member"] else {
                throw .unprocessable("a participant names its member", at: "\(participant.path).member", .required)
            }
            let reference = try element.reference(base: context.base)
            if reference.type == "Patient" {
                // The patient is not a member of their own team, but may be listed in it.
                guard around.identifiers(of: patient).map(\.value).contains(reference.id) else {
                    throw .unprocessable("another patient is no member", at: "\(element.path).reference")
                }
                continue
            }
            let member = try around.party(element, base: context.base)
            stays.append(
                Stay(
                    member: member, span: try participant.knownSpan("period").limited(to: team),
                    role: role(of: participant),
                    legalBasis: try legalBasis(participant, member), adder: try adder(participant, context, around),
                    information: try information(participant)))
        }
        return stays
    }

    /// A stay has one role: the one that has effects here, else the first.
    private func role(of participant: Element) -> String? {
        let codes = participant.all("role").flatMap(\.codings).map(\.code)
        return codes.first { $0 == Membership.treatingPhysician } ?? codes.first
    }

    /// Who added the member, when the application says on whose behalf it writes: a professional, or the patient.
    private func adder(
        _ participant: Element, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> Adder? {
        guard let element = participant.extended(Vocabulary.addedBy, "valueReference") else {
            guard let said = participant.extended(Vocabulary.addedBy, "valueString") else { return nil }
            let text = said.value.string ?? ""
            guard !ProfessionalIdentifier.isNumber(text) else {
                throw .unprocessable("a professional is named by a reference", at: said.path)
            }
            return Adder(name: text, place: said.path)
        }
        let reference = try element.reference(base: context.base)
        if reference.type == "Patient" { return Adder(name: reference.id, place: element.path) }
        switch try around.party(element, base: context.base) {
        case .professional(let id): return Adder(name: id.value, professional: id, place: element.path)
        case .structure(let id): return Adder(name: id.value, place: element.path)
        case .relatedPerson(let id): return Adder(name: id.value, place: element.path)
        }
    }

    /// How the patient was told of this member; nil when it is not said that they were.
    private func information(_ participant: Element) throws(FHIRRefusal) -> Membership.Information? {
        guard let element = try participant.said(Vocabulary.information, "valueCode") else { return nil }
        guard let information = element.value.string.flatMap(Membership.Information.init(rawValue:)) else {
            let list = Membership.Information.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unprocessable(
                "how the patient was told is one of \(list): who was not told needs no such extension",
                at: element.path, .codeInvalid)
        }
        return information
    }

    /// What the extension says; else 2° for a professional, whom the patient recognises, and 1° for a structure,
    /// which counts only if it can form a team (CSP L.1110-12).
    private func legalBasis(_ participant: Element, _ member: Party) throws(FHIRRefusal) -> Membership.LegalBasis {
        if let element = participant.extended(Vocabulary.legalBasis, "valueCode") {
            guard let basis = element.value.string.flatMap(Membership.LegalBasis.init(rawValue:)) else {
                let list = Membership.LegalBasis.allCases.map(\.rawValue).joined(separator: ", ")
                throw .unprocessable("the legal basis must be one of \(list)", at: element.path, .codeInvalid)
            }
            if basis == .circle, case .relatedPerson = member { return basis }
            guard basis != .circle else {
                throw .unprocessable(
                    "`cercle` is for someone close: a professional or a structure is of the team by CSP L.1110-12",
                    at: element.path)
            }
            return basis
        }
        return switch member {
        case .professional: .recognised
        case .structure: .establishment
        case .relatedPerson: .circle
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import Testing

/// Numbers of a fixed seed: the same records at each run.
private struct Draw {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(count))
    }

    mutating func some<Value>(_ values: [Value]) -> Value { values[next(values.count)] }
}

@Suite("Consent compiler · equal to reading the records one by one, at the boundaries of every period")
struct CompilerPropertyTests {
    private struct Records {
        var memberships: [Membership] = []
        var choices: [PatientChoice] = []
        var teamCapable: Set<StructureIdentifier> = []

        /// Each boundary, with the millisecond before and after it.
        var instants: Set<Instant> {
            var instants: Set<Instant> = []
            for period in memberships.map(\.period) + choices.map(\.period) {
                for edge in [period.start, period.end].compactMap(\.self) {
                    for offset: Int64 in [-1, 0, 1] {
                        instants.insert(Instant(milliseconds: edge.milliseconds + offset))
                    }
                }
            }
            return instants
        }

        /// The version that counts: nothing that was replaced weighs, whatever its period.
        var last: [PatientChoice] {
            choices.filter { choice in !choices.contains { $0.id == choice.id && $0.version > choice.version } }
        }

        func live(at instant: Instant, _ matches: (PatientChoice.Kind) -> Bool) -> Bool {
            last.contains { choice in
                guard matches(choice.kind), choice.period.start <= instant else { return false }
                guard let end = choice.period.end else { return true }
                return instant < end
            }
        }

        /// Someone close is of the circle; a structure of 1° forms a team, or is nobody's.
        private func counts(_ membership: Membership) -> Bool {
            switch (membership.member, membership.legalBasis) {
            case (.relatedPerson, _): true
            case (_, .circle): false
            case (.structure(let id), .establishment): teamCapable.contains(id)
            default: true
            }
        }

        func member(_ party: Party, at instant: Instant) -> Bool {
            memberships.contains { membership in
                guard membership.member == party, membership.period.start <= instant else { return false }
                if let end = membership.period.end, end <= instant { return false }
                return counts(membership)
            }
        }

        /// A stay that is over, of someone who counted as a member; one that lasted no time never was.
        func pastMember(_ party: Party, at instant: Instant) -> Bool {
            memberships.contains { membership in
                guard membership.member == party, let end = membership.period.end, end <= instant,
                    membership.period.start < end
                else { return false }
                return counts(membership)
            }
        }

        func relation(
            of professional: ProfessionalIdentifier, in chosen: StructureIdentifier?, others: [StructureIdentifier],
            at instant: Instant
        ) -> TeamRelation {
            if member(.professional(professional), at: instant) { return .own }
            if let chosen, member(.structure(chosen), at: instant) { return .structure }
            for other in others where other != chosen && member(.structure(other), at: instant) {
                return .otherStructure
            }
            if pastMember(.professional(professional), at: instant) { return .past }
            if let chosen, pastMember(.structure(chosen), at: instant) { return .past }
            return .none
        }

        /// CSP D.1110-3-1: by the patient, the professional it is for, or somebody of the team.
        private func mayRecord(_ choice: PatientChoice, for asker: ProfessionalIdentifier, at instant: Instant) -> Bool
        {
            guard let recorder = choice.recordedBy else { return true }
            return recorder == choice.patient.value || recorder == asker.value
                || memberships.contains { membership in
                    switch membership.member {
                    case .professional(let id): id.value == recorder && member(membership.member, at: instant)
                    case .structure(let id): id.value == recorder && member(membership.member, at: instant)
                    case .relatedPerson: false
                    }
                }
        }

        /// - Parameter covering: the words by which a consent may name what is asked about.
        func outsideConsent(
            for professional: ProfessionalIdentifier, in chosen: StructureIdentifier?, covering words: Set<String>,
            at instant: Instant
        ) -> OutsideConsentState {
            var given: [(choice: PatientChoice, consent: OutsideConsent)] = []
            for choice in last {
                guard case .consentOutsideTeam(let consent) = choice.kind else { continue }
                let isOfPerson = consent.grantee == .professional(professional)
                if isOfPerson || chosen.map({ consent.grantee == .structure($0) }) == true {
                    given.append((choice, consent))
                }
            }
            let live = given.filter { $0.choice.period.contains(instant) }
            let good = live.filter { $0.consent.informed && mayRecord($0.choice, for: professional, at: instant) }
            if good.contains(where: { !$0.consent.documentTypes.isDisjoint(with: words.union(["*"])) }) {
                return .valid
            }
            if !good.isEmpty { return .outOfScope }
            if !live.isEmpty { return .invalid }
            // One that lasted no time was never given.
            let isOver = given.contains { item in
                item.choice.period.end.map { $0 <= instant && item.choice.period.start < $0 } ?? false
            }
            return isOver ? .withdrawn : .none
        }

        func mandate(
            of person: RelatedPersonIdentifier, for category: String, at instant: Instant
        ) -> MandateState {
            var state = MandateState.none
            for choice in last where choice.period.contains(instant) {
                guard case .carerMandate(person, let categories) = choice.kind else { continue }
                if categories.contains(category) { return .covers }
                state = .outOfScope
            }
            return state
        }
    }

    private let nurse = ProfessionalIdentifier("899700100022")
    private let doctor = ProfessionalIdentifier("899700100033")
    private let home = StructureIdentifier("STR-HOME")
    private let away = StructureIdentifier("STR-AWAY")
    private let carer = RelatedPersonIdentifier("REL-1")
    private let patient = PatientIdentifier("PAT-1")

    private func records(_ draw: inout Draw) throws -> Records {
        let nurse = try #require(nurse)
        let home = try #require(home)
        let away = try #require(away)
        let doctor = try #require(doctor)
        let carer = try #require(carer)
        let patient = try #require(patient)
        let parties: [Party] = [.professional(nurse), .structure(home)]
        let members = parties + [.structure(away), .professional(doctor), .relatedPerson(carer)]
        func period() -> Period {
            let start = Int64(draw.next(20))
            return Period(
                start: Instant(seconds: start),
                // Some end where they start, or before: they never hold.
                end: draw.next(3) == 0 ? nil : Instant(seconds: start + Int64(draw.next(12)) - 1))
        }
        var records = Records()
        records.teamCapable = draw.some([[], [home], [away], [home, away]])
        for index in 0..<draw.next(5) {
            records.memberships.append(
                Membership(
                    id: "m\(index)", patient: patient, member: draw.some(members), period: period(),
                    role: draw.next(3) == 0 ? Membership.treatingPhysician : nil,
                    legalBasis: draw.some(Membership.LegalBasis.allCases)))
        }
        for index in 0..<draw.next(8) {
            let kinds: [PatientChoice.Kind] = [
                .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation, .block(draw.some(parties)),
                .mask(.document("D")), .mask(.type("T")), .mask(.category("document")), .minorSecret(document: "D"),
                .administrator(nurse), .teamInformation(recipients: []), .teamConsent(recipients: ["cabinet"]),
                .occupationalConsent(nurse, informed: draw.next(2) == 0),
                .carerMandate(carer, categories: draw.some([["document"], ["agenda"], ["agenda", "document"], []])),
                .consentOutsideTeam(
                    OutsideConsent(
                        grantee: draw.some(parties + [.structure(away)]),
                        documentTypes: draw.some([["*"], ["T"], ["document"], ["U"], ["U", "agenda"]]),
                        informed: draw.next(3) > 0)),
            ]
            // The two that have most to say are drawn more often.
            let kind = draw.next(2) == 0 ? kinds[kinds.count - 1 - draw.next(2)] : draw.some(kinds)
            let recorders = [nil, patient.value, nurse.value, doctor.value, home.value, "operator"]
            for version in 1...(1 + draw.next(3)) {
                records.choices.append(
                    PatientChoice(
                        id: "c\(index)", version: version, patient: patient, kind: kind, period: period(),
                        recordedAt: Instant(seconds: 0), recordedBy: draw.some(recorders)))
            }
        }
        // The store gives them in one order; nothing may depend on it.
        records.choices.reverse()
        return records
    }

    @Test("over drawn records, at each boundary and a millisecond to both sides") func boundaries() throws {
        let nurse = try #require(nurse)
        let home = try #require(home)
        let away = try #require(away)
        let carer = try #require(carer)
        let patient = try #require(patient)
        var draw = Draw(seed: 5)
        var held = 0
        var relations: Set<TeamRelation> = []
        var consents: Set<OutsideConsentState> = []
        var mandates: Set<MandateState> = []
        for _ in 0..<160 {
            let records = try records(&draw)
            let facts = ConsentFacts(
                memberships: records.memberships, choices: records.choices, teamCapable: records.teamCapable)
            for instant in records.instants {
                let moment = facts.holding(at: instant)
                func same(_ found: Bool, _ expected: Bool, _ what: Comment) {
                    #expect(found == expected, "\(what) at \(instant): \(records)")
                    if found { held += 1 }
                }
                func live(_ matches: (PatientChoice.Kind) -> Bool) -> Bool { records.live(at: instant, matches) }
                func alike<State: Equatable>(_ found: State, _ expected: State, _ what: Comment) {
                    #expect(found == expected, "\(what) at \(instant): \(records)")
                }
                for chosen in [home, nil] {
                    let relation = moment.relation(of: nurse, in: chosen, exercising: [home, away].contains)
                    alike(
                        relation, records.relation(of: nurse, in: chosen, others: [home, away], at: instant), "relation"
                    )
                    relations.insert(relation)
                    for (type, category) in [("T", "document"), (nil, "document"), ("V", "agenda")] {
                        let consent = moment.outsideConsent(
                            for: nurse, in: chosen, patient: patient, type: type, category: category)
                        let words = Set([type, category].compactMap(\.self))
                        alike(
                            consent, records.outsideConsent(for: nurse, in: chosen, covering: words, at: instant),
                            "consent outside the team")
                        consents.insert(consent)
                    }
                }
                for category in ["document", "liaison_note"] {
                    let mandate = moment.mandate(of: carer, for: category)
                    alike(mandate, records.mandate(of: carer, for: category, at: instant), "mandate")
                    mandates.insert(mandate)
                }
                same(moment.opposed, live { $0 == .oppositionToSharing }, "opposition")
                same(moment.opposedInEmergency, live { $0 == .oppositionInEmergency }, "emergency")
                same(moment.opposedToRegulation, live { $0 == .oppositionToRegulation }, "regulation")
                same(
                    moment.blocked(nurse, in: home),
                    live { [.block(.professional(nurse)), .block(.structure(home))].contains($0) }, "block")
                same(
                    moment.masked(document: "D", type: "T", category: "document"),
                    live { [.mask(.document("D")), .mask(.type("T")), .mask(.category("document"))].contains($0) },
                    "mask")
                same(moment.minorSecret(document: "D"), live { $0 == .minorSecret(document: "D") }, "secret")
                same(moment.administers(nurse), live { $0 == .administrator(nurse) }, "administrator")
                same(moment.informed(of: []), live { $0 == .teamInformation(recipients: []) }, "information")
                same(
                    moment.agreed(to: ["cabinet"]), live { $0 == .teamConsent(recipients: ["cabinet"]) }, "agreement")
                same(
                    moment.occupationalConsent(for: nurse), live { $0 == .occupationalConsent(nurse, informed: true) },
                    "occupational")
                let doctor = records.memberships.contains {
                    $0.role == Membership.treatingPhysician && $0.member == .professional(nurse)
                        && $0.legalBasis != .circle
                        && $0.period.contains(instant)
                }
                same(moment.treatingPhysicians.contains(nurse), doctor, "médecin traitant")
            }
        }
        // The draws are worth something only if facts hold in them.
        #expect(held > 400)
        #expect(relations == Set(TeamRelation.allCases))
        #expect(consents == Set(OutsideConsentState.allCases))
        #expect(mandates == Set(MandateState.allCases))
    }
}

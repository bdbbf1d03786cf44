// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import Testing

private let patient = PatientIdentifier("PAT-1")
private let nurse = ProfessionalIdentifier("899700100022")
private let home = StructureIdentifier("STR-HOME")
private let other = StructureIdentifier("STR-OTHER")
private let carer = RelatedPersonIdentifier("REL-1")

@Suite("Consent facts · every period is half-open, [from, to)")
struct PeriodTests {
    private static let start = Instant(seconds: 1000)
    private static let end = Instant(seconds: 2000)
    /// Just before, at, and just after each boundary.
    private static let instants: [(Instant, Bool)] = [
        (Instant(milliseconds: 999_999), false), (start, true), (Instant(milliseconds: 1_000_001), true),
        (Instant(milliseconds: 1_999_999), true), (end, false), (Instant(milliseconds: 2_000_001), false),
    ]

    @Test("each kind of choice holds exactly within its period") func choices() throws {
        let patient = try #require(patient)
        let nurse = try #require(nurse)
        let home = try #require(home)
        let carer = try #require(carer)
        let consent = OutsideConsent(grantee: .professional(nurse), documentTypes: ["*"], informed: true)
        let questions: [(PatientChoice.Kind, (ConsentMoment) -> Bool)] = [
            (.teamInformation(recipients: []), { $0.informed(of: []) }),
            (.teamConsent(recipients: []), { $0.agreed(to: []) }),
            (.oppositionToSharing, { $0.opposed }),
            (.oppositionInEmergency, { $0.opposedInEmergency }),
            (.oppositionToRegulation, { $0.opposedToRegulation }),
            (.block(.professional(nurse)), { $0.blocked(nurse, in: nil) }),
            (.block(.structure(home)), { $0.blocked(nurse, in: home) }),
            (.mask(.document("D")), { $0.masked(document: "D", type: nil, category: "document") }),
            (.mask(.type("T")), { $0.masked(document: "X", type: "T", category: "document") }),
            (.mask(.types(["T", "U"])), { $0.masked(document: "X", type: "U", category: "document") }),
            (.mask(.category("agenda")), { $0.masked(document: "X", type: nil, category: "agenda") }),
            (.minorSecret(document: "D"), { $0.minorSecret(document: "D") }),
            (.administrator(nurse), { $0.administers(nurse) }),
            (.carerMandate(carer, categories: ["agenda"]), { $0.mandate(of: carer, for: "agenda") == .covers }),
            (.occupationalConsent(nurse, informed: true), { $0.occupationalConsent(for: nurse) }),
            (
                .consentOutsideTeam(consent),
                { $0.outsideConsent(for: nurse, in: nil, patient: patient, type: "T", category: "document") == .valid }
            ),
        ]
        for (kind, holds) in questions {
            let choice = PatientChoice(
                id: "c", patient: patient, kind: kind, period: Period(start: Self.start, end: Self.end),
                recordedAt: Self.start)
            let facts = ConsentFacts(memberships: [], choices: [choice])
            for (instant, expected) in Self.instants {
                #expect(holds(facts.holding(at: instant)) == expected, "\(kind) at \(instant.milliseconds)")
            }
        }
    }

    @Test("a membership is own within its period, past from its end, nothing before its start") func memberships()
        throws
    {
        let nurse = try #require(nurse)
        let membership = Membership(
            id: "m", patient: try #require(patient), member: .professional(nurse),
            period: Period(start: Self.start, end: Self.end), legalBasis: .recognised)
        let facts = ConsentFacts(memberships: [membership], choices: [])
        for (instant, holds) in Self.instants {
            let expected: TeamRelation = holds ? .own : instant < Self.start ? .none : .past
            #expect(facts.holding(at: instant).relation(of: nurse, in: nil) { _ in false } == expected)
        }
    }

    @Test("only the last version of a choice counts, in whatever order they come") func versions() throws {
        let patient = try #require(patient)
        var first = PatientChoice(
            id: "c", patient: patient, kind: .oppositionToSharing, period: Period(start: Self.start),
            recordedAt: Self.start)
        first.version = 1
        var second = first
        second.version = 2
        second.period.end = Self.end
        for choices in [[first, second], [second, first]] {
            let facts = ConsentFacts(memberships: [], choices: choices)
            #expect(facts.holding(at: Instant(seconds: 1500)).opposed)
            #expect(!facts.holding(at: Self.end).opposed)
        }
    }
}

@Suite("Care team · CSP L.1110-12")
struct RelationTests {
    private let now = Instant(seconds: 5000)

    private func relation(
        _ memberships: [Membership], teamCapable: Set<StructureIdentifier> = [], in place: StructureIdentifier?,
        others: [StructureIdentifier] = []
    ) throws -> TeamRelation {
        ConsentFacts(memberships: memberships, choices: [], teamCapable: teamCapable).holding(at: now)
            .relation(of: try #require(nurse), in: place, exercising: others.contains)
    }

    private func membership(_ party: Party, _ basis: Membership.LegalBasis, ended: Bool = false) throws -> Membership {
        Membership(
            id: "m", patient: try #require(patient), member: party,
            period: Period(start: Instant(seconds: 1), end: ended ? Instant(seconds: 2) : nil), legalBasis: basis)
    }

    @Test("a structure on basis 1° counts only if it is team-capable") func teamCapable() throws {
        let home = try #require(home)
        let listed = try membership(.structure(home), .establishment)
        #expect(try relation([listed], in: home) == .none)
        #expect(try relation([listed], teamCapable: [home], in: home) == .structure)
        #expect(try relation([try membership(.structure(home), .recognised)], in: home) == .structure)
    }

    @Test("the closest link is the one that counts") func closest() throws {
        let home = try #require(home)
        let other = try #require(other)
        let own = try membership(.professional(try #require(nurse)), .recognised)
        let there = try membership(.structure(other), .organised)
        #expect(try relation([there], in: home, others: [home, other]) == .otherStructure)
        #expect(try relation([there, own], in: home, others: [home, other]) == .own)
        #expect(try relation([there], in: nil, others: [other]) == .otherStructure)
        #expect(
            try relation([try membership(.structure(other), .organised, ended: true)], in: home, others: [other])
                == .none)
    }

    @Test("a relative in the circle is nobody's colleague") func circle() throws {
        let carer = try #require(carer)
        #expect(try relation([try membership(.relatedPerson(carer), .circle)], in: home) == .none)
    }

    @Test("who exercises is no member by being close, nor its treating physician, even where the place forms a team")
    func close() throws {
        let home = try #require(home)
        let nurse = try #require(nurse)
        for party in [Party.professional(nurse), .structure(home)] {
            #expect(try relation([try membership(party, .circle)], teamCapable: [home], in: home) == .none)
            let former = try membership(party, .circle, ended: true)
            #expect(try relation([former], teamCapable: [home], in: home) == .none)
        }
        var physician = try membership(.professional(nurse), .circle)
        physician.role = Membership.treatingPhysician
        let moment = ConsentFacts(memberships: [physician], choices: []).holding(at: now)
        #expect(moment.treatingPhysicians.isEmpty)
    }
}

@Suite("Consent outside the team · CSP L.1110-4 III al. 2, D.1110-3-1")
struct OutsideConsentTests {
    private func state(
        types: Set<String> = ["T"], informed: Bool = true, recordedBy: String? = nil, ended: Bool = false,
        members: [Membership] = [], grantee: Party? = nil, type: String? = "T"
    ) throws -> OutsideConsentState {
        let nurse = try #require(nurse)
        let patient = try #require(patient)
        let choice = PatientChoice(
            id: "c", patient: patient,
            kind: .consentOutsideTeam(
                OutsideConsent(grantee: grantee ?? .professional(nurse), documentTypes: types, informed: informed)),
            period: Period(start: Instant(seconds: 1), end: ended ? Instant(seconds: 2) : nil),
            recordedAt: Instant(seconds: 1), recordedBy: recordedBy)
        return ConsentFacts(memberships: members, choices: [choice]).holding(at: Instant(seconds: 10))
            .outsideConsent(for: nurse, in: home, patient: patient, type: type, category: "document")
    }

    @Test("informed, recorded by who may, and covering the type or the category") func valid() throws {
        #expect(try state() == .valid)
        #expect(try state(types: ["*"], type: nil) == .valid)
        #expect(try state(types: ["document"]) == .valid)
        #expect(try state(recordedBy: "899700100022") == .valid)
        #expect(try state(recordedBy: "PAT-1") == .valid)
        #expect(try state(grantee: .structure(try #require(home))) == .valid)
    }

    @Test("void without information, or recorded by someone outside the team") func invalid() throws {
        #expect(try state(informed: false) == .invalid)
        #expect(try state(recordedBy: "899700100033") == .invalid)
        let member = Membership(
            id: "m", patient: try #require(patient),
            member: .professional(try #require(ProfessionalIdentifier("899700100033"))),
            period: Period(start: Instant(seconds: 1)), legalBasis: .recognised)
        #expect(try state(recordedBy: "899700100033", members: [member]) == .valid)
    }

    @Test("another type is out of scope, an ended consent withdrawn, another's consent nothing") func others() throws {
        #expect(try state(type: "U") == .outOfScope)
        #expect(try state(type: nil) == .outOfScope)
        #expect(try state(ended: true) == .withdrawn)
        #expect(try state(grantee: .structure(try #require(other))) == .none)
    }
}

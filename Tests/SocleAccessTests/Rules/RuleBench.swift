// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import Testing

/// The records and the question of one decision, with nothing wrong: a nurse of the team, signed in with Pro Santé
/// Connect in her practice, reads a document that the matrix opens, and the patient was informed. A test changes what
/// its rule is about and looks at what is answered.
struct RuleBench {
    static let now = Instant(seconds: 1_793_610_000)
    static let nurse = ProfessionalIdentifier("899700100022")
    static let practice = StructureIdentifier("STR-PRACTICE")
    static let hospital = StructureIdentifier("STR-HOSPITAL")
    static let patientID = PatientIdentifier("PAT-1")

    /// The shipped policies on a matrix of three cells; each parameter has a service that overrides it.
    static let program: Result<PolicyProgram, any Error> = Result {
        var text = try Shipped.policies()
        text.files["matrix.csv"] = """
            profession_code,profession_system_oid,type_code,access,status
            60,1.2.250.1.71.1.2.7,T-OPEN,allow,attested
            60,1.2.250.1.71.1.2.7,T-SHUT,deny,attested
            10,1.2.250.1.71.1.2.7,T-OPEN,allow,attested
            """
        text.files["parameters.csv", default: ""] += """
            blocks-yield,block_stops_emergency,false,
            masks-yield,emergency_reveals_masked,true,
            short-glass,break_glass_duration,PT30M,
            consent-first,circle,consent,
            declared-staff,structure_members,declared,
            fixed-team,members_change_team,false,
            reviewed,approvers_simulate,true,
            signed-in-only,system_deposits,false,
            closing-files,team_reads_deceased,true,

            """
        return try PolicyProgram(number: 1, text: text)
    }

    let program: PolicyProgram
    var now = RuleBench.now
    var registration: ApplicationRegistration
    var link: AccountLink?
    var professional: Professional?
    var patient: Patient?
    var memberships: [Membership] = []
    var choices: [PatientChoice] = []
    var merged: [MergedRecord] = []
    var teamCapable: Set<StructureIdentifier> = []
    var question: AccessQuestion

    init() throws {
        program = try RuleBench.program.get()
        let nurse = try #require(RuleBench.nurse)
        let practice = try #require(RuleBench.practice)
        let hospital = try #require(RuleBench.hospital)
        let patientID = try #require(RuleBench.patientID)
        registration = ApplicationRegistration(
            clientID: "app", service: "any",
            purposes: ["TREAT", "BTG", "REG15", "OCCUP", "PATRQT", "ADMIN", "STAT"],
            actions: ["read", "search", "create", "update", "delete", "export", "publish_dmp", "publish", "simulate"],
            resourceTypes: [
                "document", "document_list", "liaison_note", "agenda", "team_membership", "policy", "audit_technical",
                "journey_data",
            ],
            heldTypes: ["document", "document_list", "liaison_note", "agenda", "policy"],
            assertedSubjects: Set(SubjectKind.allCases), namesByRPPS: true, structure: practice)
        professional = Professional(
            id: nurse, name: "Paul Nadir", profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
            activities: [
                Activity(structure: practice, kind: "cabinet", sector: "SA08", mode: "L"),
                Activity(structure: hospital, kind: "hopital", sector: "SA01", mode: "S"),
            ])
        patient = Patient(id: patientID, insStatus: .qualified)
        question = AccessQuestion(
            subject: .init(
                type: "professional", id: "rpps:\(nurse.value)", situation: practice.value, method: "psc",
                acr: "eidas1"),
            action: "read",
            resource: .init(type: "document", id: "DOC-1", patient: patientID.value, typeCode: "T-OPEN"),
            context: .init(purpose: "TREAT"))
        memberships = [try stay(.professional(nurse))]
        choices = [try choice(.teamInformation(recipients: []))]
    }

    /// A membership that holds now, unless a period is given.
    func stay(
        _ member: Party, from: Instant = now - .days(10), to: Instant? = nil,
        _ basis: Membership.LegalBasis = .recognised, id: String? = nil
    ) throws -> Membership {
        Membership(
            id: id ?? "m\(memberships.count)", patient: try #require(Self.patientID), member: member,
            period: Period(start: from, end: to), legalBasis: basis)
    }

    /// A choice that holds now, unless a period is given.
    func choice(
        _ kind: PatientChoice.Kind, from: Instant = now - .days(10), to: Instant? = nil, recordedBy: String? = nil
    ) throws -> PatientChoice {
        PatientChoice(
            id: "c\(choices.count)", patient: try #require(Self.patientID), kind: kind,
            period: Period(start: from, end: to), recordedAt: from, recordedBy: recordedBy)
    }

    mutating func choose(
        _ kind: PatientChoice.Kind, from: Instant = now - .days(10), to: Instant? = nil, recordedBy: String? = nil
    ) throws {
        choices.append(try choice(kind, from: from, to: to, recordedBy: recordedBy))
    }

    /// Another kind of subject, asserted by the application, its account linked as that person.
    mutating func become(_ kind: SubjectKind, _ person: AccountLink.Person?) {
        question.subject.type = kind.rawValue
        question.subject.id = "sub-1"
        question.subject.situation = nil
        professional = nil
        link = person.map { AccountLink(subject: "sub-1", person: $0) }
    }

    /// A patient in no state to speak, a danger, a reason given.
    mutating func emergency() {
        question.context = .init(
            purpose: "BTG", justification: "inconsciente à l'arrivée", immediateRisk: true,
            patientCapacity: "unable_to_express")
        memberships = []
        choices = []
    }

    var answer: Answer {
        DecisionPoint.decide(
            question, Caller(client: "app", voice: .application),
            asker: GatheredAsker(
                AskerFile(
                    registration: registration, link: link, professional: professional, policyNumber: 1, stamp: .init())
            ),
            patient: question.patient == nil
                ? nil
                : GatheredPatient(
                    PatientFile(
                        patient: patient, memberships: memberships, choices: choices, teamCapable: teamCapable,
                        merged: merged)), program: program, at: now)
    }

    var decision: Decision { answer.decision }

    /// `permit care_team R-TEAM-1`.
    var outcome: String { "\(decision.outcome) \(decision.reason) \(decision.rule)" }
}

/// One row of a rule's table: what is changed, and the answer.
struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var expected: String
    var change: @Sendable (inout RuleBench) throws -> Void

    init(_ name: String, _ expected: String, _ change: @escaping @Sendable (inout RuleBench) throws -> Void) {
        self.name = name
        self.expected = expected
        self.change = change
    }

    var testDescription: String { name }

    func check(_ prepare: (inout RuleBench) throws -> Void = { _ in }) throws {
        var bench = try RuleBench()
        try prepare(&bench)
        try change(&bench)
        #expect(bench.outcome == expected, "\(name)")
    }
}

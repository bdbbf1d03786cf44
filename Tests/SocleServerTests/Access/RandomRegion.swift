// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

/// The same numbers for the same seed, on every machine (SplitMix64).
struct Seeded {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
    }
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

extension Seeded {
    private static let purposes = ["TREAT", "TREAT", "TREAT", "BTG", "HRESCH"].map { "\(RulePurpose.actReason)|\($0)" }

    /// A rule of a directive, drawn from few values so that it often meets a question: permits and refusals, named
    /// and unnamed, of any date, purpose and data, with exceptions of the same.
    mutating func rule(now: Instant, naming parties: [Party], depth: Int = 0) -> ConsentRule {
        var actors: Set<RuleActor> = []
        if chance(80) {
            for _ in 0...below(2) {
                actors.insert(
                    pick([
                        .party(pick(parties)), .party(pick(parties)), .party(pick(parties)), .careTeam,
                        .breakGlassUsers, .unknown("Group/1"),
                    ]))
            }
        }
        var exceptions: [ConsentRule] = []
        if depth < 2 {
            for _ in 0..<below(3 - depth) where chance(60) {
                exceptions.append(rule(now: now, naming: parties, depth: depth + 1))
            }
        }
        let effect: ConsentRule.Effect = chance(depth == 0 ? 80 : 55) ? .permit : .deny
        return ConsentRule(
            depth == 0 && chance(10) ? nil : effect, period: chance(20) ? span(around: now) : Span(),
            purposes: chance(60) ? [pick(Seeded.purposes)] : [], actors: actors,
            actions: chance(15) ? [pick(RuleAction.allCases)] : [], data: condition(now), exceptions: exceptions)
    }

    private mutating func span(around now: Instant) -> Span {
        let ends = [nil, now + .seconds(-86_400), now, now + .milliseconds(1), now + .seconds(86_400)]
        return Span(start: pick([nil, now + .seconds(-172_800), now]), end: pick(ends))
    }

    private mutating func condition(_ now: Instant) -> DataCondition {
        guard chance(25) else { return DataCondition() }
        let labels = [
            "urn:oid:1.2.250.1.213.1.1.4.13|MASQUE_PS", "http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY",
        ]
        let classes = ["patient", "document"].map { "urn:socle:resource-category|\($0)" }
        return DataCondition(
            labels: chance(30) ? [pick(labels)] : [], classes: chance(40) ? [pick(classes)] : [],
            codes: chance(25) ? ["http://loinc.org|\(pick(RandomRegion.types))"] : [],
            period: chance(10) ? span(around: now) : Span(),
            references: chance(20) ? [.init(.instance, type: "DocumentReference", id: "D\(below(3))")] : [])
    }
}

/// A small region made of chance: few people, many links between them of every kind and of every date.
struct RandomRegion {
    let structures: [StructureIdentifier]
    let professionals: [Professional]
    let patients: [PatientIdentifier]
    /// `sub` of the accounts of patients and of people close to them.
    let patientAccounts: [String]
    let carerAccounts: [String]
    let changes: [any RecordChange]

    /// Whose record another answers for, once all the changes are made.
    let absorbed: Set<PatientIdentifier>

    static let types = ["15507-7", "11490-0", "11502-2"]
    static let matrix = """
        profession_code,profession_system_oid,type_code,access,status
        60,1.2.250.1.71.1.2.7,15507-7,allow,attested
        60,1.2.250.1.71.1.2.7,11490-0,deny,attested
        10,1.2.250.1.71.1.2.7,15507-7,allow,attested
        10,1.2.250.1.71.1.2.7,11490-0,allow,attested
        """

    init(seed: UInt64, now: Instant) throws {
        var random = Seeded(seed)
        let structures = try (0..<4).map { try #require(StructureIdentifier("STR-\($0)")) }
        let patients = try (0..<8).map { try #require(PatientIdentifier("PAT-\($0)")) }
        let carers = try (0..<3).map { try #require(RelatedPersonIdentifier("REL-\($0)")) }
        var changes: [any RecordChange] = []
        for structure in structures {
            changes.append(
                PersonChange.structure(
                    Structure(id: structure, name: structure.value, type: "cabinet", teamCapable: random.chance(60))))
        }
        var professionals: [Professional] = []
        for number in 0..<6 {
            let places = (0..<(1 + random.below(2))).map { _ in random.pick(structures) }
            let professional = Professional(
                id: try #require(ProfessionalIdentifier("8997001\(number)")), name: "P\(number)",
                profession: CodedConcept(code: random.pick(["60", "10"]), system: CodeSystem.healthProfessions),
                registryStatus: random.chance(10) ? .struckOff : .active,
                activities: places.map { Activity(structure: $0, kind: "cabinet", sector: "SA07", mode: "L") })
            professionals.append(professional)
            changes.append(PersonChange.professional(professional))
            if random.chance(60) {
                changes.append(
                    PersonChange.link(
                        AccountLink(subject: "sub-pro-\(number)", person: .professional(professional.id))))
            }
        }
        var patientAccounts: [String] = []
        let identities = Identities(&random, patients, now: now)
        // A minor is one where every record of theirs says so.
        var capacities = patients.map { _ in random.pick([Patient.Capacity.able, .able, .minor]) }
        for group in Identities.groups where random.chance(85) {
            let capacity = random.pick([Patient.Capacity.able, .minor])
            for number in group { capacities[number] = capacity }
        }
        for (number, patient) in patients.enumerated() {
            changes.append(
                PersonChange.patient(
                    Patient(
                        id: patient, insStatus: random.chance(80) ? .qualified : .provisional,
                        capacity: capacities[number], alive: random.chance(92))))
            if random.chance(70) {
                patientAccounts.append("sub-pat-\(number)")
                changes.append(
                    PersonChange.link(
                        AccountLink(
                            subject: "sub-pat-\(number)",
                            person: .patient(patient, match: random.pick([.exact, .exact, .partial])))))
            }
        }
        var carerAccounts: [String] = []
        for (number, carer) in carers.enumerated() {
            let relations = patients.compactMap { patient in
                random.chance(30)
                    ? AccountLink.Relation(patient: patient, code: "MTH", legalRepresentative: random.chance(60)) : nil
            }
            carerAccounts.append("sub-rel-\(number)")
            changes.append(
                PersonChange.link(
                    AccountLink(
                        subject: "sub-rel-\(number)",
                        person: .relatedPerson(carer, match: random.pick([.exact, .exact, .none]), of: relations))))
        }
        let day: Int64 = 86_400
        func period() -> Period {
            let start = now + .seconds(-day * Int64(5 + random.below(300)))
            return Period(
                start: start,
                end: random.pick([
                    nil, nil, now + .seconds(day * 3), now + .seconds(-day), now, now + .milliseconds(1),
                ]))
        }
        func party() -> Party {
            random.chance(50)
                ? .professional(random.pick(professionals).id) : .structure(random.pick(structures))
        }
        let parties =
            professionals.map { Party.professional($0.id) } + structures.map { Party.structure($0) }
            + [Party.relatedPerson(carers[0])]
        for (number, patient) in patients.enumerated() {
            changes += identities.before(number)
            let isSparse = identities.sparse.contains(number)
            // Few links, so that some people are strangers but for a directive; or many, so that they meet.
            let links =
                isSparse
                ? identities.links(ofSparse: number) : random.chance(50) ? random.below(2) : 2 + random.below(5)
            for stay in 0..<links {
                changes.append(
                    ConsentChange.join(
                        Membership(
                            id: "m\(stay)", patient: patient, member: party(), period: period(),
                            legalBasis: random.pick([.establishment, .recognised, .organised]))))
            }
            var kinds: [PatientChoice.Kind] =
                isSparse || random.chance(90) ? [.teamInformation(recipients: [])] : []
            for _ in 0..<(isSparse ? 0 : links) {
                kinds.append(
                    random.pick([
                        .consentOutsideTeam(
                            OutsideConsent(
                                grantee: party(), documentTypes: random.pick([["*"], ["15507-7"], ["patient"]]),
                                informed: random.chance(80))),
                        .consentOutsideTeam(
                            OutsideConsent(grantee: party(), documentTypes: ["*"], informed: true)),
                        .occupationalConsent(random.pick(professionals).id, informed: random.chance(80)),
                        .administrator(random.pick(professionals).id),
                        .carerMandate(
                            random.pick(carers), categories: random.pick([["patient"], ["document"], ["liaison_note"]])
                        ),
                        .block(party()), .mask(.type(random.pick(RandomRegion.types))),
                        .mask(.category("patient")), .minorSecret(document: "D1"),
                    ]))
            }
            if !isSparse, random.chance(10) { kinds.append(.oppositionToSharing) }
            for _ in 0..<(isSparse ? 0 : random.below(3)) {
                kinds.append(.directive(ConsentDirective(root: random.rule(now: now, naming: parties))))
            }
            for (index, kind) in kinds.enumerated() {
                changes.append(
                    ConsentChange.choose(
                        PatientChoice(
                            id: "c\(index)", patient: patient, kind: kind, period: period(),
                            recordedAt: now + .seconds(-day), recordedBy: number % 2 == 0 ? nil : patient.value)))
                // Corrected or withdrawn since: what it said before counts no more.
                guard case .directive = kind, random.chance(30) else { continue }
                let corrected = ConsentDirective(root: random.rule(now: now, naming: parties))
                changes.append(
                    ConsentChange.choose(
                        PatientChoice(
                            id: "c\(index)", version: 2, patient: patient, kind: .directive(corrected),
                            period: period(), recordedAt: now + .seconds(-day / 2))))
            }
        }
        changes += identities.before(patients.count)
        for (client, named) in [("point-acces-pro", true), ("sans-rpps", false)] {
            let types: Set = ["patient", "document", "liaison_note", "team_membership"]
            changes.append(
                AccessChange.register(
                    ApplicationRegistration(
                        clientID: client, service: client, purposes: ["TREAT", "OCCUP", "PATRQT", "BTG"],
                        actions: ["read", "search", "create", "update"], resourceTypes: types, heldTypes: types,
                        assertedSubjects: [.professional, .patient, .relatedPerson], namesByRPPS: named)))
        }
        self.structures = structures
        self.professionals = professionals
        self.patients = patients
        absorbed = identities.absorbed
        self.patientAccounts = patientAccounts
        self.carerAccounts = carerAccounts
        self.changes = changes
    }
}

/// Which records turn out to be one person's, or not to be after all, and when in the course of the writing: before the
/// links of one of them, between, or once all are written. PAT-1 takes PAT-4; PAT-2 takes PAT-5, which takes PAT-6, in
/// either order, and is often split from it again, with PAT-6.
private struct Identities {
    static let groups = [[1, 4], [2, 5, 6]]

    private var changes: [Int: [any RecordChange]] = [:]
    private(set) var absorbed: Set<PatientIdentifier>
    /// Records that say little, so that what links somebody to the person is in one of them alone.
    private(set) var sparse: Set<Int> = []

    init(_ random: inout Seeded, _ patients: [PatientIdentifier], now: Instant) {
        absorbed = [patients[4], patients[5], patients[6]]
        for group in Identities.groups where random.chance(60) { sparse.formUnion(group) }
        // Before the choices of the region were recorded, so that what a split shares is there.
        let merged = now + .seconds(-172_800)
        func merge(_ survivor: Int, _ absorbed: Int) -> IdentityChange {
            .merge(survivor: patients[survivor], absorbed: patients[absorbed], at: merged)
        }
        let end = patients.count
        func place(from first: Int) -> Int { random.pick([first, first + random.below(end + 1 - first)]) }
        changes[place(from: 0), default: []].append(merge(1, 4))
        let merges = random.chance(70) ? [merge(2, 5), merge(5, 6)] : [merge(5, 6), merge(2, 5)]
        var last = 0
        for merge in merges {
            last = place(from: last)
            changes[last, default: []].append(merge)
        }
        if random.chance(60) {
            let split = random.chance(60) ? end : place(from: last)
            changes[split, default: []].append(IdentityChange.split(absorbed: patients[5], at: now))
            absorbed.remove(patients[5])
        }
    }

    /// None of who answers, one of each of the others.
    func links(ofSparse number: Int) -> Int { Identities.groups.contains { $0.first == number } ? 0 : 1 }

    /// What becomes known before the links of that patient are written; of the one after the last, at the end.
    func before(_ number: Int) -> [any RecordChange] { changes[number] ?? [] }
}

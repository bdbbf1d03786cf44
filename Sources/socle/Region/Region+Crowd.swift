// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension Region {
    /// How many professionals and patients there are in all, cast included.
    static let professionalCount = 240
    static let patientCount = 500

    private static let givenNames = [
        "Camille", "Louise", "Gabriel", "Alice", "Adam", "Rose", "Arthur", "Jade", "Hugo", "Lina", "Jules", "Emma",
        "Malo", "Chloé", "Sacha", "Inès", "Noé", "Manon", "Yanis", "Léna", "Victor", "Sarah", "Amadou", "Mila",
        "Théo", "Fatou", "Simon", "Zoé", "Rayan", "Juliette",
    ]

    /// Birds: a family of names that nobody takes for a register.
    private static let familyNames = [
        "Mésange", "Roitelet", "Loriot", "Huppe", "Bergeronnette", "Verdier", "Chardonneret", "Sittelle", "Grèbe",
        "Héron", "Cormoran", "Courlis", "Vanneau", "Pluvier", "Sarcelle", "Alouette", "Rouge-Gorge", "Troglodyte",
        "Engoulevent", "Rossignol", "Hirondelle", "Tarin", "Bruant", "Sizerin",
    ]

    /// Professions of the crowd, how many in a hundred, where they exercise, with which speciality.
    private static let professions: [(CodedConcept, weight: Int, places: [String], specialities: [String])] = [
        (.physician, 25, ["CABINET", "MSP", "CDS", "ETAB_MCO", "SAMU", "EHPAD", "HAD"], ["SM54", "SM26", "SM04"]),
        (.nurse, 22, ["CABINET_GRP", "MSP", "SSIAD_PA", "HAD", "EHPAD", "ETAB_MCO", "DAC", "CDS"], []),
        (.careAssistant, 12, ["EHPAD", "SSIAD_PA", "ETAB_MCO"], []),
        (CodedConcept(code: "21", system: CodeSystem.healthProfessions), 8, ["OFFICINE", "ETAB_MCO", "LABM"], []),
        (CodedConcept(code: "70", system: CodeSystem.healthProfessions), 7, ["CABINET_GRP", "MSP", "EHPAD"], []),
        (CodedConcept(code: "50", system: CodeSystem.healthProfessions), 4, ["CABINET_GRP", "ETAB_MCO"], []),
        (CodedConcept(code: "40", system: CodeSystem.healthProfessions), 4, ["CABINET_GRP", "CDS"], []),
        (CodedConcept(code: "91", system: CodeSystem.healthProfessions), 3, ["CABINET", "MSP"], []),
        (CodedConcept(code: "94", system: CodeSystem.healthProfessions), 3, ["SSIAD_PA", "ETAB_MCO", "DAC"], []),
        (CodedConcept(code: "95", system: CodeSystem.healthProfessions), 2, ["MSP", "ETAB_MCO", "CPTS"], []),
        (CodedConcept(code: "80", system: CodeSystem.healthProfessions), 2, ["CABINET", "MSP"], []),
        (.psychologist, 3, ["CABINET", "EHPAD", "DAC"], []),
        (.socialWorker, 3, ["DAC", "CPTS", "ETAB_MCO"], []),
        (CodedConcept(code: "53", system: CodeSystem.socialProfessions), 2, ["EHPAD", "SSIAD_PA"], []),
    ]

    mutating func addCrowdOfProfessionals(_ random: inout SplitMix64) throws(CommandFailure) {
        var places: [String: [StructureIdentifier]] = [:]
        for structure in structures { places[structure.type, default: []].append(structure.id) }
        // The first of each profession are certain, so that none is missing from a small region.
        let certain = Self.professions.indices.flatMap { [$0, $0] }
        let weighted = Self.professions.indices.flatMap { Array(repeating: $0, count: Self.professions[$0].weight) }
        for number in 0..<(Self.professionalCount - professionals.count) {
            let choice = Self.professions[number < certain.count ? certain[number] : random.pick(weighted)]
            let candidates = choice.places.flatMap { places[$0] ?? [] }
            // One in six has two places of exercise, one in forty three.
            let count = random.chance(3) ? 3 : random.chance(16) ? 2 : 1
            var activities: [Activity] = []
            for place in random.draw(count, from: candidates) { activities.append(try activity(in: place)) }
            let stem = "9970020" + Self.digits(number, 3)
            let rpps = (0...9).lazy.compactMap { RPPS(stem + String($0)) }.first
            guard let id = rpps?.professional else { throw CommandFailure("no number for professional \(number)") }
            let (given, family) = (random.pick(Self.givenNames), random.pick(Self.familyNames))
            professionals.append(
                Professional(
                    id: id, name: "\(given) \(family)", givenName: given, familyName: family,
                    profession: choice.0,
                    speciality: choice.specialities.isEmpty ? nil : random.pick(choice.specialities),
                    registryStatus: random.chance(2) ? .struckOff : .active, activities: activities))
        }
    }

    mutating func addCrowdOfPatients(_ random: inout SplitMix64) throws(CommandFailure) {
        try addPatients(1...(Self.patientCount - patients.count), &random)
    }

    /// More patients of the same make over the same places and people, for a region of any size. The same numbers make
    /// the same patients.
    func patients(numbered numbers: ClosedRange<Int>) throws(CommandFailure) -> Region {
        var random = SplitMix64(seed: UInt64(numbers.lowerBound))
        var more = self
        (more.patients, more.memberships, more.choices) = ([], [], [])
        try more.addPatients(numbers, &random)
        return more
    }

    private mutating func addPatients(
        _ numbers: ClosedRange<Int>, _ random: inout SplitMix64
    ) throws(CommandFailure) {
        let physicians = professionals.filter { $0.profession == .physician && $0.speciality == "SM54" }.map(\.id)
        let others = professionals.filter { $0.profession != .physician }.map(\.id)
        let establishments = structures.filter(\.teamCapable).map(\.id)
        let networks = structures.filter { $0.type == "DAC" || $0.type == "CPTS" }.map(\.id)
        for number in numbers {
            let id = try Self.patient("PAT-" + Self.digits(number, 4))
            let minor = random.chance(8)
            let year = minor ? 2012 + random.below(12) : 1930 + random.below(76)
            let born = "\(year)-\(Self.digits(1 + random.below(12), 2))-\(Self.digits(1 + random.below(28), 2))"
            let status = random.chance(70) ? INSStatus.qualified : random.pick(INSStatus.allCases)
            patients.append(
                Patient(
                    id: id, name: random.pick(Self.givenNames) + " " + random.pick(Self.familyNames),
                    ins: status == .provisional
                        ? nil : Self.ins(sex: 1 + random.below(2), born: born, order: number % 900),
                    insStatus: status, birthDate: CalendarDate(born),
                    capacity: minor ? .minor : random.chance(4) ? .unableToExpress : .able,
                    alive: !random.chance(2)))
            let team = try addTeam(
                of: id, physician: random.pick(physicians), others: random.draw(1 + random.below(3), from: others),
                establishment: random.chance(60) ? random.pick(establishments) : nil,
                network: random.chance(20) ? random.pick(networks) : nil, &random)
            try addChoices(of: id, number: number, team: team, others: others, minor: minor, &random)
        }
    }

    /// - Returns: the professionals who are or were in the team.
    private mutating func addTeam(
        of patient: PatientIdentifier, physician: ProfessionalIdentifier, others: [ProfessionalIdentifier],
        establishment: StructureIdentifier?, network: StructureIdentifier?, _ random: inout SplitMix64
    ) throws(CommandFailure) -> [ProfessionalIdentifier] {
        var stays = 0
        func stay(
            _ member: Party, from: Int64, to: Int64? = nil, role: String? = nil, _ basis: Membership.LegalBasis
        ) -> Membership {
            stays += 1
            return Membership(
                id: "M\(stays)", patient: patient, member: member,
                period: Period(start: Self.ago(from), end: to.map(Self.ago)), role: role, legalBasis: basis,
                addedBy: physician.value)
        }
        memberships.append(
            stay(.professional(physician), from: 400 + Int64(random.below(600)), role: "PCP", .recognised))
        for other in others {
            let from = 200 + Int64(random.below(200))
            switch random.below(10) {
            case 0...6: memberships.append(stay(.professional(other), from: from, .recognised))
            case 7, 8:
                memberships.append(stay(.professional(other), from: from, to: 1 + from / 4, .recognised))
            default:
                memberships.append(stay(.professional(other), from: from, to: from / 2, .recognised))
                memberships.append(stay(.professional(other), from: 1 + from / 4, .recognised))
            }
        }
        if let establishment {
            memberships.append(stay(.structure(establishment), from: 30 + Int64(random.below(300)), .establishment))
        }
        if let network {
            memberships.append(stay(.structure(network), from: 30 + Int64(random.below(300)), .organised))
        }
        if random.chance(10) {
            let carer = try Self.relatedPerson("REL-\(patient.value)")
            memberships.append(stay(.relatedPerson(carer), from: 100, .circle))
        }
        return [physician] + others
    }

    private mutating func addChoices(
        of patient: PatientIdentifier, number: Int, team: [ProfessionalIdentifier],
        others: [ProfessionalIdentifier], minor: Bool, _ random: inout SplitMix64
    ) throws(CommandFailure) {
        var kinds: [PatientChoice.Kind] = []
        if random.chance(92) { kinds.append(.teamInformation(recipients: [])) }
        let outsider = random.pick(others.filter { !team.contains($0) })
        let consent = OutsideConsent(
            grantee: .professional(outsider),
            documentTypes: random.chance(50) ? ["*"] : ["47420-5", "11488-4"], informed: !random.chance(10))
        // Each kind comes round by turns, so that every one is there whatever the seed.
        switch number % 24 {
        case 0: kinds.append(.oppositionToSharing)
        case 2: kinds.append(.oppositionInEmergency)
        case 4: kinds.append(.oppositionToRegulation)
        case 6: kinds.append(.block(.professional(random.pick(team))))
        case 8: kinds.append(.block(.structure(random.pick(structures).id)))
        case 10: kinds.append(.mask(.document("DOC-\(patient.value)-1")))
        case 12: kinds.append(.mask(.type("34112-3")))
        case 14: kinds.append(.mask(.category("liaison_note")))
        case 16: kinds.append(.administrator(random.pick(team)))
        case 18:
            kinds.append(.carerMandate(try Self.relatedPerson("REL-\(patient.value)"), categories: ["liaison_note"]))
        case 20: kinds.append(.consentOutsideTeam(consent))
        case 22: kinds.append(.occupationalConsent(outsider, informed: true))
        default: break
        }
        if minor, random.chance(30) { kinds.append(.minorSecret(document: "DOC-\(patient.value)-2")) }
        for (index, kind) in kinds.enumerated() {
            let from = Self.ago(20 + Int64(random.below(300)))
            // One in eight of those that can be withdrawn has been: its second version has ended.
            let choice = PatientChoice(
                id: "C\(index + 1)", patient: patient, kind: kind, period: Period(start: from), recordedAt: from,
                evidence: random.chance(50) ? "dematerialise" : "papier")
            choices.append(choice)
            if index > 0, random.chance(12) {
                var withdrawn = choice
                withdrawn.version = 2
                withdrawn.recordedAt = Self.ago(10)
                withdrawn.period.end = Self.ago(10)
                choices.append(withdrawn)
            }
        }
    }
}

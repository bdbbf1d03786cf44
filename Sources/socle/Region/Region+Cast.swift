// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension Region {
    /// The people of the demonstration's questions and accounts. Their identifiers begin with 8997001, which no
    /// register attributes.
    enum Cast {
        static let morel = "899700100011"
        static let nadir = "899700100022"
        static let lemaire = "899700100033"
        static let roche = "899700100066"
        static let perrin = "899700100077"
        static let caron = "899700100088"
        static let sarr = "899700100099"

        /// In a full team, with a masked document.
        static let jeanne = "PAT-JEANNE"
        /// Blocks one hospital doctor, consents to a psychologist outside the team.
        static let karim = "PAT-KARIM"
        /// Opposed to sharing within the team.
        static let nadia = "PAT-NADIA"
        /// A minor with a secret from his parents.
        static let leo = "PAT-LEO"
        /// Cannot express herself; no opposition: the case for breaking the glass.
        static let adele = "PAT-ADELE"
        /// Opposed beforehand to access in an emergency, and to the SAMU's.
        static let henri = "PAT-HENRI"

        static let maskedDocument = "DOC-JEANNE-2"
    }

    mutating func addCast() throws(CommandFailure) {
        let people:
            [(
                id: String, given: String, family: String, profession: CodedConcept, speciality: String?,
                places: [String]
            )] =
                [
                    (Cast.morel, "Anne", "Morel", .physician, "SM54", ["STR-CAB-MOREL"]),
                    (Cast.nadir, "Paul", "Nadir", .nurse, nil, ["STR-CAB-IDEL"]),
                    (Cast.lemaire, "Sofia", "Lemaire", .physician, "SM26", ["STR-CH-VDM"]),
                    (Cast.roche, "Lina", "Roche", .psychologist, nil, ["STR-CAB-ROCHE"]),
                    (Cast.perrin, "Hugo", "Perrin", .physician, "SM54", ["STR-SAMU"]),
                    (Cast.caron, "Inès", "Caron", .socialWorker, nil, ["STR-DAC-NORD"]),
                    (Cast.sarr, "Awa", "Sarr", .careAssistant, nil, ["STR-EHPAD-LILAS", "STR-EHPAD-ROSES"]),
                ]
        for person in people {
            var activities: [Activity] = []
            for place in person.places { activities.append(try activity(in: Self.structure(place))) }
            professionals.append(
                Professional(
                    id: try Self.professional(person.id), name: "\(person.given) \(person.family)",
                    givenName: person.given, familyName: person.family, profession: person.profession,
                    speciality: person.speciality, activities: activities))
        }
        try addCastPatients()
        try addCastTeams()
        try addCastChoices()
    }

    private mutating func addCastPatients() throws(CommandFailure) {
        let people: [(id: String, name: String, born: String, status: INSStatus, capacity: Patient.Capacity)] = [
            (Cast.jeanne, "Jeanne Tourterelle", "1948-03-15", .qualified, .able),
            (Cast.karim, "Karim Bouvreuil", "1981-07-02", .qualified, .able),
            (Cast.nadia, "Nadia Fauvette", "1969-11-23", .qualified, .able),
            (Cast.leo, "Léo Pinson", "2016-05-09", .validated, .minor),
            (Cast.adele, "Adèle Grive", "1955-01-30", .qualified, .unableToExpress),
            (Cast.henri, "Henri Martinet", "1940-09-12", .retrieved, .able),
        ]
        for (index, person) in people.enumerated() {
            patients.append(
                Patient(
                    id: try Self.patient(person.id), name: person.name,
                    ins: Self.ins(sex: index % 2 == 0 ? 2 : 1, born: person.born, order: 900 + index),
                    insStatus: person.status, birthDate: CalendarDate(person.born), capacity: person.capacity))
        }
    }

    private mutating func addCastTeams() throws(CommandFailure) {
        func add(
            _ patient: String, _ member: Party, from: Int64, to: Int64? = nil, role: String? = nil,
            _ basis: Membership.LegalBasis
        ) throws(CommandFailure) -> Membership {
            Membership(
                id: "M\(from)-\(patient)", patient: try Self.patient(patient), member: member,
                period: Period(start: Self.ago(from), end: to.map(Self.ago)), role: role, legalBasis: basis,
                addedBy: Cast.morel)
        }
        let morel = Party.professional(try Self.professional(Cast.morel))
        let nadir = Party.professional(try Self.professional(Cast.nadir))
        memberships += [
            try add(Cast.jeanne, morel, from: 600, role: "PCP", .recognised),
            // Left, and came back: two stays.
            try add(Cast.jeanne, nadir, from: 590, to: 300, .recognised),
            try add(Cast.jeanne, nadir, from: 120, .recognised),
            try add(Cast.jeanne, .structure(try Self.structure("STR-EHPAD-LILAS")), from: 200, .establishment),
            try add(Cast.karim, morel, from: 500, role: "PCP", .recognised),
            // Ended for good: the nurse is a past member.
            try add(Cast.karim, nadir, from: 400, to: 250, .recognised),
            try add(Cast.karim, .structure(try Self.structure("STR-CH-VDM")), from: 260, .establishment),
            try add(Cast.nadia, morel, from: 450, role: "PCP", .recognised),
            try add(Cast.nadia, nadir, from: 440, .recognised),
            try add(Cast.leo, morel, from: 700, role: "PCP", .recognised),
            try add(Cast.leo, .relatedPerson(try Self.relatedPerson("REL-LEO-MERE")), from: 699, .circle),
            try add(Cast.adele, .structure(try Self.structure("STR-DAC-NORD")), from: 180, .organised),
            try add(Cast.henri, morel, from: 800, role: "PCP", .recognised),
        ]
    }

    private mutating func addCastChoices() throws(CommandFailure) {
        func choice(_ patient: String, _ kind: PatientChoice.Kind, _ days: Int64) throws(CommandFailure)
            -> PatientChoice
        {
            PatientChoice(
                id: "C\(days)-\(patient)", patient: try Self.patient(patient), kind: kind,
                period: Period(start: Self.ago(days)), recordedAt: Self.ago(days), evidence: "dematerialise")
        }
        for (index, patient) in [Cast.jeanne, Cast.karim, Cast.nadia, Cast.leo, Cast.adele, Cast.henri].enumerated() {
            choices.append(try choice(patient, .teamInformation(recipients: []), 580 + Int64(index)))
        }
        let morel = try Self.professional(Cast.morel)
        let roche = try Self.professional(Cast.roche)
        choices += [
            try choice(Cast.jeanne, .mask(.document(Cast.maskedDocument)), 90),
            try choice(Cast.jeanne, .administrator(morel), 91),
            try choice(
                Cast.jeanne,
                .carerMandate(try Self.relatedPerson("REL-JEANNE-FILLE"), categories: ["liaison_note", "agenda"]), 92),
            try choice(Cast.karim, .block(.professional(try Self.professional(Cast.lemaire))), 80),
            try choice(
                Cast.karim,
                .consentOutsideTeam(
                    OutsideConsent(grantee: .professional(roche), documentTypes: ["47420-5"], informed: true)), 81),
            try choice(Cast.nadia, .oppositionToSharing, 70),
            try choice(Cast.leo, .minorSecret(document: "DOC-LEO-1"), 60),
            try choice(Cast.henri, .oppositionInEmergency, 50),
            try choice(Cast.henri, .oppositionToRegulation, 51),
        ]
    }

    /// A number of the right shape for nobody: country of birth 99 999 exists in no table.
    static func ins(sex: Int, born: String, order: Int) -> INS? {
        let number = "\(sex)\(born.dropFirst(2).prefix(2))\(born.dropFirst(5).prefix(2))99999\(digits(order, 3))"
        return INS.key(of: number).flatMap { INS(number + $0) }
    }
}

extension CodedConcept {
    static let physician = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
    static let nurse = CodedConcept(code: "60", system: CodeSystem.healthProfessions)
    static let careAssistant = CodedConcept(code: "35", system: CodeSystem.healthProfessions)
    static let psychologist = CodedConcept(code: "93", system: CodeSystem.titles)
    static let socialWorker = CodedConcept(code: "41", system: CodeSystem.socialProfessions)
}

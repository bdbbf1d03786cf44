// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import Testing

@testable import socle

@Suite("Synthetic region · a demonstration of a whole region")
struct RegionTests {
    let region: Region
    let nomenclatures: Nomenclatures

    init() throws {
        region = try Region()
        nomenclatures = try Nomenclatures()
    }

    @Test("the same seed makes the same region, another seed another") func deterministic() throws {
        #expect(try Region() == region)
        #expect(try Region(seed: 1) != region)
    }

    @Test("the generator's sequence is the published one") func splitMix() {
        // First outputs for seed 1234567, as printed by the reference C program.
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test("it is as large as promised") func size() {
        #expect(region.professionals.count == 240)
        #expect(region.structures.count == 40)
        #expect(region.patients.count == 500)
        #expect(Set(region.professionals.map(\.profession)).count >= 12)
        #expect(Set(region.structures.map(\.type)).count >= 10)
        #expect(region.memberships.count > 1000)
    }

    @Test("every identifier is used once") func identifiers() {
        #expect(Set(region.professionals.map(\.id)).count == region.professionals.count)
        #expect(Set(region.structures.map(\.id)).count == region.structures.count)
        #expect(Set(region.patients.map(\.id)).count == region.patients.count)
        #expect(Set(region.memberships.map { [$0.patient.value, $0.id] }).count == region.memberships.count)
        let versions = region.choices.map { [$0.patient.value, $0.id, String($0.version)] }
        #expect(Set(versions).count == region.choices.count)
        let numbers = region.patients.compactMap(\.ins)
        #expect(Set(numbers).count == numbers.count)
    }

    @Test("every code resolves in the nomenclatures") func codes() {
        for person in region.professionals {
            #expect(nomenclatures.professions.contains(person.profession), "\(person.profession)")
            if let speciality = person.speciality {
                let concept = CodedConcept(code: speciality, system: Nomenclatures.System.speciality)
                #expect(nomenclatures.specialities.contains(concept), "\(speciality)")
            }
            for activity in person.activities {
                #expect(nomenclatures.sectors[activity.sector] != nil, "\(activity.sector)")
            }
        }
        for structure in region.structures {
            #expect(nomenclatures.structureTypes[structure.type] != nil, "\(structure.type)")
        }
    }

    @Test("every kind of choice and every legal basis is there") func everyKind() {
        #expect(Set(region.choices.map { name(of: $0.kind) }).count == 11)
        #expect(Set(region.memberships.map(\.legalBasis)) == Set(Membership.LegalBasis.allCases))
    }

    @Test("memberships are current, ended, and taken up again") func periods() {
        let current = region.memberships.filter { $0.period.end == nil }
        let ended = region.memberships.filter { $0.period.end != nil }
        let returned = ended.filter { stay in
            current.contains { $0.patient == stay.patient && $0.member == stay.member }
        }
        #expect(current.count > 500)
        #expect(ended.count - returned.count > 20)
        #expect(returned.count > 20)
    }

    @Test("nothing is dated after the region was made, and every period ends after it starts") func dates() {
        for period in region.memberships.map(\.period) + region.choices.map(\.period) {
            #expect(period.start < Region.made)
            if let end = period.end { #expect(period.start < end && end < Region.made) }
        }
    }

    @Test("what is named exists") func references() {
        let people = Set(region.professionals.map(\.id))
        let places = Set(region.structures.map(\.id))
        let patients = Set(region.patients.map(\.id))
        for person in region.professionals {
            #expect(!person.activities.isEmpty)
            for activity in person.activities { #expect(places.contains(activity.structure)) }
        }
        for structure in region.structures {
            if let parent = structure.parent { #expect(places.contains(parent)) }
        }
        for membership in region.memberships {
            #expect(patients.contains(membership.patient))
            switch membership.member {
            case .professional(let id): #expect(people.contains(id))
            case .structure(let id): #expect(places.contains(id))
            case .relatedPerson: break
            }
        }
        #expect(region.choices.allSatisfy { patients.contains($0.patient) })
    }

    @Test("nobody in it can exist: numbers begin with 8997, structures stand in department 99") func fictitious() {
        #expect(region.professionals.allSatisfy { $0.id.value.hasPrefix("8997") })
        #expect(region.structures.compactMap(\.finess).allSatisfy { $0.number.hasPrefix("99") })
        #expect(region.patients.compactMap(\.ins).allSatisfy { $0.number.dropFirst(5).hasPrefix("99999") })
    }

    private func name(of kind: PatientChoice.Kind) -> String {
        switch kind {
        case .teamInformation: "teamInformation"
        case .teamConsent: "teamConsent"
        case .oppositionToSharing: "oppositionToSharing"
        case .oppositionInEmergency: "oppositionInEmergency"
        case .oppositionToRegulation: "oppositionToRegulation"
        case .block: "block"
        case .mask: "mask"
        case .minorSecret: "minorSecret"
        case .administrator: "administrator"
        case .carerMandate: "carerMandate"
        case .consentOutsideTeam: "consentOutsideTeam"
        case .occupationalConsent: "occupationalConsent"
        case .directive: "directive"
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// The professional's record. Places of exercise are their roles', and stay as they are.
    func planPractitioner(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        guard let identifier = ProfessionalIdentifier(id) else {
            throw .unprocessable("the id is not an identifier", at: "Practitioner.id")
        }
        if let number = try rpps, number.professional != identifier {
            throw .unprocessable(
                "the id of a professional in the RPPS is `8` and the number", at: "Practitioner.identifier")
        }
        guard RPPS(id) == nil else {
            throw .unprocessable("the id of a professional in the RPPS is `8` and the number", at: "Practitioner.id")
        }
        guard let profession = profession(in: root.all("qualification").compactMap { $0["code"] }) else {
            throw .unprocessable(
                "one qualification bears a profession (TRE_G15, TRE_R94, TRE_R95 or TRE_R85)",
                at: "Practitioner.qualification", .required)
        }
        guard let name = root.all("name").preferred else {
            throw .unprocessable("a professional has a name", at: "Practitioner.name", .required)
        }
        let speciality = root.all("qualification").flatMap { $0["code"]?.codings ?? [] }
            .first { Vocabulary.specialities.contains($0.system) }?.code
        let professional = Professional(
            id: identifier, name: name.displayName, givenName: name.given, familyName: name.text("family"),
            profession: profession, speciality: speciality,
            registryStatus: root["active"]?.value.bool == false ? .struckOff : .active,
            activities: around.professionals[identifier]?.activities ?? [])
        around.professionals[identifier] = professional
        return RecordPlan(changes: [PersonChange.professional(professional)])
    }

    /// - Throws: 422 for an RPPS number whose check digit is wrong.
    var rpps: RPPS? {
        get throws(FHIRRefusal) {
            let systems = Vocabulary.rpps
            for element in root.all("identifier") where systems.contains(element.text("system") ?? "") {
                // The national form has the type digit before the number.
                guard let value = element.text("value"), value.utf8.count >= 11 else { continue }
                guard let number = RPPS(value.utf8.count == 12 ? String(value.dropFirst()) : value) else {
                    throw .unprocessable("this is not an RPPS number", at: "\(element.path).value", .value)
                }
                return number
            }
            return nil
        }
    }

    func profession(in concepts: [Element]) -> CodedConcept? {
        for coding in concepts.flatMap(\.codings) {
            if let system = Vocabulary.professions[coding.system] {
                return CodedConcept(code: coding.code, system: system)
            }
        }
        return nil
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// The professional's record. Places of exercise are their roles', and stay as they are; a strike-off is lifted by
    /// `active: true` alone.
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
        let qualifications = try qualifications(at: context.now)
        guard let profession = profession(in: qualifications) else {
            throw .unprocessable(
                "one qualification that has not ended bears a profession (TRE_G15, TRE_R94, TRE_R95 or TRE_R85)",
                at: "Practitioner.qualification", .required)
        }
        guard let name = root.all("name").preferred else {
            throw .unprocessable("a professional has a name", at: "Practitioner.name", .required)
        }
        let speciality = qualifications.flatMap(\.codings).first { Vocabulary.specialities.contains($0.system) }?.code
        let known = around.professionals[identifier]
        let status: Professional.RegistryStatus? = root["active"]?.value.bool.map { $0 ? .active : .struckOff }
        let professional = Professional(
            id: identifier, name: name.displayName, givenName: name.given, familyName: name.text("family"),
            profession: profession, speciality: speciality,
            registryStatus: status ?? known?.registryStatus ?? .active, activities: known?.activities ?? [])
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

    /// The codes of those that have not ended.
    /// - Throws: 422 for a profession or a speciality that begins or ends later: a record has no clock for it.
    private func qualifications(at now: Instant) throws(FHIRRefusal) -> [Element] {
        var concepts: [Element] = []
        for qualification in root.all("qualification") {
            guard let code = qualification["code"],
                code.codings.contains(where: { Vocabulary.isRecorded(codeOf: $0.system) })
            else { continue }
            let period = try qualification.knownSpan("period")
            for (name, instant) in [("start", period.start), ("end", period.end)] {
                guard let instant, instant > now else { continue }
                throw .unprocessable(
                    "a profession is written once it has begun, and its end once it has ended",
                    at: "\(qualification.path).period.\(name)", .notSupported)
            }
            if period.end == nil { concepts.append(code) }
        }
        return concepts
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

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity
package import SocleJSON

/// A stored version of a resource.
package struct StoredVersion: Hashable, Sendable {
    package var reference: Reference
    package var version: Int64
    package var lastUpdated: Instant
    package var content: JSONObject

    package init(reference: Reference, version: Int64, lastUpdated: Instant, content: JSONObject) {
        self.reference = reference
        self.version = version
        self.lastUpdated = lastUpdated
        self.content = content
    }
}

/// What is recorded around the resources being written, read in one snapshot.
package struct Surroundings: Sendable {
    /// What must be read before resources can be turned into records.
    package struct Needs: Hashable, Sendable {
        package var resources: Set<Reference> = []
        package var patients: Set<PatientIdentifier> = []
        package var professionals: Set<ProfessionalIdentifier> = []
        package var structures: Set<StructureIdentifier> = []

        package init() {}

        var count: Int { resources.count + patients.count + professionals.count + structures.count }
    }

    package struct PatientRecords: Hashable, Sendable {
        package var patient: Patient?
        package var memberships: [Membership]
        /// The last version of each.
        package var choices: [PatientChoice]
        /// The ids of the care teams there are of this patient.
        package var teams: Set<String>
        /// The record it was merged into, and those merged into it.
        package var absorbedInto: PatientIdentifier?
        package var absorbed: Set<PatientIdentifier>
        /// Whether these records hold something that no resource says yet (`RecordPresenter`).
        package var isPending: Bool

        package init(
            patient: Patient? = nil, memberships: [Membership] = [], choices: [PatientChoice] = [],
            teams: Set<String> = [], absorbedInto: PatientIdentifier? = nil, absorbed: Set<PatientIdentifier> = [],
            isPending: Bool = false
        ) {
            self.patient = patient
            self.memberships = memberships
            self.choices = choices
            self.teams = teams
            self.absorbedInto = absorbedInto
            self.absorbed = absorbed
            self.isPending = isPending
        }

        /// Whether anything is recorded of somebody of that identifier.
        var isOfSomebody: Bool { patient != nil || !memberships.isEmpty || !choices.isEmpty }
    }

    package var resources: [Reference: StoredVersion]
    /// Those needed, and the records merged with theirs.
    package var patients: [PatientIdentifier: PatientRecords]
    package var professionals: [ProfessionalIdentifier: Professional]
    /// Those needed, and those of the patients' care teams.
    package var structures: [StructureIdentifier: Structure]
    /// When one of these patients' records was last changed, by whatever clock (decision 0031).
    package var changedAt: Instant?
    package var stamp: Stamp

    package init(
        resources: [Reference: StoredVersion] = [:], patients: [PatientIdentifier: PatientRecords] = [:],
        professionals: [ProfessionalIdentifier: Professional] = [:],
        structures: [StructureIdentifier: Structure] = [:], changedAt: Instant? = nil, stamp: Stamp = Stamp()
    ) {
        self.resources = resources
        self.patients = patients
        self.professionals = professionals
        self.structures = structures
        self.changedAt = changedAt
        self.stamp = stamp
    }

    /// Every identifier that is the same patient's.
    func identifiers(of patient: PatientIdentifier) -> Set<PatientIdentifier> {
        var found: Set = [patient]
        var waiting = [patient]
        while let id = waiting.popLast() {
            guard let records = patients[id] else { continue }
            let others = records.absorbed.union([records.absorbedInto].compactMap(\.self)).subtracting(found)
            found.formUnion(others)
            waiting += others
        }
        return found
    }

    /// The names that stays in a care team of this patient's have it by (`Membership.team`); none for another's.
    func teamNames(of patient: PatientIdentifier, _ id: String) -> Set<String> {
        guard let teams = patients[patient]?.teams, teams.contains(id) else { return [] }
        return id == OwnTeam.id(of: patient, among: teams) ? [id, patient.value] : [id]
    }

    /// Those of the patient under each of their identifiers.
    func memberships(of patient: PatientIdentifier) -> [Membership] {
        identifiers(of: patient).flatMap { patients[$0]?.memberships ?? [] }
    }

    /// Whether exercising there makes a team (CSP L.1110-12 1°).
    func formsTeam(_ id: StructureIdentifier) -> Bool { structures[id]?.teamCapable == true }

    /// Whom a reference names, for a membership or a choice.
    ///
    /// A role is the professional who holds it: as stored, or as its id says (`899700100066-CAB-ROCHE`).
    func party(_ element: Element, base: String) throws(FHIRRefusal) -> Party {
        let reference = try element.reference(base: base)
        try expectSame(element, reference, base: base)
        let party: Party? =
            switch reference.type {
            case "Practitioner": ProfessionalIdentifier(named: reference.id).map(Party.professional)
            case "PractitionerRole": professional(ofRole: reference, base: base).map(Party.professional)
            case "Organization": StructureIdentifier(reference.id).map(Party.structure)
            case "RelatedPerson": RelatedPersonIdentifier(reference.id).map(Party.relatedPerson)
            default: nil
            }
        guard let party else {
            throw .unprocessable(
                "a `Practitioner`, a known `PractitionerRole`, an `Organization` or a `RelatedPerson` is needed here",
                at: "\(element.path).reference")
        }
        return party
    }

    /// One who is named twice is one: an identifier of ours, or without a system, is theirs as far as is known.
    ///
    /// - Throws: 422 for somebody else's.
    func expectSame(_ element: Element, _ reference: Reference, base: String) throws(FHIRRefusal) {
        guard let identifier = element["identifier"], let value = identifier.text("value") else { return }
        let (system, id) = (identifier.text("system"), reference.id)
        func isOf(_ systems: Set<String>) -> Bool { system.map(systems.contains) ?? true }
        let isTheirs: Bool
        switch reference.type {
        case "Patient" where isOf(Vocabulary.ins):
            let patient = PatientIdentifier(id)
            let everyone = patient.map { identifiers(of: $0) } ?? []
            let known = everyone.compactMap { patients[$0]?.patient?.ins }
            isTheirs =
                everyone.map(\.value).contains(value)
                || INS(value).map { known.isEmpty || known.contains($0) } ?? (system != nil)
        case "Practitioner" where isOf(Vocabulary.rpps):
            isTheirs = ProfessionalIdentifier(named: value) == ProfessionalIdentifier(named: id)
        case "PractitionerRole" where isOf(Vocabulary.rpps):
            isTheirs =
                value == id || ProfessionalIdentifier(named: value) == professional(ofRole: reference, base: base)
        case "Organization" where isOf(Vocabulary.finess):
            let known = StructureIdentifier(id).flatMap { structures[$0]?.finess }
            isTheirs = value == id || FINESS(value).map { known == nil || $0 == known } ?? (system != nil)
        default:
            isTheirs =
                system.map { !Vocabulary.ofSomebody.contains($0) } ?? (reference.type != "RelatedPerson" || value == id)
        }
        guard isTheirs else {
            throw .unprocessable("the identifier is another's than the reference", at: identifier.path)
        }
    }

    /// Those who hold the roles among these resources.
    func holders(of references: Set<Reference>, base: String) -> Set<ProfessionalIdentifier> {
        Set(references.filter { $0.type == "PractitionerRole" }.compactMap { professional(ofRole: $0, base: base) })
    }

    private func professional(ofRole reference: Reference, base: String) -> ProfessionalIdentifier? {
        if let role = resources[reference] {
            return role.content["practitioner"]?["reference"]?.string.flatMap { Reference($0, base: base) }
                .flatMap { $0.type == "Practitioner" ? ProfessionalIdentifier($0.id) : nil }
        }
        let number = String(reference.id.prefix { $0 != "-" })
        return ProfessionalIdentifier.isNumber(number) ? ProfessionalIdentifier(number) : nil
    }
}

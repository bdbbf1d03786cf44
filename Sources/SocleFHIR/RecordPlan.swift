// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleConsent
package import SocleIdentity
import SocleJSON

/// What a resource comes to in Socle's records.
package struct RecordPlan: Sendable {
    package var changes: [any RecordChange] = []
    /// Whom the resource is about, when it is about a patient.
    package var patient: PatientIdentifier?
    package var entry: EntryDraft.Kind = .administration
}

/// What turning a resource into records may look at besides the records around it.
package struct PlanContext: Sendable {
    /// The base of our own URLs: `https://host/fhir`.
    package var base: String
    package var now: Instant
    /// Who writes: the client.
    package var actor: String
    /// Whether it may say which patients are one: the identity-matching server.
    package var matchesIdentities: Bool

    package init(base: String, now: Instant, actor: String, matchesIdentities: Bool = false) {
        self.base = base
        self.now = now
        self.actor = actor
        self.matchesIdentities = matchesIdentities
    }
}

extension Resource {
    /// The changes that make Socle's records say what this resource says; `around` follows them, so that the next
    /// resource of a transaction sees them.
    ///
    /// - Throws: 422 for what cannot be held or enforced, naming the element.
    func plan(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        switch type {
        case .consent: try planConsent(id: id, context, &around)
        case .careTeam: try planCareTeam(id: id, context, &around)
        case .patient: try planPatient(id: id, context, &around)
        case .practitioner: try planPractitioner(id: id, context, &around)
        case .practitionerRole: try planPractitionerRole(id: id, context, &around)
        case .organization: try planOrganization(id: id, context, &around)
        case .relatedPerson: try planRelatedPerson(id: id, context, around)
        case .valueSet: RecordPlan()
        }
    }

    /// The patient that an element names.
    func patient(_ element: Element?, _ context: PlanContext) throws(FHIRRefusal) -> PatientIdentifier {
        guard let element else {
            throw .unprocessable("the patient must be named", at: "\(type.rawValue).patient", .required)
        }
        let reference = try element.reference(base: context.base)
        guard reference.type == "Patient", let id = PatientIdentifier(reference.id) else {
            throw .unprocessable("a `Patient` is needed here", at: "\(element.path).reference")
        }
        return id
    }

    /// The records that `plan` needs to see, its own reference included.
    func needs(id: String, base: String) -> Surroundings.Needs {
        var needs = Surroundings.Needs()
        needs.resources.insert(Reference(type: type.rawValue, id: id))
        for text in ReferenceTexts.literal(in: .object(json)) {
            guard let reference = Reference(text, base: base) else { continue }
            switch reference.type {
            case "PractitionerRole": needs.resources.insert(reference)
            case "Patient": if let id = PatientIdentifier(reference.id) { needs.patients.insert(id) }
            case "Practitioner":
                if let id = ProfessionalIdentifier(named: reference.id) { needs.professionals.insert(id) }
            case "Organization": if let id = StructureIdentifier(reference.id) { needs.structures.insert(id) }
            default: break
            }
        }
        switch type {
        // A care team may bear a patient's identifier: that patient's alone.
        case .patient, .careTeam: if let id = PatientIdentifier(id) { needs.patients.insert(id) }
        case .practitioner: if let id = ProfessionalIdentifier(id) { needs.professionals.insert(id) }
        case .organization: if let id = StructureIdentifier(id) { needs.structures.insert(id) }
        default: break
        }
        return needs
    }
}

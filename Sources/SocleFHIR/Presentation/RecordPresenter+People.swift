// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

extension RecordPresenter {
    /// Writes the version that says what is recorded of a person or a place, where the last one does not: so that what
    /// was recorded by other means is read, and is never written over unseen.
    func presentPerson(_ reference: Reference) async throws(FHIRUnavailable) {
        guard let needs = Surroundings.Needs(of: reference) else { return }
        for _ in 1...FHIRWriter.attempts {
            let around = try await records.surroundings(needs)
            guard let version = missing(reference, around) else { return }
            if try await write([version], stamp: around.stamp) { return }
        }
        throw FHIRUnavailable(detail: "a record changed at every attempt to present it")
    }

    /// Who is on record with a national number: an RPPS number is an id's end, an INS or a FINESS number is looked up.
    func bearers(of number: String, _ type: ResourceType) async throws(FHIRUnavailable) -> Set<String> {
        switch type {
        case .practitioner: Set([ProfessionalIdentifier(named: number)?.value].compactMap(\.self))
        case .patient: Set(try await records.patients(withINS: number).map(\.value))
        case .organization: Set(try await records.structures(withFINESS: number).map(\.value))
        default: []
        }
    }

    /// nil when the resource says what the record does, when nothing is recorded, and for resources of other types.
    func missing(_ reference: Reference, _ around: Surroundings) -> StoredVersion? {
        guard var record = PresentedPerson(reference, in: around) else { return nil }
        let now = clock()
        guard let stored = around.resources[reference] else { return version(reference, 1, record.content(at: now)) }
        guard let said = said(by: stored.content, reference, around) else { return nil }
        record = record.read(as: said, from: stored.content)
        let wanted = record.content(at: now)
        guard said.content(at: now) != wanted else { return nil }
        // What an application wrote beside it stays.
        let content = record.updating(stored.content, saying: said, at: now)
        guard self.said(by: content, reference, around)?.content(at: now) == wanted else { return nil }
        return version(reference, stored.version + 1, content)
    }

    /// The record that a resource comes to.
    private func said(by content: JSONObject, _ reference: Reference, _ around: Surroundings) -> PresentedPerson? {
        var around = around
        // A strike-off that the resource does not say is to be shown.
        if let id = ProfessionalIdentifier(reference.id) { around.professionals[id]?.registryStatus = .active }
        guard
            let plan = try? Resource(.object(content)).plan(
                id: reference.id, PlanContext(base: base, now: clock(), actor: ""), &around)
        else { return nil }
        return plan.changes.lazy.compactMap { ($0 as? PersonChange).flatMap { PresentedPerson($0) } }.first
    }

    private func version(_ reference: Reference, _ number: Int64, _ content: JSONObject) -> StoredVersion? {
        let now = clock()
        guard let resource = try? Resource(.object(content)) else { return nil }
        return StoredVersion(
            reference: reference, version: number, lastUpdated: now,
            content: resource.stored(id: reference.id, version: number, lastUpdated: now.description))
    }
}

extension Surroundings.Needs {
    /// What is to be read to present a person or a place; nil for a resource of another type.
    fileprivate init?(of reference: Reference) {
        self.init()
        resources = [reference]
        switch reference.type {
        case "Patient": patients = Set([PatientIdentifier(reference.id)].compactMap(\.self))
        case "Practitioner": professionals = Set([ProfessionalIdentifier(reference.id)].compactMap(\.self))
        case "Organization": structures = Set([StructureIdentifier(reference.id)].compactMap(\.self))
        default: return nil
        }
    }
}

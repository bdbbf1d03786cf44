// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// One identifier that answers for another, as either of the two resources says it: `replaces` on the survivor,
/// `replaced-by` on the absorbed one (FHIR R4 `Patient.link`). `refer` and `seealso` say nothing of the kind.
struct Merge: Hashable {
    let survivor: PatientIdentifier
    let absorbed: PatientIdentifier

    fileprivate init?(_ type: String?, of patient: PatientIdentifier, with other: PatientIdentifier) {
        switch type {
        case "replaced-by": (survivor, absorbed) = (other, patient)
        case "replaces": (survivor, absorbed) = (patient, other)
        default: return nil
        }
    }
}

/// A merge made or undone.
package struct IdentityLinkChange: Sendable {
    let merge: Merge
    let change: IdentityChange

    fileprivate init(_ merge: Merge, isMade: Bool, at instant: Instant) {
        self.merge = merge
        change =
            isMade
            ? .merge(survivor: merge.survivor, absorbed: merge.absorbed, at: instant)
            : .split(absorbed: merge.absorbed, at: instant)
    }

    var patients: Set<PatientIdentifier> { [merge.survivor, merge.absorbed] }

    /// As the journal tells of it.
    var described: JSONValue {
        let action =
            switch change {
            case .merge: "patient_merge"
            case .split: "patient_split"
            }
        return [
            "action": .string(action), "survivor": .string(merge.survivor.value),
            "absorbed": .string(merge.absorbed.value),
        ]
    }
}

extension Resource {
    /// What this version of a patient's links changes of the version before: a link more is a merge, a link less a split.
    /// Nothing for what is so already: the other resource may have said it first. Nothing for any other resource.
    ///
    /// - Throws: 403 for a client that does not match identities; 422 for a link that names no other patient, or a
    ///   patient merged into a third.
    func identityChanges(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> [IdentityLinkChange] {
        guard type == .patient, let patient = PatientIdentifier(id) else { return [] }
        let wanted = try merges(of: patient, context)
        let stored = merges(
            of: patient, storedIn: around.resources[Reference(type: type.rawValue, id: patient.value)], context)
        guard wanted != stored else { return [] }
        guard context.matchesIdentities else {
            throw FHIRRefusal(
                403, .forbidden, "only a client with the scope `identity:match` merges and splits patients",
                at: "Patient.link")
        }
        var changes: [IdentityLinkChange] = []
        for merge in stored.subtracting(wanted) where around.isMerged(merge) {
            changes.append(IdentityLinkChange(merge, isMade: false, at: context.now))
            around.patients[merge.absorbed]?.absorbedInto = nil
            around.patients[merge.survivor]?.absorbed.remove(merge.absorbed)
        }
        for merge in wanted.subtracting(stored) where !around.isMerged(merge) {
            guard around.patients[merge.survivor]?.patient != nil, let absorbed = around.patients[merge.absorbed],
                absorbed.patient != nil
            else { throw .unprocessable("the other patient is not known", at: "Patient.link") }
            guard absorbed.absorbedInto == nil, around.patients[merge.survivor]?.absorbedInto != merge.absorbed else {
                throw .unprocessable("one of the two was merged into another: split them first", at: "Patient.link")
            }
            changes.append(IdentityLinkChange(merge, isMade: true, at: context.now))
            around.patients[merge.absorbed]?.absorbedInto = merge.survivor
            around.patients[merge.survivor]?.absorbed.insert(merge.absorbed)
        }
        return changes
    }

    private func merges(of patient: PatientIdentifier, _ context: PlanContext) throws(FHIRRefusal) -> Set<Merge> {
        var merges: Set<Merge> = []
        for link in root.all("link") where ["replaces", "replaced-by"].contains(link.text("type")) {
            guard let element = link["other"], case let reference = try element.reference(base: context.base),
                reference.type == "Patient", let other = PatientIdentifier(reference.id), other != patient,
                let merge = Merge(link.text("type"), of: patient, with: other)
            else { throw .unprocessable("another `Patient` is needed here", at: "\(link.path).other") }
            merges.insert(merge)
        }
        guard merges.filter({ $0.absorbed == patient }).count < 2 else {
            throw .unprocessable("one patient replaces another", at: "Patient.link")
        }
        return merges
    }

    private func merges(
        of patient: PatientIdentifier, storedIn version: StoredVersion?, _ context: PlanContext
    ) -> Set<Merge> {
        Set(
            (version?.content["link"]?.array ?? []).compactMap { link in
                link["other"]?["reference"]?.string.flatMap { Reference($0, base: context.base) }
                    .flatMap { PatientIdentifier($0.id) }
                    .flatMap { Merge(link["type"]?.string, of: patient, with: $0) }
            })
    }
}

extension Surroundings {
    fileprivate func isMerged(_ merge: Merge) -> Bool {
        patients[merge.absorbed]?.absorbedInto == merge.survivor
            || patients[merge.survivor]?.absorbed.contains(merge.absorbed) == true
    }
}

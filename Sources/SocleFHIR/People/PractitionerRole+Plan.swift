// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// One place of exercise of one professional: an activity of their record.
    func planPractitionerRole(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        let who = try named("practitioner", "Practitioner", context).flatMap { ProfessionalIdentifier($0) }
        let place = try named("organization", "Organization", context).flatMap { StructureIdentifier($0) }
        guard let who, var professional = around.professionals[who] else {
            throw .unprocessable("the practitioner is not known here", at: "PractitionerRole.practitioner", .notFound)
        }
        guard let place, let structure = around.structures[place] else {
            throw .unprocessable("the organization is not known here", at: "PractitionerRole.organization", .notFound)
        }
        if let stored = around.resources[Reference(type: type.rawValue, id: id)] {
            for (name, now) in [("practitioner", who.value), ("organization", place.value)]
            where stored.content[name]?["reference"]?.string.flatMap({ Reference($0, base: context.base) })?.id != now {
                throw .unprocessable(
                    "a role stays the same person's, in the same place", at: "PractitionerRole.\(name)")
            }
        }
        let period = try root.knownSpan("period")
        // A place of exercise has no clock of its own: what would end by itself must be ended by an update.
        if let end = period.end, end > context.now {
            throw .unprocessable(
                "a role ends by `active: false` when it ends: its period cannot end in the future",
                at: "PractitionerRole.period.end", .notSupported)
        }
        if let start = period.start, start > context.now {
            throw .unprocessable(
                "a role is written once it has begun", at: "PractitionerRole.period.start", .notSupported)
        }
        let position = professional.activities.firstIndex { $0.structure == place }
        if root["active"]?.value.bool == false || period.end != nil {
            if let position { professional.activities.remove(at: position) }
        } else {
            let known = position.map { professional.activities[$0] }
            func said(_ url: String) -> String? { root.extended(url, "valueCode")?.value.string }
            let activity = Activity(
                structure: place, kind: said(Vocabulary.activityKind) ?? known?.kind ?? structure.type.lowercased(),
                sector: said(Vocabulary.activitySector) ?? known?.sector ?? "",
                mode: said(Vocabulary.activityMode) ?? known?.mode ?? "",
                profession: profession(in: root.all("code")) ?? known?.profession)
            if let position {
                professional.activities[position] = activity
            } else {
                professional.activities.append(activity)
            }
        }
        around.professionals[who] = professional
        around.resources[Reference(type: type.rawValue, id: id)] = StoredVersion(
            reference: Reference(type: type.rawValue, id: id),
            version: around.resources[Reference(type: type.rawValue, id: id)]?.version ?? 0,
            lastUpdated: context.now, content: json)
        return RecordPlan(changes: [PersonChange.professional(professional)])
    }

    private func named(_ name: String, _ type: String, _ context: PlanContext) throws(FHIRRefusal) -> String? {
        guard let element = root[name] else {
            throw .unprocessable("a role names its \(name)", at: "PractitionerRole.\(name)", .required)
        }
        let reference = try element.reference(base: context.base)
        return reference.type == type ? reference.id : nil
    }
}

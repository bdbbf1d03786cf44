// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// What one professional exercises in one place: an activity of their record, which no other role touches.
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
        let position = professional.activities.firstIndex { $0.role == id }
        let known = position.map { professional.activities.remove(at: $0) }
        professional.activities.removeAll { $0.ended(by: context.now) }
        if root["active"]?.value.bool != false, period.end.map({ context.now < $0 }) ?? true {
            guard known != nil || professional.activities.count < Resource.rolesOfOne else {
                throw .unprocessable(
                    "a professional has at most \(Resource.rolesOfOne) roles: end some of them", at: "PractitionerRole",
                    .tooCostly)
            }
            let stored = around.resources[Reference(type: type.rawValue, id: id)]?.content
            let before = stored.flatMap { profession(in: Element(.object($0), at: type.rawValue).all("code")) }
            let said = try activity(
                in: structure, period, known: known, id: id, takingBack: before != nil)
            if let other = professional.activities.first(where: said.contradicts) {
                let who = other.role.map { "PractitionerRole/\($0)" } ?? "their record"
                throw .unprocessable(
                    "\(who) says another profession there at the same time: one is exercised in one place",
                    at: "PractitionerRole.code")
            }
            professional.activities.insert(said, at: min(position ?? .max, professional.activities.count))
        }
        around.professionals[who] = professional
        around.resources[Reference(type: type.rawValue, id: id)] = StoredVersion(
            reference: Reference(type: type.rawValue, id: id),
            version: around.resources[Reference(type: type.rawValue, id: id)]?.version ?? 0,
            lastUpdated: context.now, content: json)
        return RecordPlan(changes: [PersonChange.professional(professional)])
    }

    /// Each is written again with every other: nobody exercises in as many places.
    static let rolesOfOne = 200

    /// What is not said stays as it was, but for a profession that the version before said.
    private func activity(
        in structure: Structure, _ period: Span, known: Activity?, id: String, takingBack saidProfession: Bool
    ) throws(FHIRRefusal) -> Activity {
        // A word of before the list was made is none.
        var kind = (known.flatMap { PlaceKind(rawValue: $0.kind) } ?? PlaceKind(type: structure.type)).rawValue
        if let element = try root.said(Vocabulary.activityKind, "valueCode") {
            guard let said = element.value.string.flatMap(PlaceKind.init(rawValue:)) else {
                let list = PlaceKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw .unprocessable("the kind of place must be one of \(list)", at: element.path, .codeInvalid)
            }
            kind = said.rawValue
        }
        return Activity(
            structure: structure.id, kind: kind,
            sector: try root.said(Vocabulary.activitySector, "valueCode")?.value.string ?? known?.sector ?? "",
            mode: try root.said(Vocabulary.activityMode, "valueCode")?.value.string ?? known?.mode ?? "",
            profession: profession(in: root.all("code")) ?? (saidProfession ? nil : known?.profession), role: id,
            start: period.start, end: period.end)
    }

    private func named(_ name: String, _ type: String, _ context: PlanContext) throws(FHIRRefusal) -> String? {
        guard let element = root[name] else {
            throw .unprocessable("a role names its \(name)", at: "PractitionerRole.\(name)", .required)
        }
        let reference = try element.reference(base: context.base)
        return reference.type == type ? reference.id : nil
    }
}

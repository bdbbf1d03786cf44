// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJSON

extension Resource {
    /// What someone is to a patient counts once an account is linked to them: not on a resource's word.
    func planRelatedPerson(
        id: String, _ context: PlanContext, _ around: Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        let patient = try patient(root["patient"], context)
        if let stored = around.resources[Reference(type: type.rawValue, id: id)],
            stored.content["patient"]?["reference"]?.string.flatMap({ Reference($0, base: context.base) })?.id
                != patient.value
        {
            throw .unprocessable("someone close to a patient stays that patient's", at: "RelatedPerson.patient")
        }
        return RecordPlan(patient: patient)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Membership {
    /// A stay as a participant of a `CareTeam`.
    var participant: JSONValue {
        var extensions: [JSONValue] = [
            ["url": .string(Vocabulary.legalBasis), "valueCode": .string(legalBasis.rawValue)]
        ]
        if let addedBy {
            let value: (name: String, JSONValue) =
                if addedBy == patient.value {
                    ("valueReference", Reference.json("Patient", addedBy))
                } else if ProfessionalIdentifier.isNumber(addedBy) {
                    ("valueReference", Reference.json("Practitioner", addedBy))
                } else {
                    ("valueString", .string(addedBy))
                }
            extensions.append(.object(["url": .string(Vocabulary.addedBy), value.name: value.1]))
        }
        if let information {
            extensions.append(["url": .string(Vocabulary.information), "valueCode": .string(information.rawValue)])
        }
        var json: JSONObject = [
            "extension": .array(extensions), "member": member.json, "period": period.json,
        ]
        json["role"] = role.map { [["coding": [["code": .string($0)]]]] }
        return .object(json)
    }
}

/// The care team that holds what no `CareTeam` of an application does: the memberships recorded by other means.
enum OwnTeam {
    /// Its id: the first of these, the patient's own, unless another team bore that before it.
    static func ids(of patient: PatientIdentifier) -> some Sequence<String> {
        (0..<RecordName.count).lazy.map { number in
            if number > 0 { return RecordName.of("CareTeam", patient.value, "\(number)") }
            return Primitive.isIdentifier(patient.value) ? patient.value : RecordName.of(patient.value)
        }
    }

    /// - Parameter teams: the care teams there are of this patient.
    static func id(of patient: PatientIdentifier, among teams: Set<String>) -> String {
        ids(of: patient).first(where: teams.contains) ?? patient.value
    }

    static func content(of patient: PatientIdentifier, _ memberships: [Membership]) -> JSONObject {
        [
            "resourceType": "CareTeam", "status": "active",
            "subject": Reference.json("Patient", patient.value),
            "participant": .array(memberships.map(\.participant)),
        ]
    }
}

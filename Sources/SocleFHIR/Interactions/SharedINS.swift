// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// A patient written with the INS of others, when nobody said that they are one person: a duplicate to be linked, or
/// a number given to the wrong person (RNIV). Whatever either chose binds under their own identifier alone until then.
package struct SharedINS: Hashable, Sendable {
    package var patient: PatientIdentifier
    package var others: [PatientIdentifier]
}

extension FHIRWriter {
    /// Looked at once they are written: of two that are written at once, the later one sees the other.
    package func sharedINS(among versions: [StoredVersion]) async -> [SharedINS] {
        var found: [SharedINS] = []
        for version in versions where version.reference.type == ResourceType.patient.rawValue {
            guard let patient = PatientIdentifier(version.reference.id),
                let others = try? await records.others(withINSOf: patient), !others.isEmpty
            else { continue }
            found.append(SharedINS(patient: patient, others: others))
        }
        return found
    }
}

extension SharedINS {
    /// What the writer is told: that there are others, never who.
    package static func outcome(of version: StoredVersion, among found: [SharedINS]) -> JSONValue? {
        guard version.reference.type == ResourceType.patient.rawValue,
            found.contains(where: { $0.patient.value == version.reference.id })
        else { return nil }
        return outcome(
            severity: "warning", code: Issue.Code.duplicate.rawValue,
            "another patient bears this INS: link the two if they are one person, else one number is wrong (RNIV)")
    }

    /// What is answered to who asks for an outcome when there is nothing to say.
    package static let nothing = outcome(severity: "information", code: "informational", "written as it was sent")

    private static func outcome(severity: String, code: String, _ diagnostics: String) -> JSONValue {
        [
            "resourceType": "OperationOutcome",
            "issue": [
                ["severity": .string(severity), "code": .string(code), "diagnostics": .string(diagnostics)]
            ],
        ]
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// The resources of a call as its journal entry lists them: `resources`, and beside it, where the entry is about several
/// patients, `resource_patients`: whom each is about, null for nobody. A patient is shown their own.
package enum EntryResources {
    package typealias Named = (name: String, patient: PatientIdentifier?)

    private static let name = "resources"
    private static let about = "resource_patients"

    /// - Parameter patients: those that the entry is about.
    package static func write(
        _ resources: [Named], of patients: Set<PatientIdentifier>, in details: inout JSONObject
    ) {
        details[name] = JSONValue(resources.map(\.name))
        guard patients.count > 1, resources.count > 1 || resources.contains(where: { $0.patient != nil }) else {
            return
        }
        details[about] = .array(resources.map { $0.patient.map { .string($0.value) } ?? .null })
    }

    /// Each with those it is about.
    static func read(_ details: JSONObject, of patients: [String]) -> [(name: String, patients: [String])] {
        let names = details[name]?.strings ?? []
        guard patients.count > 1, names.count > 1 || details[about] != nil else { return names.map { ($0, patients) } }
        let listed = details[about]?.array ?? []
        return names.enumerated().map { index, name in
            // Entries written before the list was kept tell it of patients' own records alone.
            let parts = name.split(separator: "/")
            let own = parts.count > 1 && parts[0] == "Patient" ? String(parts[1]) : nil
            let patient = listed.count == names.count ? listed[index].string : own
            return (name, [patient].compactMap(\.self))
        }
    }
}

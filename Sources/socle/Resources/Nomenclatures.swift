// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// The codes of the embedded tables. A code means something only with its code system.
struct Nomenclatures: Sendable {
    /// Code systems beside those the rules name (`CodeSystem`); the table `oids.csv` says what each is.
    enum System {
        static let sector = "1.2.250.1.71.4.2.4"
        static let speciality = "1.2.250.1.71.4.2.5"
    }

    /// Labels in French.
    let professions: Nomenclature
    let specialities: Nomenclature
    let sectors: [String: String]
    let documentTypes: [String: String]
    let structureTypes: [String: String]
    let confidentiality: Set<String>
    let patientRelations: [String: String]

    /// The tables of this build.
    /// - Throws: when a table is absent or malformed, which a test rules out.
    init() throws(CommandFailure) {
        professions = try Self.concepts("professions.csv")
        specialities = try Self.concepts("specialties.csv", of: System.speciality)
        documentTypes = try Self.labels("document-types.csv")
        structureTypes = try Self.labels("structure-types.csv")
        sectors = try Self.labels("sectors.csv", of: System.sector)
        confidentiality = Set(try Self.labels("confidentiality.csv").keys)
        patientRelations = try Self.labels("patient-relations.csv")
    }

    private static func rows(_ file: String) throws(CommandFailure) -> [[String: String]] {
        guard let text = EmbeddedResources.text("nomenclatures/" + file) else {
            throw CommandFailure("the nomenclature \(file) is not in this build")
        }
        do {
            return try CSVTable(parsing: text).rows
        } catch {
            throw CommandFailure("the nomenclature \(file) is malformed, \(error)")
        }
    }

    private static func labels(_ file: String, of system: String? = nil) throws(CommandFailure) -> [String: String] {
        var labels: [String: String] = [:]
        for row in try rows(file) where system == nil || row["code_system_oid"] == system {
            if let code = row["code"] { labels[code] = row["label_fr"] }
        }
        return labels
    }

    private static func concepts(_ file: String, of system: String? = nil) throws(CommandFailure) -> Nomenclature {
        Nomenclature(
            try rows(file).compactMap { row in
                guard let code = row["code"], let oid = row["code_system_oid"], let label = row["label_fr"],
                    system == nil || system == oid
                else { return nil }
                return (CodedConcept(code: code, system: oid), label)
            })
    }
}

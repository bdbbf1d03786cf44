// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Other names of code systems that rules and questions speak: one code is one value, whoever wrote it.
package enum CodeSystemAlias {
    private static let names = [
        // As HL7 wrote them before R4.
        "http://hl7.org/fhir/v3/ActReason": RulePurpose.actReason,
        "http://hl7.org/fhir/v3/Confidentiality": ConfidentialityLevel.system,
        "http://hl7.org/fhir/v3/ActCode": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "urn:oid:2.16.840.1.113883.6.1": "http://loinc.org",
        "urn:oid:2.16.840.1.113883.5.8": RulePurpose.actReason,
        "urn:oid:2.16.840.1.113883.5.25": ConfidentialityLevel.system,
        "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire":
            "urn:oid:1.2.250.1.213.1.1.4.12",
        "https://mos.esante.gouv.fr/NOS/TRE_A07-StatusVisibiliteDocument/FHIR/TRE-A07-StatusVisibiliteDocument":
            "urn:oid:1.2.250.1.213.1.1.4.13",
    ]

    /// Of document types (JDV J07): LOINC, and TRE_A05.
    package static let documentTypes: Set<String> = ["http://loinc.org", "urn:oid:1.2.250.1.213.1.1.4.12"]

    /// The same code, `system|code`, under the name of its system that is used here.
    package static func canonical(_ term: String) -> String {
        let system = system(of: term)
        return names[String(system)].map { $0 + term[system.endIndex...] } ?? term
    }

    /// The same class: each document here is described by a `DocumentReference`, and not each is a `Composition`.
    package static func category(_ term: String) -> String {
        term == "http://hl7.org/fhir/resource-types|DocumentReference" ? "urn:socle:resource-category|document" : term
    }

    package static func system(of term: String) -> Substring {
        term[..<(term.utf8.firstIndex(of: UInt8(ascii: "|")) ?? term.endIndex)]
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// The URIs of Socle's own profile, and of what it reads in others'. `docs/fhir-consent.md` publishes the first.
enum Vocabulary {
    // Of Consent.
    static let patientPrivacy = Coding(
        system: "http://terminology.hl7.org/CodeSystem/consentscope", code: "patient-privacy")
    /// What a consent is, whatever its policy: the category that IHE PCF asks for.
    static let consentDocument = Coding(system: "http://loinc.org", code: "59284-0")
    /// A consent whose policy begins so says one of Socle's choices; any other is a directive.
    static let soclePolicy = "urn:socle:policy:"
    static let consentKind = "urn:socle:consent-kind"
    static let resourceCategory = "urn:socle:resource-category"
    /// Names the care teams of a patient, all of them together, by the value `all`.
    static let careTeams = "urn:socle:care-team"
    static let participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
    /// The roles in which an actor of a rule receives information: any other (who signs, who keeps) is no recipient.
    static let recipients: Set<Coding> = [
        Coding(system: participation, code: "IRCP"), Coding(system: participation, code: "PRCP"),
    ]
    static let actCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    static let consentAction = "http://terminology.hl7.org/CodeSystem/consentaction"

    // Extensions.
    static let informed = "urn:socle:fhir:informed"
    static let recordedBy = "urn:socle:fhir:recorded-by"
    static let evidence = "urn:socle:fhir:evidence"
    static let placeKind = "urn:socle:fhir:place-kind"
    static let legalBasis = "urn:socle:fhir:legal-basis"
    static let addedBy = "urn:socle:fhir:added-by"
    static let information = "urn:socle:fhir:information"
    static let capacity = "urn:socle:fhir:capacity"
    static let teamCapable = "urn:socle:fhir:team-capable"
    static let activityKind = "urn:socle:fhir:activity-kind"
    static let activitySector = "urn:socle:fhir:activity-sector"
    static let activityMode = "urn:socle:fhir:activity-mode"
    static let identityReliability = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"
    static let identityStatus = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445"

    static let structureType = "urn:socle:structure-type"

    /// INS-NIR and INS-NIA. The test and demonstration OIDs are kept in the resource and are no INS.
    static let ins: Set<String> = [insNIR, "urn:oid:1.2.250.1.213.1.4.9"]
    static let insNIR = "urn:oid:1.2.250.1.213.1.4.8"
    static let rpps: Set<String> = [rppsURL, "urn:oid:1.2.250.1.71.4.2.1"]
    static let rppsURL = "https://rpps.esante.gouv.fr"
    static let finess: Set<String> = [finessURL, "urn:oid:1.2.250.1.71.4.2.2"]
    static let finessURL = "https://finess.esante.gouv.fr"
    /// Of whoever is identified here.
    static let ofSomebody = ins.union(rpps).union(finess).union([careTeams])

    /// The code systems that say a profession, as OIDs or as the URLs of the *nomenclatures des objets de santé*.
    static let professions: [String: String] = [
        "urn:oid:\(CodeSystem.healthProfessions)": CodeSystem.healthProfessions,
        nos("TRE_G15-ProfessionSante", "TRE-G15-ProfessionSante"): CodeSystem.healthProfessions,
        "urn:oid:\(CodeSystem.socialProfessions)": CodeSystem.socialProfessions,
        nos("TRE_R94-ProfessionSocial", "TRE-R94-ProfessionSocial"): CodeSystem.socialProfessions,
        "urn:oid:\(CodeSystem.titles)": CodeSystem.titles,
        nos("TRE_R95-UsagerTitre", "TRE-R95-UsagerTitre"): CodeSystem.titles,
        "urn:oid:\(CodeSystem.careRoles)": CodeSystem.careRoles,
        nos("TRE_R85-RolePriseCharge", "TRE-R85-RolePriseCharge"): CodeSystem.careRoles,
    ]
    /// TRE_R38: *savoir-faire*.
    static let specialityOID = "1.2.250.1.71.4.2.5"
    static let specialities: Set<String> = [
        "urn:oid:\(specialityOID)", nos("TRE_R38-SpecialiteOrdinale", "TRE-R38-SpecialiteOrdinale"),
    ]

    private static func nos(_ folder: String, _ name: String) -> String {
        "https://mos.esante.gouv.fr/NOS/\(folder)/FHIR/\(name)"
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension TypeDefinition {
    /// The resources Socle takes. `AuditEvent` and `Device` are not here: nobody but Socle writes them.
    static let resourceNotation = """
        Consent: identifier* Identifier; status! code(draft|proposed|active|rejected|inactive|entered-in-error); \
        scope! CodeableConcept; category!* CodeableConcept; patient Reference; dateTime dateTime; \
        performer* Reference; organization* Reference; sourceAttachment Attachment @source; \
        sourceReference Reference @source; policy* ConsentPolicy; policyRule CodeableConcept; \
        verification* ConsentVerification; provision ConsentProvision
        CareTeam: identifier* Identifier; status code(proposed|active|suspended|inactive|entered-in-error); \
        category* CodeableConcept; name string; subject Reference; encounter Reference; period Period; \
        participant* CareTeamParticipant; reasonCode* CodeableConcept; reasonReference* Reference; \
        managingOrganization* Reference; telecom* ContactPoint; note* Annotation
        Patient: identifier* Identifier; active boolean; name* HumanName; telecom* ContactPoint; \
        gender code(male|female|other|unknown); birthDate date; deceasedBoolean boolean @deceased; \
        deceasedDateTime dateTime @deceased; address* Address; maritalStatus CodeableConcept; \
        multipleBirthBoolean boolean @multipleBirth; multipleBirthInteger integer @multipleBirth; \
        photo* Attachment; contact* PatientContact; communication* PatientCommunication; \
        generalPractitioner* Reference; managingOrganization Reference; link* PatientLink
        Practitioner: identifier* Identifier; active boolean; name* HumanName; telecom* ContactPoint; \
        address* Address; gender code(male|female|other|unknown); birthDate date; photo* Attachment; \
        qualification* PractitionerQualification; communication* CodeableConcept
        PractitionerRole: identifier* Identifier; active boolean; period Period; practitioner Reference; \
        organization Reference; code* CodeableConcept; specialty* CodeableConcept; location* Reference; \
        healthcareService* Reference; telecom* ContactPoint; availableTime* PractitionerRoleAvailableTime; \
        notAvailable* PractitionerRoleNotAvailable; availabilityExceptions string; endpoint* Reference
        Organization: identifier* Identifier; active boolean; type* CodeableConcept; name string; alias* string; \
        telecom* ContactPoint; address* Address; partOf Reference; contact* OrganizationContact; endpoint* Reference
        RelatedPerson: identifier* Identifier; active boolean; patient! Reference; relationship* CodeableConcept; \
        name* HumanName; telecom* ContactPoint; gender code(male|female|other|unknown); birthDate date; \
        address* Address; photo* Attachment; period Period; communication* RelatedPersonCommunication
        ValueSet: url uri; identifier* Identifier; version string; name string; title string; \
        status! code(draft|active|retired|unknown); experimental boolean; date dateTime; publisher string; \
        contact* ContactDetail; description markdown; useContext* UsageContext; jurisdiction* CodeableConcept; \
        immutable boolean; purpose markdown; copyright markdown; compose ValueSetCompose; \
        expansion ValueSetExpansion
        """

    static let backboneNotation = """
        ConsentPolicy: authority uri; uri uri
        ConsentVerification: verified! boolean; verifiedWith Reference; verificationDate dateTime
        ConsentProvision: type code(deny|permit); period Period; actor* ConsentProvisionActor; \
        action* CodeableConcept; securityLabel* Coding; purpose* Coding; class* Coding; code* CodeableConcept; \
        dataPeriod Period; data* ConsentProvisionData; provision* ConsentProvision
        ConsentProvisionActor: role! CodeableConcept; reference! Reference
        ConsentProvisionData: meaning! code(instance|related|dependents|authoredby); reference! Reference
        CareTeamParticipant: role* CodeableConcept; member Reference; onBehalfOf Reference; period Period
        PatientContact: relationship* CodeableConcept; name HumanName; telecom* ContactPoint; address Address; \
        gender code(male|female|other|unknown); organization Reference; period Period
        PatientCommunication: language! CodeableConcept; preferred boolean
        PatientLink: other! Reference; type! code(replaced-by|replaces|refer|seealso)
        PractitionerQualification: identifier* Identifier; code! CodeableConcept; period Period; issuer Reference
        PractitionerRoleAvailableTime: daysOfWeek* code(mon|tue|wed|thu|fri|sat|sun); allDay boolean; \
        availableStartTime time; availableEndTime time
        PractitionerRoleNotAvailable: description! string; during Period
        OrganizationContact: purpose CodeableConcept; name HumanName; telecom* ContactPoint; address Address
        RelatedPersonCommunication: language! CodeableConcept; preferred boolean
        ValueSetCompose: lockedDate date; inactive boolean; include!* ValueSetInclude; exclude* ValueSetInclude
        ValueSetInclude: system uri; version string; concept* ValueSetConcept; filter* ValueSetFilter; \
        valueSet* canonical
        ValueSetConcept: code! code; display string; designation* ValueSetDesignation
        ValueSetDesignation: language code; use Coding; value! string
        ValueSetFilter: property! code; value! string; \
        op! code(=|is-a|descendent-of|is-not-a|regex|in|not-in|generalizes|exists)
        ValueSetExpansion: identifier uri; timestamp! dateTime; total integer; offset integer; \
        parameter* ValueSetParameter; contains* ValueSetContains
        ValueSetParameter: name! string; valueString string @value; valueBoolean boolean @value; \
        valueInteger integer @value; valueDecimal decimal @value; valueUri uri @value; valueCode code @value; \
        valueDateTime dateTime @value
        ValueSetContains: system uri; abstract boolean; inactive boolean; version string; code code; display string; \
        designation* ValueSetDesignation; contains* ValueSetContains
        """
}

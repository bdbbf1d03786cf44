// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#include "resources.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// `#embed` cannot stand inside a macro, so a file takes two places: its bytes here, its row in the table below.
// Policies: the path is what `--policies DIR` would hold.

static const unsigned char policies_readme[] = {
#embed "../../Policies/README.md"
};
static const unsigned char policies_00_application_cedar[] = {
#embed "../../Policies/00-application.cedar"
};
static const unsigned char policies_01_authentication_cedar[] = {
#embed "../../Policies/01-authentication.cedar"
};
static const unsigned char policies_02_administration_cedar[] = {
#embed "../../Policies/02-administration.cedar"
};
static const unsigned char policies_03_system_cedar[] = {
#embed "../../Policies/03-system.cedar"
};
static const unsigned char policies_04_deceased_cedar[] = {
#embed "../../Policies/04-deceased.cedar"
};
static const unsigned char policies_05_patient_cedar[] = {
#embed "../../Policies/05-patient.cedar"
};
static const unsigned char policies_06_related_person_cedar[] = {
#embed "../../Policies/06-related-person.cedar"
};
static const unsigned char policies_07_professional_cedar[] = {
#embed "../../Policies/07-professional.cedar"
};
static const unsigned char policies_08_emergency_cedar[] = {
#embed "../../Policies/08-emergency.cedar"
};
static const unsigned char policies_09_regulation_cedar[] = {
#embed "../../Policies/09-regulation.cedar"
};
static const unsigned char policies_10_occupational_cedar[] = {
#embed "../../Policies/10-occupational.cedar"
};
static const unsigned char policies_11_identity_cedar[] = {
#embed "../../Policies/11-identity.cedar"
};
static const unsigned char policies_12_author_cedar[] = {
#embed "../../Policies/12-author.cedar"
};
static const unsigned char policies_13_opposition_cedar[] = {
#embed "../../Policies/13-opposition.cedar"
};
static const unsigned char policies_14_team_membership_cedar[] = {
#embed "../../Policies/14-team-membership.cedar"
};
static const unsigned char policies_15_mask_cedar[] = {
#embed "../../Policies/15-mask.cedar"
};
static const unsigned char policies_16_care_team_cedar[] = {
#embed "../../Policies/16-care-team.cedar"
};
static const unsigned char policies_17_outside_consent_cedar[] = {
#embed "../../Policies/17-outside-consent.cedar"
};
static const unsigned char policies_18_no_relation_cedar[] = {
#embed "../../Policies/18-no-relation.cedar"
};
static const unsigned char policies_invariants_basis_cedar[] = {
#embed "../../Policies/invariants/basis.cedar"
};
static const unsigned char policies_invariants_choices_cedar[] = {
#embed "../../Policies/invariants/choices.cedar"
};
static const unsigned char policies_invariants_people_cedar[] = {
#embed "../../Policies/invariants/people.cedar"
};
static const unsigned char policies_facts_csv[] = {
#embed "../../Policies/facts.csv"
};
static const unsigned char policies_matrix_csv[] = {
#embed "../../Policies/matrix.csv"
};
static const unsigned char policies_parameters_csv[] = {
#embed "../../Policies/parameters.csv"
};
static const unsigned char policies_reasons_csv[] = {
#embed "../../Policies/reasons.csv"
};
static const unsigned char policies_schema_cedarschema[] = {
#embed "../../Policies/schema.cedarschema"
};

// Nomenclatures: `nomenclatures/README.md` says where each comes from.

static const unsigned char nomenclature_professions[] = {
#embed "nomenclatures/professions.csv"
};
static const unsigned char nomenclature_structure_types[] = {
#embed "nomenclatures/structure-types.csv"
};
static const unsigned char nomenclature_document_types[] = {
#embed "nomenclatures/document-types.csv"
};
static const unsigned char nomenclature_sectors[] = {
#embed "nomenclatures/sectors.csv"
};
static const unsigned char nomenclature_specialties[] = {
#embed "nomenclatures/specialties.csv"
};
static const unsigned char nomenclature_confidentiality[] = {
#embed "nomenclatures/confidentiality.csv"
};
static const unsigned char nomenclature_patient_relations[] = {
#embed "nomenclatures/patient-relations.csv"
};
static const unsigned char nomenclature_ins_status[] = {
#embed "nomenclatures/ins-identity-status.csv"
};
static const unsigned char nomenclature_oids[] = {
#embed "nomenclatures/oids.csv"
};

#define ROW(path, bytes) { path, bytes, sizeof bytes }

static const socle_resource all[] = {
    ROW("policies/README.md", policies_readme),
    ROW("policies/00-application.cedar", policies_00_application_cedar),
    ROW("policies/01-authentication.cedar", policies_01_authentication_cedar),
    ROW("policies/02-administration.cedar", policies_02_administration_cedar),
    ROW("policies/03-system.cedar", policies_03_system_cedar),
    ROW("policies/04-deceased.cedar", policies_04_deceased_cedar),
    ROW("policies/05-patient.cedar", policies_05_patient_cedar),
    ROW("policies/06-related-person.cedar", policies_06_related_person_cedar),
    ROW("policies/07-professional.cedar", policies_07_professional_cedar),
    ROW("policies/08-emergency.cedar", policies_08_emergency_cedar),
    ROW("policies/09-regulation.cedar", policies_09_regulation_cedar),
    ROW("policies/10-occupational.cedar", policies_10_occupational_cedar),
    ROW("policies/11-identity.cedar", policies_11_identity_cedar),
    ROW("policies/12-author.cedar", policies_12_author_cedar),
    ROW("policies/13-opposition.cedar", policies_13_opposition_cedar),
    ROW("policies/14-team-membership.cedar", policies_14_team_membership_cedar),
    ROW("policies/15-mask.cedar", policies_15_mask_cedar),
    ROW("policies/16-care-team.cedar", policies_16_care_team_cedar),
    ROW("policies/17-outside-consent.cedar", policies_17_outside_consent_cedar),
    ROW("policies/18-no-relation.cedar", policies_18_no_relation_cedar),
    ROW("policies/invariants/basis.cedar", policies_invariants_basis_cedar),
    ROW("policies/invariants/choices.cedar", policies_invariants_choices_cedar),
    ROW("policies/invariants/people.cedar", policies_invariants_people_cedar),
    ROW("policies/facts.csv", policies_facts_csv),
    ROW("policies/matrix.csv", policies_matrix_csv),
    ROW("policies/parameters.csv", policies_parameters_csv),
    ROW("policies/reasons.csv", policies_reasons_csv),
    ROW("policies/schema.cedarschema", policies_schema_cedarschema),
    ROW("nomenclatures/professions.csv", nomenclature_professions),
    ROW("nomenclatures/structure-types.csv", nomenclature_structure_types),
    ROW("nomenclatures/document-types.csv", nomenclature_document_types),
    ROW("nomenclatures/sectors.csv", nomenclature_sectors),
    ROW("nomenclatures/specialties.csv", nomenclature_specialties),
    ROW("nomenclatures/confidentiality.csv", nomenclature_confidentiality),
    ROW("nomenclatures/patient-relations.csv", nomenclature_patient_relations),
    ROW("nomenclatures/ins-identity-status.csv", nomenclature_ins_status),
    ROW("nomenclatures/oids.csv", nomenclature_oids),
};

const socle_resource *socle_resources(size_t *count) {
    *count = sizeof all / sizeof all[0];
    return all;
}

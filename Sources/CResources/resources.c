// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#include "resources.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// `#embed` cannot stand inside a macro, so a file takes two places: its bytes here, its row in the table below.
// Policies: the path is what `--policies DIR` would hold.

static const unsigned char policies_readme[] = {
#embed "../../Policies/README.md"
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

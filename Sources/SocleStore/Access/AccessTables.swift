// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The tables of people, places, teams, choices, registrations and policies.
enum AccessTables {
    static let migrations = [
        Migration(
            "access-1-people",
            """
            CREATE TABLE structures (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, finess TEXT, parent TEXT,
                team_capable BIGINT NOT NULL)
            """,
            """
            CREATE TABLE professionals (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, given_name TEXT, family_name TEXT,
                profession_code TEXT NOT NULL, profession_system TEXT NOT NULL, speciality TEXT,
                registry_status TEXT NOT NULL)
            """,
            """
            CREATE TABLE activities (
                professional TEXT NOT NULL, position BIGINT NOT NULL, structure TEXT NOT NULL, kind TEXT NOT NULL,
                sector TEXT NOT NULL, mode TEXT NOT NULL, profession_code TEXT, profession_system TEXT,
                PRIMARY KEY (professional, position))
            """,
            "CREATE INDEX activities_by_structure ON activities (structure)",
            """
            CREATE TABLE patients (
                id TEXT PRIMARY KEY, name TEXT NOT NULL, ins TEXT, ins_status TEXT NOT NULL, birth_date TEXT,
                capacity TEXT NOT NULL, alive BIGINT NOT NULL)
            """,
            "CREATE INDEX patients_by_ins ON patients (ins)",
            """
            CREATE TABLE account_links (
                subject TEXT PRIMARY KEY, kind TEXT NOT NULL, person TEXT, identity_match TEXT, details TEXT NOT NULL)
            """),
        Migration(
            "access-2-consents",
            """
            CREATE TABLE memberships (
                patient TEXT NOT NULL, id TEXT NOT NULL, member_kind TEXT NOT NULL, member TEXT NOT NULL,
                period_start BIGINT NOT NULL, period_end BIGINT, role TEXT, legal_basis TEXT NOT NULL, added_by TEXT,
                PRIMARY KEY (patient, id))
            """,
            "CREATE INDEX memberships_by_member ON memberships (member, member_kind)",
            """
            CREATE TABLE choices (
                patient TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, kind TEXT NOT NULL,
                details TEXT NOT NULL, period_start BIGINT NOT NULL, period_end BIGINT, recorded_at BIGINT NOT NULL,
                recorded_by TEXT, evidence TEXT, PRIMARY KEY (patient, id, version))
            """),
        Migration(
            "access-3-policies",
            """
            CREATE TABLE application_registrations (
                client_id TEXT PRIMARY KEY, service TEXT NOT NULL, purposes TEXT NOT NULL, actions TEXT NOT NULL,
                resource_types TEXT NOT NULL, held_types TEXT NOT NULL, asserted_subjects TEXT NOT NULL,
                names_by_rpps BIGINT NOT NULL, pseudonymises BIGINT NOT NULL, structure TEXT)
            """,
            """
            CREATE TABLE policy_versions (
                number BIGINT PRIMARY KEY, author TEXT NOT NULL, created_at BIGINT NOT NULL, files TEXT NOT NULL)
            """,
            """
            CREATE TABLE policy_pointer (
                slot TEXT PRIMARY KEY, number BIGINT NOT NULL REFERENCES policy_versions (number),
                approver TEXT NOT NULL)
            """),
        Migration(
            "access-4-records",
            "ALTER TABLE memberships ADD COLUMN information TEXT",
            // The identifier that answers for this one: itself when others were merged into it, null when alone.
            "ALTER TABLE patients ADD COLUMN merge_root TEXT",
            "CREATE INDEX patients_by_merge_root ON patients (merge_root)",
            """
            CREATE TABLE patient_merges (
                absorbed TEXT NOT NULL, merged_at BIGINT NOT NULL, survivor TEXT NOT NULL, split_at BIGINT,
                PRIMARY KEY (absorbed, merged_at))
            """,
            "CREATE INDEX patient_merges_by_survivor ON patient_merges (survivor)",
            """
            CREATE TABLE referrals (
                patient TEXT NOT NULL, id TEXT NOT NULL, referrer TEXT NOT NULL, target_kind TEXT NOT NULL,
                target TEXT NOT NULL, period_start BIGINT NOT NULL, period_end BIGINT, recorded_at BIGINT NOT NULL,
                PRIMARY KEY (patient, id))
            """),
    ]

    static let traces = [
        Migration(
            "access-5-traces",
            "ALTER TABLE application_registrations ADD COLUMN traces BIGINT NOT NULL DEFAULT 0")
    ]

    static let finess = [
        Migration(
            "access-6-finess", "CREATE INDEX structures_by_finess ON structures (finess) WHERE finess IS NOT NULL")
    ]

    /// A place of exercise was one row whichever roles spoke of it: it is the last one's that did not end it.
    static let roles = [
        Migration(
            "access-7-roles",
            "ALTER TABLE activities ADD COLUMN role TEXT",
            "ALTER TABLE activities ADD COLUMN period_start BIGINT",
            "ALTER TABLE activities ADD COLUMN period_end BIGINT",
            """
            UPDATE activities SET role = (
                SELECT v.id FROM fhir_index p
                JOIN fhir_index o ON o.type = p.type AND o.id = p.id AND o.parameter = 'organization'
                    AND o.text = 'Organization/' || activities.structure
                JOIN fhir_current c ON c.type = p.type AND c.id = p.id
                JOIN fhir_versions v ON v.type = c.type AND v.id = c.id AND v.version = c.version
                WHERE p.type = 'PractitionerRole' AND p.parameter = 'practitioner'
                    AND p.text = 'Practitioner/' || activities.professional
                    AND NOT EXISTS (SELECT 1 FROM fhir_index e WHERE e.type = p.type AND e.id = p.id
                        AND (e.parameter = 'active' AND e.text = '=false'
                            OR e.parameter = 'date' AND e.high IS NOT NULL))
                ORDER BY v.instant DESC, v.id LIMIT 1)
            """,
            // Kinds were the structure's type in small letters, where nobody said them.
            """
            UPDATE activities SET kind = CASE kind WHEN 'etab_mco' THEN 'hopital_public' WHEN 'ap-hp' THEN 'hopital_public'
                WHEN 'labm' THEN 'laboratoire' WHEN 'ssiad_pa' THEN 'ssiad' WHEN 'ssiad_ph' THEN 'ssiad'
                WHEN 'cabinet_grp' THEN 'cabinet' ELSE kind END
            """)
    ]

    static let choicesOfBefore = [
        // Whom a patient informed, or agreed to, by a kind of place: the words changed with those of the places.
        Migration(
            "access-8-recipients",
            """
            UPDATE choices SET details = replace(replace(replace(replace(replace(replace(details,
                '"etab_mco"', '"hopital_public"'), '"ap-hp"', '"hopital_public"'), '"labm"', '"laboratoire"'),
                '"ssiad_pa"', '"ssiad"'), '"ssiad_ph"', '"ssiad"'), '"cabinet_grp"', '"cabinet"')
            WHERE kind IN ('team_information', 'team_consent')
            """),
        // What was withdrawn by a resource without a date had its withdrawal for beginning too, as if it never held.
        Migration(
            "access-9-withdrawals",
            """
            UPDATE choices SET period_start = (
                SELECT b.period_start FROM choices b
                WHERE b.patient = choices.patient AND b.id = choices.id AND b.version < choices.version
                    AND b.period_start < choices.period_start
                    AND (b.period_end IS NULL OR b.period_end > b.period_start)
                ORDER BY b.version DESC LIMIT 1)
            WHERE version > 1 AND period_start = period_end AND period_end = recorded_at AND EXISTS (
                SELECT 1 FROM choices b
                WHERE b.patient = choices.patient AND b.id = choices.id AND b.version < choices.version
                    AND b.period_start < choices.period_start
                    AND (b.period_end IS NULL OR b.period_end > b.period_start))
            """),
    ]
}

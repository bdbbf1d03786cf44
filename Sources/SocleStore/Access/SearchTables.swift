// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// What searches walk: indexes over the records, and one table of links that the records hold within their details.
///
/// Lists are in the order of bytes whatever the collation of the server, since several are merged here.
enum SearchTables {
    /// `party_kind` is `professional`, `structure` or `related_person` for whom a patient's choice names, `account` for
    /// an account with a relation to the patient, `anybody` (of no `party`) where a choice opens to whoever asks. Rows
    /// are never taken away: what a link allows is decided each time.
    static let migrations = [
        Migration(
            "search-1-links",
            statements: [
                .inBytes(
                    """
                    CREATE TABLE search_links (
                        party_kind TEXT NOT NULL, party TEXT @BYTES NOT NULL, patient TEXT @BYTES NOT NULL,
                        PRIMARY KEY (party_kind, party, patient))
                    """),
                "CREATE INDEX search_links_by_patient ON search_links (patient, party_kind, party)",
                .inBytes(
                    "CREATE INDEX memberships_by_party ON memberships (member_kind, member, patient @BYTES)"),
                .inBytes(
                    "CREATE INDEX activities_by_place ON activities (structure, professional @BYTES)"),
                .inBytes("CREATE INDEX account_links_by_person ON account_links (kind, person, subject @BYTES)"),
                Statement(
                    postgres: """
                        INSERT INTO search_links (party_kind, party, patient)
                        SELECT DISTINCT coalesce(details::jsonb->'grantee'->>'kind',
                                CASE kind WHEN 'carer_mandate' THEN 'related_person' ELSE 'professional' END),
                            coalesce(details::jsonb->'grantee'->>'id', details::jsonb->>'person',
                                details::jsonb->>'professional'), patient
                        FROM choices WHERE kind IN
                            ('administrator', 'carer_mandate', 'consent_outside_team', 'occupational_consent')
                        """,
                    sqlite: """
                        INSERT INTO search_links (party_kind, party, patient)
                        SELECT DISTINCT coalesce(json_extract(details, '$.grantee.kind'),
                                CASE kind WHEN 'carer_mandate' THEN 'related_person' ELSE 'professional' END),
                            coalesce(json_extract(details, '$.grantee.id'), json_extract(details, '$.person'),
                                json_extract(details, '$.professional')), patient
                        FROM choices WHERE kind IN
                            ('administrator', 'carer_mandate', 'consent_outside_team', 'occupational_consent')
                        """),
                Statement(
                    postgres: """
                        INSERT INTO search_links (party_kind, party, patient)
                        SELECT DISTINCT 'account', subject, relation->>'patient'
                        FROM account_links, jsonb_array_elements(details::jsonb) AS relation
                        WHERE kind = 'related_person'
                        """,
                    sqlite: """
                        INSERT INTO search_links (party_kind, party, patient)
                        SELECT DISTINCT 'account', subject, json_extract(relation.value, '$.patient')
                        FROM account_links, json_each(details) AS relation WHERE kind = 'related_person'
                        """),
            ])
    ]
    /// What the directives of before name: the last version of each, rule by rule. A rule without actors or purposes
    /// has those of the rule above it, as `CompiledDirective` lays them.
    static let directives = [
        Migration(
            "search-2-directives",
            statements: [
                // SQLite has indexes in that order already.
                Statement(
                    postgres: """
                        CREATE INDEX activities_by_bytes ON activities (structure COLLATE "C")
                        """, sqlite: "SELECT 1"),
                Statement(
                    postgres: """
                        INSERT INTO search_links (party_kind, party, patient)
                        WITH RECURSIVE rules (patient, rule, actors, purposes) AS (
                            SELECT patient, details::json, details::json->'actors', details::json->'purposes'
                            FROM choices WHERE kind = 'directive' AND version = (SELECT max(last.version)
                                FROM choices last WHERE last.patient = choices.patient AND last.id = choices.id)
                            UNION ALL
                            SELECT r.patient, e.value, coalesce(e.value->'actors', r.actors),
                                coalesce(e.value->'purposes', r.purposes)
                            FROM rules r, json_array_elements(r.rule->'exceptions') AS e (value)),
                        permits (patient, actors) AS (
                            SELECT patient, actors FROM rules WHERE rule->>'effect' = 'permit'
                                AND (purposes IS NULL OR purposes::text LIKE '%|TREAT"%'))
                        SELECT a.value->>'kind', a.value->>'id', patient
                        FROM permits, json_array_elements(actors) AS a (value)
                        WHERE a.value->>'kind' IN ('professional', 'structure', 'related_person')
                        UNION SELECT 'anybody', '', patient FROM permits WHERE actors IS NULL
                        ON CONFLICT (party_kind, party, patient) DO NOTHING
                        """,
                    sqlite: """
                        INSERT INTO search_links (party_kind, party, patient)
                        WITH RECURSIVE rules (patient, rule, actors, purposes) AS (
                            SELECT patient, details, json_extract(details, '$.actors'),
                                json_extract(details, '$.purposes')
                            FROM choices WHERE kind = 'directive' AND version = (SELECT max(last.version)
                                FROM choices last WHERE last.patient = choices.patient AND last.id = choices.id)
                            UNION ALL
                            SELECT r.patient, e.value, coalesce(json_extract(e.value, '$.actors'), r.actors),
                                coalesce(json_extract(e.value, '$.purposes'), r.purposes)
                            FROM rules r, json_each(r.rule, '$.exceptions') AS e),
                        permits (patient, actors) AS (
                            SELECT patient, actors FROM rules WHERE json_extract(rule, '$.effect') = 'permit'
                                AND (purposes IS NULL OR purposes LIKE '%|TREAT"%'))
                        SELECT json_extract(a.value, '$.kind'), json_extract(a.value, '$.id'), patient
                        FROM permits, json_each(actors) AS a
                        WHERE json_extract(a.value, '$.kind') IN ('professional', 'structure', 'related_person')
                        UNION SELECT 'anybody', '', patient FROM permits WHERE actors IS NULL
                        ON CONFLICT (party_kind, party, patient) DO NOTHING
                        """),
                """
                INSERT INTO search_links (party_kind, party, patient)
                SELECT DISTINCT l.party_kind, l.party, p.merge_root
                FROM search_links l JOIN patients p ON p.id = l.patient WHERE p.merge_root <> p.id
                ON CONFLICT (party_kind, party, patient) DO NOTHING
                """,
            ])
    ]
    /// Under which patients are listed who opened to whoever asks.
    static let anybody: (kind: String, party: String) = ("anybody", "")

    private static let link: Statement = """
        INSERT INTO search_links (party_kind, party, patient) VALUES ($1, $2, $3)
        ON CONFLICT (party_kind, party, patient) DO NOTHING
        """
    /// The same for the record that answers for this one, where it was merged into another.
    private static let linkRoot: Statement = """
        INSERT INTO search_links (party_kind, party, patient)
        SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), merge_root FROM patients WHERE id = $3 AND merge_root <> id
        ON CONFLICT (party_kind, party, patient) DO NOTHING
        """
    private static let gatherLinks: Statement = """
        INSERT INTO search_links (party_kind, party, patient)
        SELECT DISTINCT l.party_kind, l.party, p.merge_root FROM search_links l JOIN patients p ON p.id = l.patient
        WHERE p.merge_root = $1 AND p.id <> $1
        ON CONFLICT (party_kind, party, patient) DO NOTHING
        """
    private static let gatherMembers: Statement = """
        INSERT INTO search_links (party_kind, party, patient)
        SELECT DISTINCT m.member_kind, m.member, p.merge_root FROM memberships m JOIN patients p ON p.id = m.patient
        WHERE p.merge_root = $1 AND p.id <> $1
        ON CONFLICT (party_kind, party, patient) DO NOTHING
        """

    /// To be called by whatever writes a choice.
    static func note(_ choice: PatientChoice, on connection: any Connection) throws(StoreError) {
        switch choice.kind {
        case .administrator(let id), .occupationalConsent(let id, _):
            try note(.professional(id), choice.patient, on: connection)
        case .carerMandate(let id, _): try note(.relatedPerson(id), choice.patient, on: connection)
        case .consentOutsideTeam(let consent): try note(consent.grantee, choice.patient, on: connection)
        case .directive(let directive):
            let recipients = CompiledDirective(directive).recipients
            for party in recipients.parties { try note(party, choice.patient, on: connection) }
            if recipients.anybody { try note(anybody.kind, anybody.party, choice.patient, on: connection) }
        // What restricts or informs opens nothing by itself.
        case .teamInformation, .teamConsent, .oppositionToSharing, .oppositionInEmergency, .oppositionToRegulation,
            .block, .mask, .minorSecret:
            return
        }
    }

    /// To be called by whatever gives a party anything that can open an access to a patient's data.
    static func note(
        _ party: Party, _ patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) {
        let columns = PartyColumns(party)
        try note(columns.kind.rawValue, columns.id, patient, on: connection)
    }

    private static func note(
        _ kind: String, _ party: String, _ patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) {
        let key: [DatabaseValue] = [.text(kind), .text(party), .text(patient.value)]
        try connection.execute(link, key)
        try connection.execute(linkRoot, key)
    }

    /// To be called by whatever writes a membership: the index of memberships finds it, but under a merged record.
    static func note(_ membership: Membership, on connection: any Connection) throws(StoreError) {
        let columns = PartyColumns(membership.member)
        try connection.execute(
            linkRoot, [.text(columns.kind.rawValue), .text(columns.id), .text(membership.patient.value)])
    }

    /// To be called by whatever writes the link of an account.
    static func note(_ value: AccountLink, on connection: any Connection) throws(StoreError) {
        guard case .relatedPerson(_, _, let relations) = value.person else { return }
        for relation in relations {
            try note("account", value.subject, relation.patient, on: connection)
        }
    }

    /// To be called when records begin to answer together: whatever links a party to one of them links it to the one
    /// that answers.
    static func gather(root: String, on connection: any Connection) throws(StoreError) {
        try connection.execute(gatherLinks, [.text(root)])
        try connection.execute(gatherMembers, [.text(root)])
    }
}

extension Statement {
    /// A text in which `@BYTES` stands for the order of bytes: SQLite's own, PostgreSQL's when it is told.
    static func inBytes(_ text: String) -> Statement {
        func with(_ collation: String) -> String {
            text.split(separator: "@BYTES", omittingEmptySubsequences: false).joined(separator: collation)
        }
        return Statement(postgres: with("COLLATE \"C\""), sqlite: with("COLLATE BINARY"))
    }
}

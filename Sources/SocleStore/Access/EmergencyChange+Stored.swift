// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
import SocleIdentity

extension EmergencyChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .open(let episode): try EmergencyStatements.open(episode, on: connection)
        case .record(let access): try EmergencyStatements.record(access, on: connection)
        case .review(let episode, let reviewer, let conclusion, let instant):
            try connection.execute(
                EmergencyStatements.review,
                [.text(episode), .text(reviewer), .text(conclusion), .instant(instant)]) == 1
        }
    }
}

enum EmergencyStatements {
    static let columns = """
        id, kind, patient, professional, service, opened, until, justification, declared_capacity, immediate_risk,
            call_id
        """
    /// INVARIANT: `bump` before this locks the address, so that no other transaction opens one meanwhile.
    static let live: Statement = """
        SELECT 1 FROM emergency_episodes
        WHERE patient = $1 AND professional = $2 AND service = $3 AND kind = $4 AND until > $5
        """
    static let insert = Statement(
        """
        INSERT INTO emergency_episodes (\(columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO NOTHING
        """)
    static let access: Statement = """
        INSERT INTO emergency_accesses (id, episode, patient, professional, place, instant, level, resolved_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING
        """
    /// An access after the review is one that nobody reviewed.
    static let reopen: Statement = """
        UPDATE emergency_episodes SET reviewed_at = NULL WHERE id = $1 AND reviewed_at IS NOT NULL
        """
    static let restingOn: Statement = """
        SELECT DISTINCT episode FROM emergency_accesses WHERE patient = $1 AND resolved_by = $2 AND instant >= $3
        """
    static let reopenUnresolved: Statement = """
        UPDATE emergency_episodes SET reviewed_at = NULL WHERE id = $1 AND reviewed_at IS NOT NULL
            AND EXISTS (SELECT 1 FROM emergency_accesses WHERE episode = $1 AND level = 'declared')
        """
    static let referrals: Statement = """
        SELECT id, target_kind, target, period_start, period_end FROM referrals WHERE patient = $1 ORDER BY id
        """
    static let review: Statement = """
        UPDATE emergency_episodes SET reviewer = $2, conclusion = $3, reviewed_at = $4
        WHERE id = $1 AND reviewed_at IS NULL
        """
    static let resolveProfessional: Statement = """
        UPDATE emergency_accesses SET level = $5, resolved_by = $6
        WHERE patient = $1 AND professional = $2 AND level = 'declared' AND instant >= $3
            AND instant < coalesce(CAST($4 AS BIGINT), 9223372036854775807)
        """
    static let resolvePlace: Statement = """
        UPDATE emergency_accesses SET level = $5, resolved_by = $6
        WHERE patient = $1 AND place = $2 AND level = 'declared' AND instant >= $3
            AND instant < coalesce(CAST($4 AS BIGINT), 9223372036854775807)
        """
    static let unresolve: Statement = """
        UPDATE emergency_accesses SET level = 'declared', resolved_by = NULL
        WHERE patient = $1 AND resolved_by = $2 AND instant >= $3
        """

    static func open(_ episode: EmergencyEpisode, on connection: any Connection) throws(StoreError)
        -> Bool
    {
        let address = episode.address
        try connection.bump(.episode, address.key)
        let place: [DatabaseValue] = [
            .text(address.patient.value), .text(address.professional.value), .text(address.service),
            .text(address.kind.rawValue),
        ]
        guard try connection.row(live, place + [.instant(episode.opened)]) == nil else { return false }
        try connection.enqueue(
            .emergency, of: address.patient, change: "opened", about: address.kind.rawValue,
            effective: episode.opened, until: episode.until)
        return try connection.execute(
            insert,
            [
                .text(episode.id), .text(address.kind.rawValue), .text(address.patient.value),
                .text(address.professional.value), .text(address.service), .instant(episode.opened),
                .instant(episode.until), .optional(episode.justification),
                .optional(episode.declaredCapacity),
                .bool(episode.immediateRisk), .optional(episode.callID),
            ]) == 1
    }

    static func record(_ access: EmergencyAccess, on connection: any Connection) throws(StoreError)
        -> Bool
    {
        try connection.execute(
            self.access,
            [
                .text(access.id), .text(access.episode), .text(access.patient.value),
                .text(access.professional.value), .optional(access.place?.value), .instant(access.instant),
                .text(access.level.rawValue), .optional(try membership(behind: access, on: connection)),
            ])
        try connection.execute(reopen, [.text(access.episode)])
        return true
    }

    /// What an access by a member rests on, so that it is scored again should that prove wrong: of several memberships
    /// the one that lasts longest.
    private static func membership(
        behind access: EmergencyAccess, on connection: any Connection
    ) throws(StoreError) -> String? {
        let member: Party
        switch (access.level, access.place) {
        case (.own, _): member = .professional(access.professional)
        case (.structure, let place?): member = .structure(place)
        default: return nil
        }
        var last: Membership?
        for identifier in try AccessReading.identifiers(of: access.patient, on: connection) {
            for membership in try counting(of: identifier, on: connection)
            where membership.member == member && membership.period.contains(access.instant) {
                guard let known = last, let end = known.period.end else {
                    last = last ?? membership
                    continue
                }
                if membership.period.end.map({ $0 > end }) ?? true { last = membership }
            }
        }
        return last.map { name(of: $0.id) }
    }

    private static func counting(
        of patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> [Membership] {
        let (memberships, _, teamCapable) = try AccessReading.memberships(of: patient, on: connection)
        return memberships.filter { $0.counts(teamCapable.contains) }
    }

    private static func name(of membership: String) -> String { "membership/\(membership)" }

    /// A membership or a referral came to be known: accesses it covers were those of someone linked to the patient.
    static func resolve(
        _ patient: PatientIdentifier, _ party: Party, during period: Period, as level: RelationLevel,
        by name: String,
        on connection: any Connection
    ) throws(StoreError) {
        let (statement, id): (Statement, String)
        switch party {
        case .professional(let professional):
            (statement, id) = (resolveProfessional, professional.value)
        case .structure(let structure): (statement, id) = (resolvePlace, structure.value)
        case .relatedPerson: return
        }
        for identifier in try AccessReading.identifiers(of: patient, on: connection) {
            try connection.execute(
                statement,
                [
                    .text(identifier.value), .text(id), .instant(period.start), .optional(period.end),
                    .text(level.rawValue), .text(name),
                ])
        }
    }

    static func resolve(_ membership: Membership, on connection: any Connection) throws(StoreError) {
        try resolve(
            membership.patient, membership.member, during: membership.period, as: membership.member.level,
            by: name(of: membership.id), on: connection)
    }

    /// A membership ended earlier than was thought: accesses after that end wait for a review again, whoever concluded
    /// on them before, unless something else explains them.
    static func unresolve(
        _ patient: PatientIdentifier, from instant: Instant, by membership: String,
        on connection: any Connection
    ) throws(StoreError) {
        let identifiers = try AccessReading.identifiers(of: patient, on: connection)
        var episodes: [String] = []
        for identifier in identifiers {
            let resting: [DatabaseValue] = [
                .text(identifier.value), .text(name(of: membership)), .instant(instant),
            ]
            episodes += try connection.texts(restingOn, resting)
            try connection.execute(unresolve, resting)
        }
        guard !episodes.isEmpty else { return }
        for identifier in identifiers {
            for other in try counting(of: identifier, on: connection) { try resolve(other, on: connection) }
            for row in try connection.rows(referrals, [.text(identifier.value)]) {
                guard let target = PartyColumns.party(try row.value(1, as: Party.Kind.self), try row.text(2))
                else { throw StoreError(.failed, "a referral cannot be read") }
                try resolve(
                    identifier, target, during: Period(start: try row.instant(3), end: try row.optionalInstant(4)),
                    as: .referred, by: "referral/\(try row.text(0))", on: connection)
            }
        }
        for episode in episodes { try connection.execute(reopenUnresolved, [.text(episode)]) }
    }
}

extension Party {
    /// What a membership of it makes of those it covers.
    fileprivate var level: RelationLevel {
        if case .structure = self { .structure } else { .own }
    }
}

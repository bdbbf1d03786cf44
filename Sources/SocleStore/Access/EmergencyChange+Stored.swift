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
        INSERT INTO emergency_accesses
            (id, episode, patient, professional, place, place_counts, instant, level, resolved_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING
        """
    /// Nobody reviewed an access that came after the review, nor one that was explained at the time.
    static let reopen: Statement = """
        UPDATE emergency_episodes SET reviewed_at = NULL WHERE id = $1 AND reviewed_at IS NOT NULL
        """
    static let review: Statement = """
        UPDATE emergency_episodes SET reviewer = $2, conclusion = $3, reviewed_at = $4
        WHERE id = $1 AND reviewed_at IS NULL
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
        let identifiers = try AccessReading.identifiers(of: access.patient, on: connection)
        let found = try EmergencyLinks(of: identifiers, on: connection).explanation(of: access)
        try connection.execute(
            self.access,
            [
                .text(access.id), .text(access.episode), .text(access.patient.value),
                .text(access.professional.value), .optional(access.place?.value), .bool(access.placeCounts),
                .instant(access.instant), .text(found.level.rawValue), .optional(found.name),
            ])
        try connection.execute(reopen, [.text(access.episode)])
        return true
    }
}

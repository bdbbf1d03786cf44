// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON

extension ConsentChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .join(let membership): try ConsentStatements.join(membership, on: connection)
        case .leave(let patient, let membership, let instant):
            try ConsentStatements.leave(patient, membership, at: instant, on: connection)
        case .choose(let choice): try ConsentStatements.choose(choice, on: connection)
        case .refer(let referral): try ConsentStatements.refer(referral, on: connection)
        }
    }
}

private enum ConsentStatements {
    static let join: Statement = """
        INSERT INTO memberships
            (patient, id, member_kind, member, period_start, period_end, role, legal_basis, added_by,
             information)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (patient, id) DO NOTHING
        """
    /// A membership that starts later ends before it starts: it never holds.
    static let leave: Statement = """
        UPDATE memberships SET period_end = $3
        WHERE patient = $1 AND id = $2 AND (period_end IS NULL OR period_end > $3)
        """
    /// Who leaves a stay that had begun.
    static let leaving: Statement = """
        SELECT member_kind, member FROM memberships WHERE patient = $1 AND id = $2 AND period_start < $3
        """
    static let stays: Statement = """
        SELECT id, period_start, period_end FROM memberships
        WHERE patient = $1 AND member_kind = $2 AND member = $3 AND (period_end IS NULL OR period_end > period_start)
        ORDER BY period_start, id
        """
    static let lastVersion: Statement = "SELECT max(version) FROM choices WHERE patient = $1 AND id = $2"
    static let choose: Statement = """
        INSERT INTO choices
            (patient, id, version, kind, details, period_start, period_end, recorded_at, recorded_by, evidence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (patient, id, version) DO NOTHING
        """

    static let refer: Statement = """
        INSERT INTO referrals
            (patient, id, referrer, target_kind, target, period_start, period_end, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (patient, id) DO NOTHING
        """

    static func refer(_ value: Referral, on connection: any Connection) throws(StoreError) -> Bool {
        let target = PartyColumns(value.to)
        let written = try connection.execute(
            refer,
            [
                .text(value.patient.value), .text(value.id), .text(value.from.value), .text(target.kind.rawValue),
                .text(target.id), .instant(value.period.start), .optional(value.period.end),
                .instant(value.recordedAt),
            ])
        guard written == 1 else { return false }
        try connection.bump(.patient, value.patient.value)
        try EmergencyScore.renew(value.patient, on: connection)
        return true
    }

    static func join(_ value: Membership, on connection: any Connection) throws(StoreError) -> Bool {
        let member = PartyColumns(value.member)
        let written = try connection.execute(
            join,
            [
                .text(value.patient.value), .text(value.id), .text(member.kind.rawValue), .text(member.id),
                .instant(value.period.start), .optional(value.period.end), .optional(value.role),
                .text(value.legalBasis.rawValue), .optional(value.addedBy), .optional(value.information?.rawValue),
            ])
        guard written == 1 else { return false }
        try SearchTables.note(value, on: connection)
        try connection.bump(.patient, value.patient.value)
        try FHIRChange.awaitPresentation(of: value.patient.value, on: connection)
        try connection.enqueue(
            .membership, of: value.patient, change: "joined", effective: value.period.start,
            until: value.period.end)
        try EmergencyScore.renew(value.patient, on: connection)
        return true
    }

    private static let endedBefore: Statement = """
        SELECT 1 FROM memberships WHERE patient = $1 AND id = $2 AND period_end <= $3
        """

    /// Who leaves the team of a patient leaves it under whichever identifier they were listed.
    static func leave(
        _ patient: PatientIdentifier, _ membership: String, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        let others = try AccessReading.identifiers(of: patient, on: connection).filter { $0 != patient }
        guard try end(patient, membership, at: instant, on: connection) else {
            // Of two departures from records that are one, the first ended both stays.
            guard !others.isEmpty else { return false }
            return try connection.row(
                endedBefore, [.text(patient.value), .text(membership), .instant(instant)]) != nil
        }
        guard !others.isEmpty,
            let member = try connection.row(
                leaving, [.text(patient.value), .text(membership), .instant(instant)])
        else { return true }
        let (kind, id) = (try member.text(0), try member.text(1))
        func stays(_ record: PatientIdentifier) throws(StoreError) -> Stays {
            let rows = try connection.rows(
                ConsentStatements.stays, [.text(record.value), .text(kind), .text(id)])
            var stays = Stays()
            for row in rows {
                stays.add(try row.text(0), Period(start: try row.instant(1), end: try row.optionalInstant(2)))
            }
            return stays
        }
        // The record may list them elsewhere, for some time or for good.
        guard let last = try stays(patient).end(from: instant) else { return true }
        for other in others.sorted(by: { $0.value < $1.value }) {
            for stay in try stays(other).lasting(beyond: last) {
                _ = try end(other, stay, at: last, on: connection)
            }
        }
        return true
    }

    private static func end(
        _ patient: PatientIdentifier, _ membership: String, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        let parameters: [DatabaseValue] = [.text(patient.value), .text(membership), .instant(instant)]
        guard try connection.execute(leave, parameters) == 1 else { return false }
        try connection.bump(.patient, patient.value)
        try FHIRChange.awaitPresentation(of: patient.value, on: connection)
        try connection.enqueue(.membership, of: patient, change: "left", effective: instant)
        try EmergencyScore.renew(patient, on: connection)
        return true
    }

    static func choose(_ value: PatientChoice, on connection: any Connection) throws(StoreError) -> Bool {
        let address: [DatabaseValue] = [.text(value.patient.value), .text(value.id)]
        let last = try connection.row(lastVersion, address)?.optionalInteger(0) ?? 0
        guard Int64(value.version) == last + 1 else { return false }
        let columns = ChoiceColumns(value.kind)
        let written = try connection.execute(
            choose,
            address + [
                .integer(Int64(value.version)), .text(columns.name.rawValue), .text(columns.details.text),
                .instant(value.period.start), .optional(value.period.end), .instant(value.recordedAt),
                .optional(value.recordedBy), .optional(value.evidence),
            ])
        guard written == 1 else { return false }
        try SearchTables.note(value, on: connection)
        try connection.bump(.patient, value.patient.value)
        try FHIRChange.awaitPresentation(of: value.patient.value, on: connection)
        if let end = value.period.end, value.period.ended(by: value.recordedAt) {
            try connection.enqueue(
                .choice, of: value.patient, change: "ended", about: columns.name.rawValue, effective: end)
        } else {
            try connection.enqueue(
                .choice, of: value.patient, change: "chosen", about: columns.name.rawValue,
                effective: value.period.start, until: value.period.end)
        }
        return true
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity

/// After-the-fact control: each emergency access has the score of what is on record now, whatever came first.
enum EmergencyScore {
    private static let accesses: Statement = """
        SELECT id, episode, professional, place, place_counts, instant, level, resolved_by FROM emergency_accesses
        WHERE patient = $1 ORDER BY id
        """
    private static let update: Statement = """
        UPDATE emergency_accesses SET level = $2, resolved_by = $3 WHERE id = $1
        """
    private static let places: Statement = """
        SELECT DISTINCT member FROM memberships WHERE patient = $1 AND member_kind = 'structure'
        """
    private static let patients: Statement = """
        SELECT DISTINCT a.patient FROM emergency_accesses a
        JOIN patients p ON p.id = a.patient
        WHERE a.place = $1 AND a.place_counts = 1 AND EXISTS (
            SELECT 1 FROM memberships m JOIN patients q ON q.id = m.patient
            WHERE m.member_kind = 'structure' AND m.member = $1
                AND (q.id = p.id OR q.merge_root = p.merge_root))
        ORDER BY a.patient
        """

    /// To be called by whatever changes the memberships or the referrals of a patient, or which records are theirs. An
    /// access that nothing explains any more waits for a review again, whoever concluded on it before.
    static func renew(_ patient: PatientIdentifier, on connection: any Connection) throws(StoreError) {
        let identifiers = try AccessReading.identifiers(of: patient, on: connection)
        var known: [(access: EmergencyAccess, explanation: EmergencyLinks.Explanation)] = []
        for identifier in identifiers {
            for row in try connection.rows(accesses, [.text(identifier.value)]) {
                known.append((try access(of: identifier, row), try explanation(row)))
            }
        }
        // Most patients never had an emergency.
        guard !known.isEmpty else { return }
        try lockPlaces(of: identifiers, on: connection)
        let links = try EmergencyLinks(of: identifiers, on: connection)
        for (access, explanation) in known {
            let found = links.explanation(of: access)
            guard found != explanation else { continue }
            try connection.execute(update, [.text(access.id), .text(found.level.rawValue), .optional(found.name)])
            if found.level == .declared { try connection.execute(EmergencyStatements.reopen, [.text(access.episode)]) }
        }
    }

    /// To be called when a structure begins or ceases to form a team.
    static func renew(at place: StructureIdentifier, on connection: any Connection) throws(StoreError) {
        for id in try connection.texts(patients, [.text(place.value)]) {
            guard let patient = PatientIdentifier(id) else {
                throw StoreError(.failed, "the patient of an emergency cannot be read")
            }
            try renew(patient, on: connection)
        }
    }

    /// So that of a change of the team and one of a structure in it, whichever comes second sees the first.
    private static func lockPlaces(
        of identifiers: [PatientIdentifier], on connection: any Connection
    ) throws(StoreError) {
        var ids: Set<String> = []
        for identifier in identifiers { ids.formUnion(try connection.texts(places, [.text(identifier.value)])) }
        for id in ids.sorted() {
            _ = try connection.row(Revisions.locked, [.text(RecordKey.Kind.structure.rawValue), .text(id)])
        }
    }

    private static func access(of patient: PatientIdentifier, _ row: Row) throws(StoreError) -> EmergencyAccess {
        guard let professional = ProfessionalIdentifier(try row.text(2)) else {
            throw StoreError(.failed, "an emergency access cannot be read")
        }
        return EmergencyAccess(
            id: try row.text(0), episode: try row.text(1), patient: patient, professional: professional,
            place: try row.optionalText(3).flatMap { StructureIdentifier($0) }, placeCounts: try row.bool(4),
            instant: try row.instant(5))
    }

    private static func explanation(_ row: Row) throws(StoreError) -> EmergencyLinks.Explanation {
        EmergencyLinks.Explanation(level: try row.value(6, as: RelationLevel.self), name: try row.optionalText(7))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAccess
package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// Episodes for the decision point, and what waits for a review.
package struct StoredEmergencies: EmergencyRecords {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func episodes(
        of addresses: Set<EmergencyEpisode.Address>
    ) async throws(RecordsUnavailable) -> (episodes: [EmergencyEpisode], stamp: Stamp) {
        do throws(StoreError) {
            return try await database.read { connection throws(StoreError) in
                let stamp = try connection.revision(of: addresses.map { RecordKey(.episode, $0.key) })
                var episodes: [EmergencyEpisode] = []
                for address in addresses {
                    let row = try connection.row(
                        Self.last,
                        [
                            .text(address.patient.value), .text(address.professional.value),
                            .text(address.service),
                            .text(address.kind.rawValue),
                        ])
                    if let row { episodes.append(try Self.episode(row)) }
                }
                return (episodes, stamp)
            }
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }

    /// Whom an episode is about.
    package func patient(of episode: String) async throws(RecordsUnavailable) -> PatientIdentifier? {
        do throws(StoreError) {
            return PatientIdentifier(try await database.rows(Self.patient, [.text(episode)]).first?.text(0) ?? "")
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }

    /// Episodes that nobody has reviewed, the oldest first.
    /// - Parameter unresolvedOnly: only those with an access that nothing explains yet.
    package func awaitingReview(
        unresolvedOnly: Bool, limit: Int
    ) async throws(RecordsUnavailable) -> [AwaitedReview] {
        do throws(StoreError) {
            let rows = try await database.rows(
                Self.awaiting,
                [.integer(unresolvedOnly ? 1 : 0), .integer(Int64(max(0, min(limit, 1000))))])
            var reviews: [AwaitedReview] = []
            for row in rows {
                reviews.append(
                    AwaitedReview(
                        episode: try Self.episode(row), accesses: Int(try row.integer(11)),
                        unresolved: Int(try row.integer(12))))
            }
            return reviews
        } catch {
            throw RecordsUnavailable(detail: error.description)
        }
    }

    private static func episode(_ row: Row) throws(StoreError) -> EmergencyEpisode {
        guard let patient = PatientIdentifier(try row.text(2)),
            let professional = ProfessionalIdentifier(try row.text(3))
        else { throw StoreError(.failed, "an emergency episode cannot be read") }
        return EmergencyEpisode(
            id: try row.text(0),
            address: EmergencyEpisode.Address(
                kind: try row.value(1, as: EmergencyEpisode.Kind.self), patient: patient,
                professional: professional,
                service: try row.text(4)),
            opened: try row.instant(5), until: try row.instant(6), justification: try row.optionalText(7),
            declaredCapacity: try row.optionalText(8), immediateRisk: try row.bool(9),
            callID: try row.optionalText(10))
    }

    private static let last = Statement(
        """
        SELECT \(EmergencyStatements.columns) FROM emergency_episodes
        WHERE patient = $1 AND professional = $2 AND service = $3 AND kind = $4 ORDER BY opened DESC LIMIT 1
        """)
    private static let patient: Statement = "SELECT patient FROM emergency_episodes WHERE id = $1"
    private static let awaiting: Statement = """
        SELECT e.id, e.kind, e.patient, e.professional, e.service, e.opened, e.until, e.justification,
            e.declared_capacity, e.immediate_risk, e.call_id, count(a.id), count(a.id) FILTER (WHERE a.level = 'declared')
        FROM emergency_episodes e LEFT JOIN emergency_accesses a ON a.episode = e.id
        WHERE e.reviewed_at IS NULL
        GROUP BY e.id
        HAVING $1 = 0 OR count(a.id) FILTER (WHERE a.level = 'declared') > 0
        ORDER BY e.opened, e.id LIMIT $2
        """
}

/// One line of the review list.
package struct AwaitedReview: Hashable, Sendable {
    package var episode: EmergencyEpisode
    package var accesses: Int
    /// Those that nothing explains but the word of the professional.
    package var unresolved: Int
}

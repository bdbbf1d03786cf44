// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// What links people and places to one patient: memberships that count and referrals, of every record that is theirs.
struct EmergencyLinks {
    /// What explains an access, and its name; `declared` and no name when nothing does.
    struct Explanation: Equatable {
        var level: RelationLevel
        var name: String?
    }

    private struct Link {
        var explanation: Explanation
        var party: Party
        var period: Period
        /// Who said so: nobody explains their own accesses by their own word.
        var referrer: String?

        func covers(_ access: EmergencyAccess) -> Bool {
            guard period.contains(access.instant), access.professional.value != referrer else { return false }
            return switch party {
            case .professional(let id): id == access.professional
            case .structure(let id): id == access.place && (access.placeCounts || explanation.level == .referred)
            case .relatedPerson: false
            }
        }
    }

    private static let referrals: Statement = """
        SELECT id, target_kind, target, period_start, period_end, referrer FROM referrals WHERE patient = $1
        ORDER BY id
        """

    /// The closest first, as a decision looks at them.
    private let links: [Link]

    init(of identifiers: [PatientIdentifier], on connection: any Connection) throws(StoreError) {
        var own: [Link] = []
        var staff: [Link] = []
        var referred: [Link] = []
        for patient in identifiers {
            let (memberships, _, teamCapable) = try AccessReading.memberships(of: patient, on: connection)
            for membership in memberships where membership.counts(teamCapable.contains) {
                let name = "membership/\(membership.id)"
                func link(_ level: RelationLevel) -> Link {
                    Link(
                        explanation: Explanation(level: level, name: name), party: membership.member,
                        period: membership.period)
                }
                if case .structure = membership.member {
                    staff.append(link(.structure))
                } else {
                    own.append(link(.own))
                }
            }
            for row in try connection.rows(EmergencyLinks.referrals, [.text(patient.value)]) {
                guard let target = PartyColumns.party(try row.value(1, as: Party.Kind.self), try row.text(2))
                else { throw StoreError(.failed, "a referral cannot be read") }
                referred.append(
                    Link(
                        explanation: Explanation(level: .referred, name: "referral/\(try row.text(0))"), party: target,
                        period: Period(start: try row.instant(3), end: try row.optionalInstant(4)),
                        referrer: try row.text(5)))
            }
        }
        links = own + staff + referred
    }

    func explanation(of access: EmergencyAccess) -> Explanation {
        links.first { $0.covers(access) }?.explanation ?? Explanation(level: .declared, name: nil)
    }
}

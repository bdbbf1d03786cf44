// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

/// A synthetic health region: nobody in it exists, and the same seed makes the same region everywhere.
///
/// Every date lies before `Region.made`, and what holds then holds for ever, so that a question has the same answer
/// on any later day.
struct Region: Equatable, Sendable {
    /// The day of the region's facts.
    static let made = Instant(seconds: 1_756_684_800)  // 2025-09-01T00:00:00Z

    var structures: [Structure] = []
    var professionals: [Professional] = []
    var patients: [Patient] = []
    var memberships: [Membership] = []
    var choices: [PatientChoice] = []

    /// The cast, written by hand (people a story can be told about), among a generated crowd.
    init(seed: UInt64 = 20_261_102) throws(CommandFailure) {
        var random = SplitMix64(seed: seed)
        try addStructures()
        try addCast()
        try addCrowdOfProfessionals(&random)
        try addCrowdOfPatients(&random)
    }

    /// Days before the region was made.
    static func ago(_ days: Int64) -> Instant { made - .days(days) }

    /// An identifier written in this source or built from numbers: never anything but well formed.
    static func identifier<Identifier>(_ text: String, _ make: (String) -> Identifier?) throws(CommandFailure)
        -> Identifier
    {
        guard let identifier = make(text) else {
            throw CommandFailure("the region has a malformed identifier: \(text)")
        }
        return identifier
    }

    static func professional(_ text: String) throws(CommandFailure) -> ProfessionalIdentifier {
        try identifier(text, ProfessionalIdentifier.init(_:))
    }

    static func structure(_ text: String) throws(CommandFailure) -> StructureIdentifier {
        try identifier(text, StructureIdentifier.init)
    }

    static func patient(_ text: String) throws(CommandFailure) -> PatientIdentifier {
        try identifier(text, PatientIdentifier.init)
    }

    static func relatedPerson(_ text: String) throws(CommandFailure) -> RelatedPersonIdentifier {
        try identifier(text, RelatedPersonIdentifier.init)
    }

    /// A number in three or more digits.
    static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

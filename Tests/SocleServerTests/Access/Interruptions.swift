// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleStore
import Synchronization

/// What happens to the records between the facts of an answer and its journal entry, as from another node: each commit
/// through the lane is preceded by the next change of a plan.
final class Interruptions: Sendable {
    private let pending: Mutex<[any RecordChange]>

    init(_ changes: [any RecordChange] = []) { pending = Mutex(changes) }

    func plan(_ changes: [any RecordChange]) { pending.withLock { $0 = changes } }

    /// Whether every change of the plan was made.
    var areOver: Bool { pending.withLock(\.isEmpty) }

    func before(_ lane: StoreLane) -> any CommitLane { InterruptedLane(lane: lane, interruptions: self) }

    fileprivate func next() -> (any RecordChange)? {
        pending.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}

private struct InterruptedLane: CommitLane {
    let lane: StoreLane
    let interruptions: Interruptions

    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        // A decision gathered from the records as they were; now they change, and only then is it journalled.
        if let change = interruptions.next() {
            guard try await lane.commit(Submission(changes: [change], entry: nil)) == .committed(nil) else {
                throw LaneUnavailable(detail: "the interruption was not written: \(change)")
            }
        }
        return try await lane.commit(submission)
    }
}

/// A lane that writes nothing.
struct BrokenLane: CommitLane {
    /// What it says of it; nil when it fails.
    var outcome: CommitOutcome?

    func commit(_ submission: Submission) async throws(LaneUnavailable) -> CommitOutcome {
        guard let outcome else { throw LaneUnavailable(detail: "broken") }
        return outcome
    }
}

/// One reading of the records.
enum Reading: Hashable, Sendable {
    case asker(SubjectReference)
    case file(PatientIdentifier)
    case policy, episodes
    case patientsLinked, structures, exercising, accountsOfProfessionals, accountsOfPatient, accountsClose
}

/// Records of which some readings may fail: `fails` says which.
struct FallibleRecords: AccessRecords, SearchRecords, EmergencyRecords {
    let records: StoredAccessRecords
    let index: StoredSearch
    let emergencies: StoredEmergencies
    let fails: @Sendable (Reading) -> Bool

    init(_ database: SQLiteDatabase, fails: @escaping @Sendable (Reading) -> Bool) {
        records = StoredAccessRecords(database: database)
        index = StoredSearch(database: database)
        emergencies = StoredEmergencies(database)
        self.fails = fails
    }

    private func check(_ reading: Reading) throws(RecordsUnavailable) {
        if fails(reading) { throw RecordsUnavailable(detail: "\(reading)") }
    }

    func asker(client: String, subject: SubjectReference) async throws(RecordsUnavailable) -> AskerFile {
        try check(.asker(subject))
        return try await records.asker(client: client, subject: subject)
    }

    func file(of patient: PatientIdentifier) async throws(RecordsUnavailable) -> PatientFile {
        try check(.file(patient))
        return try await records.file(of: patient)
    }

    func policy(number: Int64) async throws(RecordsUnavailable) -> PolicyVersion? {
        try check(.policy)
        return try await records.policy(number: number)
    }

    func episodes(
        of addresses: Set<EmergencyEpisode.Address>
    ) async throws(RecordsUnavailable) -> (episodes: [EmergencyEpisode], stamp: Stamp) {
        try check(.episodes)
        return try await emergencies.episodes(of: addresses)
    }

    func patients(
        linkedTo parties: Set<Party>, orAnybody anybody: Bool, notEndedBy instant: Instant, after: PatientIdentifier?,
        limit: Int
    ) async throws(RecordsUnavailable) -> [PatientIdentifier] {
        try check(.patientsLinked)
        return try await index.patients(
            linkedTo: parties, orAnybody: anybody, notEndedBy: instant, after: after, limit: limit)
    }

    func structures(after: StructureIdentifier?, limit: Int) async throws(RecordsUnavailable) -> [StructureIdentifier] {
        try check(.structures)
        return try await index.structures(after: after, limit: limit)
    }

    func professionals(
        exercisingIn structure: StructureIdentifier, after: ProfessionalIdentifier?, limit: Int
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier] {
        try check(.exercising)
        return try await index.professionals(exercisingIn: structure, after: after, limit: limit)
    }

    func accounts(
        of professionals: [ProfessionalIdentifier]
    ) async throws(RecordsUnavailable) -> [ProfessionalIdentifier: [String]] {
        try check(.accountsOfProfessionals)
        return try await index.accounts(of: professionals)
    }

    func accounts(
        ofPatient patient: PatientIdentifier, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String] {
        try check(.accountsOfPatient)
        return try await index.accounts(ofPatient: patient, after: after, limit: limit)
    }

    func accounts(
        closeTo patient: PatientIdentifier, or persons: Set<RelatedPersonIdentifier>, after: String?, limit: Int
    ) async throws(RecordsUnavailable) -> [String] {
        try check(.accountsClose)
        return try await index.accounts(closeTo: patient, or: persons, after: after, limit: limit)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

extension Region {
    /// Patients in one submission with their teams and choices: few transactions, each far below a second.
    private static let patientsInOne = 125

    /// The region as submissions for the lane, each journalled as one act of administration.
    ///
    /// Patients come in whole files, so that a submission refused because its memberships are there already was
    /// loaded before, whole: loading again completes what an interrupted loading left.
    func submissions(at instant: Instant) -> [Submission] {
        return [
            submission(structures.map { PersonChange.structure($0) }, "structures", structures.count, at: instant),
            submission(
                professionals.map { PersonChange.professional($0) }, "professionals", professionals.count, at: instant),
        ] + patientSubmissions(at: instant)
    }

    /// The patients alone.
    func patientSubmissions(at instant: Instant) -> [Submission] {
        var result: [Submission] = []
        let stays = Dictionary(grouping: memberships, by: \.patient)
        let decisions = Dictionary(grouping: choices, by: \.patient)
        for start in stride(from: 0, to: patients.count, by: Self.patientsInOne) {
            let some = patients[start..<min(start + Self.patientsInOne, patients.count)]
            var changes: [any RecordChange] = []
            for patient in some {
                changes.append(PersonChange.patient(patient))
                changes += (stays[patient.id] ?? []).map { ConsentChange.join($0) }
                changes += (decisions[patient.id] ?? []).map { ConsentChange.choose($0) }
            }
            result.append(submission(changes, "patients", some.count, at: instant))
        }
        return result
    }

    private func submission(
        _ changes: [any RecordChange], _ what: String, _ count: Int, at instant: Instant
    ) -> Submission {
        Submission(
            changes: changes,
            entry: EntryDraft(
                kind: .administration, instant: instant, actor: "operator",
                details: [
                    "event": "region_loaded", "records": .string(what), "count": .integer(Int64(count)),
                ]))
    }
}

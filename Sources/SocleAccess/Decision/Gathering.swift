// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity

/// The records one call rests on: at most one read per person and one per patient, however many questions it holds.
struct Gathering {
    var asker: [SubjectReference: AskerFile] = [:]
    var patients: [PatientIdentifier: GatheredPatient] = [:]
    /// Of those who ask in an emergency: their last episode.
    var episodes: [EmergencyEpisode.Address: EmergencyEpisode] = [:]
    var program: PolicyProgram?
    var stamp = Stamp()

    init() {}

    init(
        questions: [AccessQuestion], caller: Caller, records: any AccessRecords,
        emergencies: any EmergencyRecords, memory: FactsMemory, shelf: PolicyShelf
    ) async throws(RecordsUnavailable) {
        stamp = caller.stamp
        for question in questions {
            let reference = caller.reference(of: question.subject)
            if asker[reference] == nil {
                let key = FactsMemory.AskerKey(client: caller.client, subject: reference)
                let file: AskerFile
                if let known = memory.asker(key) {
                    file = known
                } else {
                    file = try await records.asker(client: caller.client, subject: reference)
                    memory.remember(file, key)
                }
                stamp.merge(file.stamp)
                asker[reference] = file
            }
            guard let patient = question.patient, patients[patient] == nil else { continue }
            if let known = memory.patient(patient) {
                stamp.merge(known.stamp)
                patients[patient] = known.facts
            } else {
                let file = try await records.file(of: patient)
                let facts = GatheredPatient(file)
                memory.remember(facts, stamp: file.stamp, patient)
                stamp.merge(file.stamp)
                patients[patient] = facts
            }
        }
        let addresses = Set(questions.compactMap { emergency(of: $0, from: caller) })
        if !addresses.isEmpty {
            let (found, stamp) = try await emergencies.episodes(of: addresses)
            self.stamp.merge(stamp)
            for episode in found { episodes[episode.address] = episode }
        }
        // Two reads may see two pointers; the stamp keeps the older revision, and the lane notices.
        guard let number = asker.values.compactMap(\.policyNumber).min() else { return }
        program = try await shelf.program(number)
    }
}

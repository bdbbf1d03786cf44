// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity

/// The records one call rests on: one read per person and one per patient, however many questions it holds.
struct Gathering {
    var asker: [SubjectReference: AskerFile] = [:]
    var patients: [PatientIdentifier: GatheredPatient] = [:]
    var program: PolicyProgram?
    var stamp = Stamp()

    init() {}

    init(
        questions: [AccessQuestion], caller: Caller, records: any AccessRecords, shelf: PolicyShelf
    ) async throws(RecordsUnavailable) {
        stamp = caller.stamp
        for reference in Set(questions.map { caller.reference(of: $0.subject) }) {
            let file = try await records.asker(client: caller.client, subject: reference)
            stamp.merge(file.stamp)
            asker[reference] = file
        }
        for patient in Set(questions.compactMap(\.patient)) {
            let file = try await records.file(of: patient)
            stamp.merge(file.stamp)
            patients[patient] = GatheredPatient(file)
        }
        // Two reads may see two pointers; the stamp keeps the older revision, and the lane notices.
        guard let number = asker.values.compactMap(\.policyNumber).min() else { return }
        program = try await shelf.program(number)
    }
}

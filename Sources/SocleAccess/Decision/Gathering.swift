// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity

/// The records one call rests on: at most one read per person and one per patient, however many questions it holds.
struct Gathering {
    /// What one question rests on.
    struct Item {
        var reference: SubjectReference
        var asker: GatheredAsker
        var patient: (id: PatientIdentifier, file: GatheredPatient)?
    }

    /// One for each question, in order.
    private(set) var items: [Item] = []
    /// Of those who ask in an emergency: their last episode.
    private(set) var episodes: [EmergencyEpisode.Address: EmergencyEpisode] = [:]
    private(set) var program: PolicyProgram?
    private(set) var stamp: Stamp

    init(
        questions: [AccessQuestion], caller: Caller, records: any AccessRecords,
        emergencies: any EmergencyRecords, memory: FactsMemory, shelf: PolicyShelf
    ) async throws(RecordsUnavailable) {
        stamp = caller.stamp
        // Of the questions before: a call sees one file of each, were nothing kept between calls.
        var askers: [SubjectReference: GatheredAsker] = [:]
        var patients: [PatientIdentifier: GatheredPatient] = [:]
        items.reserveCapacity(questions.count)
        for question in questions {
            let reference = caller.reference(of: question.subject)
            var item: Item
            if let known = askers[reference] {
                item = Item(reference: reference, asker: known)
            } else {
                let key = FactsMemory.AskerKey(client: caller.client, subject: reference)
                item = Item(reference: reference, asker: try await memory.asker(key, readingFrom: records))
                stamp.merge(item.asker.file.stamp)
                if questions.count > 1 { askers[reference] = item.asker }
            }
            if let id = question.patient {
                if let known = patients[id] {
                    item.patient = (id, known)
                } else {
                    let file = try await memory.patient(id, readingFrom: records)
                    item.patient = (id, file)
                    stamp.merge(file.stamp)
                    if questions.count > 1 { patients[id] = file }
                }
            }
            items.append(item)
        }
        let addresses = Set(zip(questions, items).compactMap { EmergencyEpisode.Address($0, $1) })
        if !addresses.isEmpty {
            let (found, stamp) = try await emergencies.episodes(of: addresses)
            self.stamp.merge(stamp)
            for episode in found { episodes[episode.address] = episode }
        }
        // Two reads may see two pointers; the stamp keeps the older revision, and the lane notices.
        guard let number = items.lazy.compactMap(\.asker.file.policyNumber).min() else { return }
        program = try await shelf.program(number)
    }
}

extension FactsMemory {
    fileprivate func asker(
        _ key: AskerKey, readingFrom records: any AccessRecords
    ) async throws(RecordsUnavailable) -> GatheredAsker {
        if let known = asker(key) { return known }
        let asker = GatheredAsker(try await records.asker(client: key.client, subject: key.subject))
        remember(asker, key)
        return asker
    }

    fileprivate func patient(
        _ id: PatientIdentifier, readingFrom records: any AccessRecords
    ) async throws(RecordsUnavailable) -> GatheredPatient {
        if let known = patient(id) { return known }
        let patient = GatheredPatient(try await records.file(of: id))
        remember(patient, id)
        return patient
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import SocleStore

/// Whether those whom a command names are on record.
extension Installation {
    /// The patient who answers for that identifier; nil when none does.
    func known(_ patient: PatientIdentifier) async throws(CommandFailure) -> PatientIdentifier? {
        do throws(RecordsUnavailable) {
            return try await StoredAccessRecords(database: database).file(of: patient).patient?.id
        } catch {
            throw CommandFailure("the patient cannot be read: \(error.detail)")
        }
    }

    /// A professional or a structure; nobody else is one by being named.
    func knows(_ party: Party) async throws(CommandFailure) -> Bool {
        let records = StoredAccessRecords(database: database)
        do throws(RecordsUnavailable) {
            switch party {
            case .professional(let id): return try await records.professional(id) != nil
            case .structure(let id): return try await records.structure(id) != nil
            case .relatedPerson: return false
            }
        } catch {
            throw CommandFailure("the records cannot be read: \(error.detail)")
        }
    }
}

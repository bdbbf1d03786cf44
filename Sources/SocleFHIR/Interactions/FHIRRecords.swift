// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
package import SocleIdentity

/// What the FHIR edge reads of the store.
package protocol FHIRRecords: Sendable {
    func current(_ reference: Reference) async throws(FHIRUnavailable) -> StoredVersion?
    func version(_ reference: Reference, _ number: Int64) async throws(FHIRUnavailable) -> StoredVersion?
    /// The newest first, those before that version.
    func history(
        _ reference: Reference, before: Int64?, limit: Int
    ) async throws(FHIRUnavailable) -> [StoredVersion]
    /// By id, from the first after the query's page token; at most one more than its count.
    func search(_ query: SearchQuery) async throws(FHIRUnavailable) -> [StoredVersion]
    /// One snapshot of everything needed, with the revision of each record.
    func surroundings(_ needs: Surroundings.Needs) async throws(FHIRUnavailable) -> Surroundings
    /// Every identifier of that person now, this one included.
    func identifiers(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier]
    /// Patients whose records no resource says yet, in no order.
    func pending(limit: Int) async throws(FHIRUnavailable) -> [PatientIdentifier]
    func isPending(_ patient: PatientIdentifier) async throws(FHIRUnavailable) -> Bool
    /// Who is on record with an INS, its number and key, and what with a FINESS number: some of them, if they are many.
    func patients(withINS number: String) async throws(FHIRUnavailable) -> [PatientIdentifier]
    /// Who else is on record with that patient's INS, without having been said to be one person with them.
    func others(withINSOf patient: PatientIdentifier) async throws(FHIRUnavailable) -> [PatientIdentifier]
    func structures(withFINESS number: String) async throws(FHIRUnavailable) -> [StructureIdentifier]
    /// One snapshot of a patient's records and of the resources that say them.
    func file(of patient: PatientIdentifier) async throws(FHIRUnavailable) -> PresentedFile
    /// An entry of the journal, its body erased or not.
    func entry(_ position: EntryPosition) async throws(FHIRUnavailable) -> JournalEntry?
    /// A patient's entries in `[from, to)`, the newest first, those before that one.
    func trail(
        of patient: PatientIdentifier, from: Instant?, to: Instant?, before: JournalPlace?, limit: Int
    ) async throws(FHIRUnavailable) -> PatientTrail
    /// Who these accounts are, disabled or not; those of nobody are left out.
    func people(of accounts: Set<String>) async throws(FHIRUnavailable) -> [String: AccountLink.Person]
}

/// What the journal holds of one person.
package struct PatientTrail: Hashable, Sendable {
    /// Every identifier that is theirs now: entries are found under each.
    package var identifiers: Set<PatientIdentifier>
    package var entries: [JournalEntry]

    package init(identifiers: Set<PatientIdentifier>, entries: [JournalEntry]) {
        self.identifiers = identifiers
        self.entries = entries
    }
}

/// Where an entry stands among a patient's: the instant, then the position.
package struct JournalPlace: Hashable, Sendable, Comparable {
    package var instant: Instant
    package var position: EntryPosition

    package init(instant: Instant, position: EntryPosition) {
        self.instant = instant
        self.position = position
    }

    package init(_ entry: JournalEntry) { self.init(instant: entry.instant, position: entry.position) }

    package static func < (a: JournalPlace, b: JournalPlace) -> Bool {
        (a.instant, a.position.chain, a.position.sequence) < (b.instant, b.position.chain, b.position.sequence)
    }
}

/// The records could not be read.
package struct FHIRUnavailable: Error, Equatable {
    package var detail: String
    package init(detail: String) { self.detail = detail }
}

/// Changes to what is stored of FHIR itself.
package enum FHIRChange: RecordChange {
    /// The next version of a resource and what it is found by; refused when its number is not the one that follows
    /// the last. It bumps no revision: what can alter an answer is in the records written beside it.
    case write(StoredVersion, index: [IndexEntry])
    /// Resources say all that the patient's records do.
    case presented(PatientIdentifier)
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One entry as it is kept: its place, its body and the two digests that bind them.
package struct JournalEntry: Hashable, Sendable {
    package var position: EntryPosition
    package var instant: Instant
    /// A spelling this version does not know is kept as it is: the chain still verifies.
    package var kind: String
    /// Repeats the body's patient, for the index; verification compares the two.
    package var patient: String?
    /// Repeats the body's patients, where they are several.
    package var patients: [IndexedPatient]
    /// JSON in UTF-8; nil once it was erased, which `JournalRetention` allows of old entries alone.
    package var body: [UInt8]?
    /// SHA-256 of the body. The body holds a random salt: an erased body cannot be guessed back from its digest.
    package var digest: [UInt8]
    package var hash: [UInt8]

    package init(
        position: EntryPosition, instant: Instant, kind: String, patient: String?,
        patients: [IndexedPatient] = [], body: [UInt8]?, digest: [UInt8], hash: [UInt8]
    ) {
        self.position = position
        self.instant = instant
        self.kind = kind
        self.patient = patient
        self.patients = patients
        self.body = body
        self.digest = digest
        self.hash = hash
    }
}

/// A row of the index of entries about several patients. A patient's entries are read in its order, so that it repeats
/// the instant as well.
package struct IndexedPatient: Hashable, Sendable {
    package var patient: String
    package var instant: Instant

    package init(_ patient: String, at instant: Instant) {
        self.patient = patient
        self.instant = instant
    }
}

/// The last entry known of a chain.
package struct ChainHead: Hashable, Sendable {
    package var chain: String
    package var sequence: Int64
    package var hash: [UInt8]

    package init(chain: String, sequence: Int64, hash: [UInt8]) {
        self.chain = chain
        self.sequence = sequence
        self.hash = hash
    }
}

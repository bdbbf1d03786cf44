// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleIdentity

/// The journal as a stream: pages of rows, each page one statement, never the whole.
package struct JournalReader: Sendable {
    private let database: any Database
    private let pageSize: Int64

    package init(_ database: any Database, pageSize: Int = 500) {
        self.database = database
        self.pageSize = Int64(pageSize)
    }

    /// Verifies the whole journal. May run beside a server that is writing it.
    /// - Parameter progress: called after each page with the number of entries read so far.
    package func verify(
        with verifier: JournalVerifier, progress: (Int) -> Void = { _ in }
    ) async throws(StoreError) -> JournalReport {
        var verifier = verifier
        var number: Int64 = 0
        while true {
            let rows = try await database.rows(JournalTables.checkpointPage, [.integer(number), .integer(pageSize)])
            for row in rows {
                verifier.add(try row.checkpoint())
                number = try row.integer(3)
            }
            if rows.count < pageSize { break }
        }
        var chain = ""
        while true {
            let rows = try await database.rows(JournalTables.openingPage, [.text(chain), .integer(pageSize)])
            for row in rows {
                let entry = try row.journalEntry()
                verifier.addOpening(entry)
                chain = entry.position.chain
            }
            if rows.count < pageSize { break }
        }
        var last = EntryPosition(chain: "", sequence: .min)
        var count = 0
        while true {
            let rows = try await database.rows(
                JournalTables.entryPage, [.text(last.chain), .integer(last.sequence), .integer(pageSize)])
            var entries: [JournalEntry] = []
            for row in rows { entries.append(try row.journalEntry()) }
            let patients = try await patients(after: last, upTo: entries.last?.position ?? last)
            for var entry in entries {
                entry.patients = patients[entry.position] ?? []
                verifier.add(entry)
                last = entry.position
            }
            count += rows.count
            progress(count)
            if rows.count < pageSize { break }
        }
        return verifier.report()
    }

    /// Whom the entries of a page are about, where they are several.
    private func patients(
        after first: EntryPosition, upTo last: EntryPosition
    ) async throws(StoreError) -> [EntryPosition: [IndexedPatient]] {
        var patients: [EntryPosition: [IndexedPatient]] = [:]
        for row in try await database.rows(
            JournalTables.patientsBetween,
            [.text(first.chain), .integer(first.sequence), .text(last.chain), .integer(last.sequence)])
        {
            let position = EntryPosition(chain: try row.text(0), sequence: try row.integer(1))
            patients[position, default: []].append(
                IndexedPatient(
                    (try? row.text(2)) ?? "", at: (try? row.instant(3)) ?? Instant(milliseconds: .min)))
        }
        return patients
    }

    /// The last signed checkpoint: what is sent outside. nil for a journal too young to have one.
    package func lastCheckpoint() async throws(StoreError) -> SignedCheckpoint? {
        try await database.row(JournalTables.lastCheckpoint)?.checkpoint()
    }
}

extension Row {
    /// Lenient where a tamperer may have changed a column's type: verification must name the entry, not stumble.
    func journalEntry() throws(StoreError) -> JournalEntry {
        JournalEntry(
            position: EntryPosition(chain: try text(0), sequence: try integer(1)),
            instant: (try? instant(2)) ?? Instant(milliseconds: 0), kind: (try? text(3)) ?? "",
            patient: (try? optionalText(4)).flatMap(\.self), body: bytes(5), digest: bytes(6) ?? [],
            hash: bytes(7) ?? [])
    }

    private func bytes(_ column: Int) -> [UInt8]? {
        switch values[column] {
        case .null: nil
        case .blob(let bytes): bytes
        case .text(let text): Array(text.utf8)
        case .integer: []
        }
    }
}

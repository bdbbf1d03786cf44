// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import Testing

@Suite("Journal verification · DESIGN 7")
struct JournalVerifierTests {
    @Test("a journal as it was written is sound") func sound() throws {
        let report = try JournalFixture.region().verified()
        #expect(report.faults == [])
        #expect(report.entries == 6 + 6 + 7)
        #expect(report.chains == 3)
        #expect(report.openChains == 2)
        #expect(report.checkpoints == 2)
        #expect(report.conclusion.contains("unproven since the beginning"))
    }

    @Test("a checkpoint kept outside proves what is before it, and only that") func outside() throws {
        let journal = try JournalFixture.region()
        let report = journal.verified(outside: journal.checkpoints[0])
        #expect(report.outside?.checkpoint == 1)
        #expect(report.conclusion.contains("proved up to checkpoint 1 of"))
        #expect(report.conclusion.contains("unproven since"))
    }

    @Test("an empty journal claims nothing") func empty() {
        let report = JournalFixture().verified()
        #expect(report.isSound)
        #expect(report.conclusion.contains("no signed checkpoint"))
    }

    @Test("retention may erase the body of an old entry: the chain still verifies") func erased() throws {
        var journal = try JournalFixture.region()
        journal.entries[journal.index(0, 3)].body = nil
        let report = journal.verified(outside: journal.checkpoints[1], after: .days(3653))
        #expect(report.isSound)
        #expect(report.erasedBodies == 1)
        #expect(report.outside?.checkpoint == 2)
        #expect(report.conclusion.contains("no body of the last 10 years was erased"))
    }

    @Test("a body erased before its time is named, whatever else was erased with it", arguments: [0, 1, 3650])
    func erasedEarly(days: Int64) throws {
        var journal = try JournalFixture.region()
        let index = journal.index(0, 3)
        journal.entries[index].body = nil
        journal.entries[index].patient = nil
        let place = JournalFault.Place.entry(journal.position(0, 3))
        #expect(journal.verified(after: .days(days)).faults == [JournalFault(place, .bodyErased)])
        let longer = try #require(JournalRetention(years: 20))
        let report = journal.verified(retention: longer, after: .days(3653))
        #expect(report.faults == [JournalFault(place, .bodyErased)])
        let shorter = try #require(JournalRetention(years: 1))
        #expect(journal.verified(retention: shorter, after: .days(366)).isSound)
    }

    @Test("a retention is a number of years") func retention() {
        #expect(JournalRetention(years: 0) == nil)
        #expect(JournalRetention(years: -1) == nil)
        #expect(JournalRetention(years: .max) == nil)
    }

    // MARK: Tampering with entries

    @Test("a changed body is found and named") func changedBody() throws {
        try expect(.bodyChanged, at: (1, 3)) { journal in
            journal.entries[journal.index(1, 3)].body?[20] ^= 1
        }
    }

    @Test("a changed body with its digest made to fit is found") func changedDigest() throws {
        try expect(.hashMismatch, at: (1, 3)) { journal in
            let index = journal.index(1, 3)
            journal.entries[index].body = Array(#"{"kind":"decision","details":{},"salt":""}"#.utf8)
            journal.entries[index].digest = SHA256.digest(journal.entries[index].body ?? [])
        }
    }

    @Test("a changed entry with its own hash made to fit is found at the entry after it") func rehashed() throws {
        try expect(.hashMismatch, at: (1, 4)) { journal in
            let index = journal.index(1, 3)
            journal.entries[index].instant = Instant(seconds: 0)
            journal.rehash(from: index, count: 1)
        }
    }

    @Test("a chain rewritten to its end contradicts the signed statement on it") func rewritten() throws {
        try expect(.contradictsStatement, at: (1, 6)) { journal in
            journal.entries[journal.index(1, 3)].instant = Instant(seconds: 0)
            journal.rehash(from: journal.index(1, 3), count: 4)
        }
    }

    @Test("a changed hash is found") func changedHash() throws {
        try expect(.hashMismatch, at: (0, 2)) { journal in journal.entries[journal.index(0, 2)].hash[0] ^= 1 }
    }

    @Test("a changed instant is found") func changedInstant() throws {
        try expect(.hashMismatch, at: (0, 2)) { journal in
            journal.entries[journal.index(0, 2)].instant = Instant(seconds: 1)
        }
    }

    @Test("an index column that differs from the body is found", arguments: ["kind", "patient"])
    func changedColumn(_ column: String) throws {
        try expect(.columnChanged, at: (0, 3)) { journal in
            let index = journal.index(0, 3)
            if column == "kind" { journal.entries[index].kind = "token" } else { journal.entries[index].patient = nil }
        }
    }

    @Test("a row of the index that tells another instant than its entry is found, the body erased or not")
    func movedInTime() throws {
        try expect(.columnChanged, at: (2, 8)) { journal in
            journal.write(chain: 2, patients: ["pat-1", "pat-2"])
            journal.entries[journal.index(2, 8)].patients[1].instant = Instant(seconds: 0)
        }
        try expect(.columnChanged, at: (2, 8)) { journal in
            journal.write(chain: 2, patients: ["pat-1", "pat-2"])
            journal.entries[journal.index(2, 8)].body = nil
            journal.entries[journal.index(2, 8)].patients[0].instant = Instant(seconds: 0)
        }
    }

    @Test("an entry removed from the middle is named") func removedMiddle() throws {
        try expect(.missing, at: (1, 3)) { journal in journal.entries.remove(at: journal.index(1, 3)) }
    }

    @Test("a removed opening is named") func removedOpening() throws {
        try expect(.missing, at: (1, 1)) { journal in journal.entries.remove(at: journal.index(1, 1)) }
    }

    @Test("a removed tail is found by the checkpoint that covered it") func removedTail() throws {
        try expect(.tailMissing, at: (1, 5)) { journal in
            let (chain, _) = (journal.chains[1], 0)
            journal.entries.removeAll { $0.position.chain == chain && $0.position.sequence >= 5 }
        }
    }

    @Test("a removed tail is found by the opening of the next chain, without any checkpoint")
    func removedTailByOpening() throws {
        try expect(.tailMissing, at: (1, 5)) { journal in
            journal.checkpoints.removeAll { $0.checkpoint?.number == 2 }
            let chain = journal.chains[1]
            journal.entries.removeAll { $0.position.chain == chain && $0.position.sequence >= 5 }
        }
    }

    @Test("a missing chain is named, by the checkpoint") func missingChain() throws {
        try expect(.chainMissing, at: (0, 1)) { journal in
            let chain = journal.chains[0]
            journal.entries.removeAll { $0.position.chain == chain }
        }
    }

    @Test("two entries swapped are found at the first") func swapped() throws {
        try expect(.hashMismatch, at: (1, 3)) { journal in
            let (one, two) = (journal.index(1, 3), journal.index(1, 4))
            journal.entries.swapAt(one, two)
            journal.entries[one].position.sequence = 3
            journal.entries[two].position.sequence = 4
        }
    }

    @Test("an entry moved to another chain is found") func moved() throws {
        try expect(.hashMismatch, at: (1, 7)) { journal in
            var entry = journal.entries[journal.index(2, 7)]
            entry.position = journal.position(1, 7)
            journal.entries.append(entry)
        }
    }

    @Test("an entry inserted after the end of a closed chain is found, its hash made to fit or not")
    func insertedAfterClosing() throws {
        try expect(.afterClosing, at: (0, 7)) { journal in
            var entry = journal.entries[journal.index(0, 5)]
            entry.position.sequence = 7
            journal.entries.append(entry)
            journal.entries[journal.entries.count - 1].hash = JournalHash.hash(
                previous: journal.entries[journal.index(0, 6)].hash, position: entry.position,
                instant: entry.instant, digest: entry.digest)
        }
    }

    @Test("an entry with a number from before the beginning is found") func insertedBefore() throws {
        try expect(.numberTwice, at: (0, 0)) { journal in
            var entry = journal.entries[journal.index(0, 2)]
            entry.position.sequence = 0
            journal.entries.append(entry)
        }
    }

    @Test("a chain that Socle did not open is found") func insertedChain() throws {
        var journal = try JournalFixture.region()
        var foreign = JournalChain(seed: [UInt8](repeating: 9, count: 16))
        let draft = EntryDraft(
            kind: .chain, instant: Instant(seconds: 0), actor: nil,
            details: ["event": "opened", "chain": .string(foreign.id), "instant": 0, "heads": [], "key": "test-1"])
        journal.entries.append(foreign.append(draft, stamp: Stamp(), salt: [UInt8](repeating: 0, count: 16)))
        #expect(
            journal.verified().faults
                == [JournalFault(.entry(EntryPosition(chain: foreign.id, sequence: 1)), .openingNotSigned)])
    }

    @Test("an opening erased or signed by an unknown key proves nothing") func unsignedOpening() throws {
        try expect(.openingNotSigned, at: (2, 1)) { journal in journal.entries[journal.index(2, 1)].body = nil }
        let unknown = JournalSigner(keyID: "other", sign: { $0 }, verify: { _, _, _ in nil })
        #expect(try !JournalFixture.region().verified(by: unknown).isSound)
    }

    @Test("a body that is no entry's is named, even with a chain made to fit") func unreadableBody() throws {
        try expect(.bodyUnreadable, at: (2, 7)) { journal in
            let index = journal.index(2, 7)
            journal.entries[index].body = [0xFF]
            journal.entries[index].digest = SHA256.digest([0xFF])
            journal.rehash(from: index, count: 1)
        }
    }

    // MARK: Tampering with checkpoints

    @Test("a changed checkpoint is found") func changedCheckpoint() throws {
        var journal = try JournalFixture.region()
        journal.checkpoints[0].body[20] ^= 1
        #expect(
            journal.verified().faults.first?.place == .checkpoint(1)
                || journal.verified().faults.first?.place == .checkpoint(2))
    }

    @Test("a removed checkpoint is found by the one after it") func removedCheckpoint() throws {
        var journal = try JournalFixture.region()
        journal.checkpoints.removeFirst()
        #expect(journal.verified().faults.first == JournalFault(.checkpoint(1), .checkpointMissing))
    }

    @Test("the last checkpoints removed are found by the one kept outside, or by a later opening")
    func removedLastCheckpoint() throws {
        var journal = try JournalFixture.region()
        let kept = journal.checkpoints[1]
        journal.checkpoints.removeLast()
        #expect(journal.verified(outside: kept).faults == [JournalFault(.checkpoint(2), .checkpointMissing)])
        try journal.open()
        journal.checkpoints.removeAll()
        #expect(journal.verified().faults.contains(JournalFault(.checkpoint(1), .checkpointMissing)))
    }

    @Test("a checkpoint signed by nobody is found") func unsignedCheckpoint() throws {
        var journal = try JournalFixture.region()
        journal.checkpoints[1].signature[0] ^= 1
        #expect(journal.verified().faults == [JournalFault(.checkpoint(2), .checkpointNotSigned)])
    }

    @Test("a journal rewritten whole, keys in hand, contradicts only the checkpoint kept outside")
    func rewrittenWhole() throws {
        let kept = try JournalFixture.region().checkpoints[0]
        var forged = JournalFixture()
        try forged.open()
        for _ in 0..<3 { forged.write(chain: 0) }
        try forged.checkpoint()
        #expect(forged.verified().isSound)
        #expect(forged.verified(outside: kept).faults == [JournalFault(.checkpoint(1), .checkpointChanged)])
        #expect(forged.verified(outside: kept).outside == nil)
    }

    @Test("an outside checkpoint that nobody signed proves nothing") func forgedOutside() throws {
        let journal = try JournalFixture.region()
        var outside = journal.checkpoints[0]
        outside.signature = []
        #expect(!journal.verified(outside: outside).isSound)
        outside.body = Array("{}".utf8)
        #expect(!journal.verified(outside: outside).isSound)
    }

    @Test("a checkpoint survives its way outside and back") func file() throws {
        let checkpoint = try JournalFixture.region().checkpoints[1]
        let read = try SignedCheckpoint(json: JSONValue(parsing: checkpoint.json.bytes))
        #expect(read == checkpoint)
        #expect(SignedCheckpoint(json: ["checkpoint": "{}"]) == nil)
    }

    /// Tampers with a sound journal and expects that one fault, at that place.
    private func expect(
        _ kind: JournalFault.Kind, at place: (chain: Int, sequence: Int64),
        after tamper: (inout JournalFixture) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var journal = try JournalFixture.region()
        tamper(&journal)
        let report = journal.verified()
        let position = journal.position(place.chain, place.sequence)
        #expect(report.faults.first == JournalFault(.entry(position), kind), sourceLocation: sourceLocation)
        #expect(report.conclusion.contains("NOT SOUND"), sourceLocation: sourceLocation)
        #expect(report.conclusion.contains(position.chain), sourceLocation: sourceLocation)
    }
}

extension JournalFixture {
    /// Makes the hashes of those entries follow again, as a tamperer would.
    mutating func rehash(from index: Int, count: Int) {
        for index in index..<index + count {
            let entry = entries[index]
            let before = entries.first {
                $0.position.chain == entry.position.chain && $0.position.sequence == entry.position.sequence - 1
            }
            entries[index].hash = JournalHash.hash(
                previous: before?.hash ?? JournalHash.origin, position: entry.position, instant: entry.instant,
                digest: entry.digest)
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON

/// A journal as a value: what a store would hold, to be tampered with.
struct JournalFixture {
    var entries: [JournalEntry] = []
    var checkpoints: [SignedCheckpoint] = []
    private(set) var chains: [String] = []
    private var instant = Instant(seconds: 1_793_610_000)
    private var saltSeed: UInt8 = 0
    private var state: [JournalChain] = []
    private var covered: [String: Int64] = [:]

    static let signer = JournalSigner(
        keyID: "test-1", sign: { HMAC.sha256(key: [1], $0) },
        verify: { keyID, message, signature in
            keyID == "test-1" ? HMAC.sha256(key: [1], message) == signature : nil
        })

    /// Three chains: the first closed, the second ended by a crash, the third running; two checkpoints, of which the
    /// second covers the first two chains and a part of the third.
    static func region() throws -> JournalFixture {
        var journal = JournalFixture()
        try journal.open()
        for index in 0..<4 { journal.write(chain: 0, patient: index == 1 ? "pat-1" : nil) }
        try journal.checkpoint()
        journal.close(chain: 0)
        try journal.open()
        for _ in 0..<5 { journal.write(chain: 1) }
        try journal.open()
        for _ in 0..<3 { journal.write(chain: 2) }
        try journal.checkpoint()
        for _ in 0..<3 { journal.write(chain: 2) }
        return journal
    }

    mutating func open() throws {
        let chain = JournalChain(seed: [UInt8](repeating: UInt8(state.count + 1), count: 16))
        let draft = try ChainEvent.opening(
            chain, at: tick(), after: checkpoints.last, heads: uncovered(), signer: Self.signer)
        state.append(chain)
        chains.append(chain.id)
        append(draft, to: state.count - 1)
    }

    mutating func write(chain: Int, patient: String? = nil) {
        let draft = EntryDraft(
            kind: .decision, instant: tick(), actor: "sub-1", patient: patient.flatMap { PatientIdentifier($0) },
            details: ["decision": true, "note": "é\n\"quoted\""])
        append(draft, to: chain, stamp: Stamp([RecordKey(.patient, "pat-1"): 3, RecordKey(.account, "a"): 0]))
    }

    mutating func write(chain: Int, patients: [String]) {
        let draft = EntryDraft(
            kind: .decision, instant: tick(), actor: "sub-1",
            patients: Set(patients.compactMap { PatientIdentifier($0) }), details: [:])
        append(draft, to: chain)
    }

    mutating func close(chain: Int) { append(ChainEvent.closing(at: tick()), to: chain) }

    mutating func checkpoint() throws {
        let heads = uncovered()
        for head in heads { covered[head.chain] = head.sequence }
        checkpoints.append(
            try Checkpoint(
                number: Int64(checkpoints.count + 1), instant: tick(), previous: checkpoints.last?.digest, heads: heads
            ).signed(by: Self.signer))
    }

    private mutating func append(_ draft: EntryDraft, to chain: Int, stamp: Stamp = Stamp()) {
        saltSeed += 1
        entries.append(
            state[chain].append(draft, stamp: stamp, salt: [UInt8](repeating: saltSeed, count: EntryBody.saltSize)))
    }

    private func uncovered() -> [ChainHead] {
        state.map(\.head).filter { $0.sequence > covered[$0.chain, default: 0] }
    }

    private mutating func tick() -> Instant {
        instant = instant + .seconds(1)
        return instant
    }

    /// The index of an entry in `entries`.
    func index(_ chain: Int, _ sequence: Int64) -> Int {
        entries.firstIndex { $0.position == position(chain, sequence) } ?? -1
    }

    func position(_ chain: Int, _ sequence: Int64) -> EntryPosition {
        EntryPosition(chain: chains[chain], sequence: sequence)
    }

    /// As a store gives it: checkpoints by number, openings, then entries by chain and sequence.
    func verified(
        outside: SignedCheckpoint? = nil, by signer: JournalSigner = signer, retention: JournalRetention = .usual,
        after age: Duration = .seconds(0)
    ) -> JournalReport {
        var verifier = JournalVerifier(
            verify: signer.verify, outside: outside, retention: retention, at: instant + age)
        for checkpoint in checkpoints { verifier.add(checkpoint) }
        let sorted = entries.sorted {
            ($0.position.chain, $0.position.sequence) < ($1.position.chain, $1.position.sequence)
        }
        for entry in sorted where entry.position.sequence == 1 { verifier.addOpening(entry) }
        for entry in sorted { verifier.add(entry) }
        return verifier.report()
    }
}

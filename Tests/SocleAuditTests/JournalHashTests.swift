// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import Testing

@Suite("Journal entries · DESIGN 7")
struct JournalHashTests {
    private let digest = SHA256.digest(Array("body".utf8))

    @Test("the hash is the one documented, byte for byte") func encoding() {
        let hash = JournalHash.hash(
            previous: JournalHash.origin, position: EntryPosition(chain: "ab", sequence: 258),
            instant: Instant(milliseconds: 1), digest: digest)
        let bytes: [UInt8] =
            Array("socle-journal-1".utf8) + [UInt8](repeating: 0, count: 32) + [0, 0, 0, 2] + Array("ab".utf8)
            + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0, 0, 0, 0, 1] + digest
        #expect(hash == SHA256.digest(bytes))
    }

    @Test("every part changes the hash") func everyPart() {
        func hash(_ previous: UInt8, _ chain: String, _ sequence: Int64, _ instant: Int64, _ body: String) -> [UInt8] {
            JournalHash.hash(
                previous: [UInt8](repeating: previous, count: 32),
                position: EntryPosition(chain: chain, sequence: sequence),
                instant: Instant(milliseconds: instant), digest: SHA256.digest(Array(body.utf8)))
        }
        let hashes = [
            hash(0, "a", 1, 1, "x"), hash(1, "a", 1, 1, "x"), hash(0, "b", 1, 1, "x"), hash(0, "a", 2, 1, "x"),
            hash(0, "a", 1, 2, "x"), hash(0, "a", 1, 1, "y"), hash(0, "", 1, 1, "x"), hash(0, "aa", 1, 1, "x"),
        ]
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("a body is one JSON object that says all of the draft, and its salt") func body() throws {
        let draft = EntryDraft(
            kind: .choice, instant: Instant(seconds: 0), actor: "sub \"1\"", patient: PatientIdentifier("pat-1"),
            details: ["a": [1, "b\u{1}"]])
        let stamp = Stamp([RecordKey(.person, "p/1"): 4, RecordKey(.patient, "pat-1"): 0])
        let bytes = EntryBody.bytes(draft, stamp: stamp, salt: [UInt8](repeating: 255, count: 16))
        let value = try JSONValue(parsing: bytes)
        let expected: JSONValue = [
            "kind": "choice", "actor": "sub \"1\"", "patient": "pat-1", "details": ["a": [1, "b\u{1}"]],
            "revisions": ["patient/pat-1": 0, "person/p/1": 4], "salt": "_____________________w",
        ]
        #expect(value == expected)
        #expect(bytes == expected.bytes)
    }

    @Test("an entry about several patients names them in order, and one about one names it alone") func patients()
        throws
    {
        for (names, expected) in [(["q", "p"], ["patients": ["p", "q"]]), (["p"], ["patient": "p"]), ([], [:])]
            as [([String], JSONObject)]
        {
            let draft = EntryDraft(
                kind: .decision, instant: Instant(seconds: 0), actor: nil,
                patients: Set(names.compactMap { PatientIdentifier($0) }), details: [:])
            let body = try #require(EntryBody.object(EntryBody.bytes(draft, stamp: Stamp(), salt: [])))
            #expect(body["patients"] == expected["patients"])
            #expect(body["patient"] == expected["patient"])
        }
    }

    @Test("the same draft twice has two digests, for the salts differ") func salted() {
        var chain = JournalChain(seed: [UInt8](repeating: 1, count: 16))
        let draft = EntryDraft(kind: .token, instant: Instant(seconds: 0), actor: nil, details: [:])
        let one = chain.append(draft, stamp: Stamp(), salt: [UInt8](repeating: 1, count: 16))
        let two = chain.append(draft, stamp: Stamp(), salt: [UInt8](repeating: 2, count: 16))
        #expect(one.digest != two.digest)
        #expect(two.position.sequence == 2)
        #expect(chain.head == ChainHead(chain: chain.id, sequence: 2, hash: two.hash))
    }
}

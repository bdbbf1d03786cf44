// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import Testing

@Suite("What an answer rests on · DESIGN 4.4")
struct StampTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private func key(_ random: inout Generator) -> RecordKey {
        let kind = RecordKey.Kind.allCases.randomElement(using: &random) ?? .patient
        return RecordKey(kind, "r-\(Int.random(in: 0..<6, using: &random))")
    }

    private func agree(_ revisions: RecordRevisions, _ expected: [RecordKey: Int64]) -> Bool {
        revisions.count == expected.count && expected.allSatisfy { revisions[$0.key] == $0.value }
            && zip(revisions, revisions.dropFirst()).allSatisfy { $0.key < $1.key }
    }

    @Test(
        "revisions are kept, replaced, forgotten and merged as in a table, and always in order",
        arguments: 1...40 as ClosedRange<UInt64>)
    func table(seed: UInt64) {
        var random = Generator(state: seed)
        var stamp = Stamp()
        var expected: [RecordKey: Int64] = [:]
        for step in 0..<200 {
            switch step % 4 {
            case 0, 1:
                let (key, revision) = (key(&random), Int64.random(in: 0..<9, using: &random))
                stamp.revisions[key] = revision
                expected[key] = revision
            case 2:
                let key = key(&random)
                stamp.revisions[key] = nil
                expected[key] = nil
            default:
                // Of every size beside the one it goes into: none, few, as many, more.
                var other = Stamp()
                for _ in 0..<Int.random(in: 0..<24, using: &random) {
                    other.revisions[key(&random)] = Int64.random(in: 0..<9, using: &random)
                }
                stamp.merge(other)
                for record in other.revisions {
                    expected[record.key] = min(record.value, expected[record.key] ?? record.value)
                }
            }
            #expect(agree(stamp.revisions, expected), "seed \(seed), step \(step)")
        }
    }

    @Test("of two readings of one record the older is kept, whichever came first") func older() {
        let (early, late): (Stamp, Stamp) = (
            Stamp([RecordKey(.patient, "p"): 3, RecordKey(.person, "a"): 1]), Stamp([RecordKey(.patient, "p"): 4])
        )
        var one = early
        one.merge(late)
        var two = late
        two.merge(early)
        #expect(one == early && two == early)
    }

    @Test("kinds are ordered by their names, as an entry lists them") func kinds() {
        let keys = RecordKey.Kind.allCases.map { RecordKey($0, "x") }
        #expect(keys.sorted().map(\.kind.rawValue) == keys.map(\.kind.rawValue).sorted())
        #expect(RecordKey(.patient, "a") < RecordKey(.patient, "b"))
    }
}

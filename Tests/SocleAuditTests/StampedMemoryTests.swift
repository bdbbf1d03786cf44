// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import Testing

@Suite("Records in memory · DESIGN 4.4")
struct StampedMemoryTests {
    private func stamp(_ revision: Int64) -> Stamp { Stamp([RecordKey(.patient, "p"): revision]) }

    @Test("what was read is found with the revisions it was read at") func found() {
        let memory = StampedMemory<String, Int>(limit: 10)
        #expect(memory["a"] == nil)
        memory.remember("a", 1, stamp: stamp(7))
        #expect(memory["a"]?.value == 1 && memory["a"]?.stamp == stamp(7))
        memory.remember("a", 2, stamp: stamp(8))
        #expect(memory["a"]?.value == 2 && memory["a"]?.stamp == stamp(8))
        memory.forget("a")
        memory.forget("b")
        #expect(memory["a"] == nil)
        #expect(memory.figures.hits == 4 && memory.figures.misses == 2 && memory.figures.weight == 0)
    }

    @Test("the weight kept never passes the limit, whatever is given") func bounded() {
        let memory = StampedMemory<Int, Int>(limit: 100)
        for key in 0..<10_000 {
            memory.remember(key % 1_000, key, stamp: stamp(0), weight: 1 + key % 37)
            _ = memory[key / 2 % 1_000]
            if key.isMultiple(of: 7) { memory.forget(key % 1_000) }
            #expect(memory.figures.weight <= 100)
        }
        #expect(memory.figures.weight > 0)
    }

    @Test("what is asked for often outlives what is not") func generations() {
        let memory = StampedMemory<Int, Int>(limit: 100)
        for key in 0..<1_000 {
            memory.remember(key, key, stamp: stamp(0))
            _ = memory[0]
        }
        #expect(memory[0]?.value == 0)
        #expect(memory[1] == nil)
    }

    @Test("a value too heavy is not kept, nor anything when nothing may be", arguments: [0, 1, 10]) func heavy(
        limit: Int
    ) {
        let memory = StampedMemory<Int, Int>(limit: limit)
        memory.remember(1, 1, stamp: stamp(0), weight: limit / 2 + 1)
        #expect(memory[1] == nil && memory.figures.weight == 0)
    }

    @Test("a lighter value put in place of a kept one gives its weight back") func replaced() {
        let memory = StampedMemory<Int, Int>(limit: 20)
        memory.remember(1, 1, stamp: stamp(0), weight: 10)
        memory.remember(1, 2, stamp: stamp(0), weight: 3)
        #expect(memory.figures.weight == 3)
        memory.remember(1, 3, stamp: stamp(0), weight: 11)
        #expect(memory[1] == nil && memory.figures.weight == 0)
    }
}

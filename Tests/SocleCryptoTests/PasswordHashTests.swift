// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Synchronization
import Testing

@Suite("Password hashes · Argon2id, RFC 9106")
struct PasswordHashTests {
    let quick = PasswordHash.Parameters(memory: 64, passes: 1, lanes: 1)

    @Test("the reference implementation's strings verify, and are made again from the same salt") func known() {
        let parameters = PasswordHash.Parameters(memory: 256, passes: 2, lanes: 1)
        let phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        #expect(PasswordHash.verify("password", phc))
        #expect(!PasswordHash.verify("Password", phc))
        #expect(PasswordHash.isOutdated(phc))
        #expect(!PasswordHash.isOutdated(phc, parameters: parameters))
    }

    @Test("a hash of the standard parameters says so and verifies") func standard() {
        let phc = PasswordHash.make("été à l'hôpital", random: .system)
        #expect(phc.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(PasswordHash.verify("été à l'hôpital", phc))
        #expect(!PasswordHash.isOutdated(phc))
    }

    @Test("another password, its prefix, the empty one or one too long is refused") func wrong() {
        let phc = PasswordHash.make("swordfish", parameters: quick, random: .system)
        #expect(PasswordHash.verify("swordfish", phc))
        for wrong in ["", "swordfis", "swordfish ", "Swordfish", String(repeating: "a", count: 2000)] {
            #expect(!PasswordHash.verify(wrong, phc))
        }
    }

    @Test(
        "a planted hash with absurd parameters is refused before it costs anything",
        arguments: [
            "m=4194304,t=2,p=1", "m=19456,t=4000000000,p=1", "m=19456,t=2,p=255", "m=0,t=2,p=1", "m=19456,t=0,p=1",
            "m=19456,t=2,p=0", "m=99999999999999999999,t=2,p=1", "m=-1,t=2,p=1", "m=+64,t=1,p=1", "m=064,t=1,p=1",
            "t=1,m=64,p=1", "m=64,t=1", "m=64,t=1,p=1,keyid=x", "",
        ])
    func bombs(parameters: String) {
        #expect(
            !PasswordHash.verify(
                "x", "$argon2id$v=19$\(parameters)$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
    }

    @Test(
        "what is no Argon2id string is no one's password",
        arguments: [
            "", "password", "$", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$",
            "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=64,t=1,p=1$c29t$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ=$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EA",
            "$2y$10$abcdefghijklmnopqrstuu",
        ])
    func notPHC(text: String) {
        #expect(!PasswordHash.verify("", text))
        #expect(!PasswordHash.verify("password", text))
    }
}

@Suite("Password pool · bounded threads, bounded queue", .timeLimit(.minutes(10)))
struct PasswordPoolTests {
    let quick = PasswordHash.Parameters(memory: 64, passes: 1, lanes: 1)

    @Test("it tells a right password from a wrong one, and an unknown account from neither") func verdicts() async {
        let pool = PasswordPool(parameters: quick)
        let phc = await pool.hash("swordfish")
        #expect(await pool.verify("swordfish", against: phc ?? "") == true)
        #expect(await pool.verify("wrong", against: phc ?? "") == false)
        #expect(await pool.verifyAgainstNothing("swordfish") == false)
        #expect(await pool.verifyAgainstNothing("") == false)
    }

    @Test("authelia#1044: beyond its queue it refuses at once, and what it admitted still ends") func full() async {
        let pool = BlockingPool(threads: 1, capacity: 3)
        let gate = Mutex(true)
        async let first = pool.run { while gate.withLock({ $0 }) {} }
        // Until the one thread has taken the first, the queue is not empty.
        while pool.waiting > 0 { await Task.yield() }
        try? await Task.sleep(for: .milliseconds(50))
        let waiting = (0..<3).map { index in Task { await pool.run { index } } }
        while pool.waiting < 3 { await Task.yield() }
        #expect(await pool.run { 99 } == nil)
        #expect(await pool.run { 99 } == nil)
        gate.withLock { $0 = false }
        _ = await first
        for (index, task) in waiting.enumerated() { #expect(await task.value == index) }
        #expect(await pool.run { 99 } == 99)
    }

    @Test("a pool that goes away ends its threads after its work") func closing() async {
        for _ in 0..<50 {
            let pool = BlockingPool(threads: 2, capacity: 8)
            #expect(await pool.run { 1 } == 1)
        }
    }
}

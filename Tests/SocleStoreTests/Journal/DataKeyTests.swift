// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleStore
import Testing

@Suite("Data keys · DESIGN 6")
struct DataKeyTests {
    private let random = SecureRandom.fixed(seed: 7)
    private let master = Vault(key: [UInt8](repeating: 1, count: 32))

    @Test("the key is made once: what one start seals, the next one opens") func once() async throws {
        try await withStores { store in
            let first = try await load(store)
            let sealed = first.seal([1, 2, 3], context: "c", random: random)
            let second = try await load(store)
            #expect(second.open(sealed, context: "c") == [1, 2, 3], "\(store.name)")
            #expect(try await store.sequences(of: store.lane.chain) == [1, 2])
        }
    }

    @Test("two processes that start at once end with the same key") func race() async throws {
        try await withStores { store in
            let other = try await store.openLane(seed: 2)
            async let one = load(store)
            async let two = DataKey.loadOrCreate(
                database: store.database, lane: other, masterKey: master, random: .fixed(seed: 8), at: store.clock.now()
            )
            let sealed = try await one.seal([9], context: "c", random: random)
            #expect(try await two.open(sealed, context: "c") == [9], "\(store.name)")
            await other.close()
        }
    }

    @Test("another master key opens nothing, and makes no new key") func wrongMaster() async throws {
        try await withStores { store in
            _ = try await load(store)
            await #expect(throws: StoreError.self, "\(store.name)") {
                try await DataKey.loadOrCreate(
                    database: store.database, lane: store.lane, masterKey: Vault(key: [UInt8](repeating: 2, count: 32)),
                    random: random, at: store.clock.now())
            }
            #expect(try await store.database.integer("SELECT COUNT(*) FROM vault_keys") == 1)
        }
    }

    private func load(_ store: TestStore) async throws -> Vault {
        try await DataKey.loadOrCreate(
            database: store.database, lane: store.lane, masterKey: master, random: random, at: store.clock.now())
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Logging
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import SocleStore
import Testing

@testable import socle

@Suite("Rotation · no token refused by it", .timeLimit(.minutes(10)))
struct KeyRotationTests {
    private static let period: Duration = .days(90)

    private static func sign(_ keys: KeyDirectory) async throws -> String {
        let (id, key) = try await keys.current(.es256)
        return try JWS.sign(claims: ["sub": "x"], with: key, keyID: id)
    }

    /// As every Socle endpoint does: by the key the token names, with the algorithm that key is for.
    private static func verifies(_ token: String, _ keys: KeyDirectory) async -> Bool {
        guard let token = try? UnverifiedToken(compact: token),
            let (algorithm, key) = await keys.verificationKey(token.header.keyID ?? "")
        else { return false }
        return (try? token.verified(by: key, algorithm: algorithm)) != nil
    }

    /// As a client does, with a JWK set it may have read before the turn.
    private static func verifies(_ token: String, _ set: JWKSet) -> Bool {
        guard let token = try? UnverifiedToken(compact: token), let (key, algorithm) = set.key(for: token.header)
        else { return false }
        return (try? token.verified(by: key, algorithm: algorithm)) != nil
    }

    @Test("tokens signed before a turn verify after it, and tokens signed after it by a set read before it")
    func beforeAndAfter() async throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        let (before, oldSet) = (try await Self.sign(keys), JWKSet(try await keys.published()))
        #expect(try keys.rotate([.signature(.es256)]) == [])
        let (after, newSet) = (try await Self.sign(keys), JWKSet(try await keys.published()))
        #expect(try UnverifiedToken(compact: before).header.keyID != UnverifiedToken(compact: after).header.keyID)
        for token in [before, after] {
            #expect(await Self.verifies(token, keys))
            #expect(Self.verifies(token, oldSet))
            #expect(Self.verifies(token, newSet))
        }
    }

    @Test("several turns within a token's lifetime refuse none of the tokens signed between them") func several()
        async throws
    {
        let scratch = try ScratchKeys()
        let (keys, other) = (try scratch.open(), try scratch.open())
        var tokens: [String] = []
        for _ in 0..<6 {
            tokens.append(try await Self.sign(keys))
            scratch.advance(.minutes(10))
            _ = try keys.rotate([.signature(.es256)])
        }
        let set = JWKSet(try await keys.published())
        for token in tokens {
            #expect(await Self.verifies(token, keys))
            #expect(await Self.verifies(token, other))
            #expect(Self.verifies(token, set))
        }
        #expect(Set(tokens.compactMap { try? UnverifiedToken(compact: $0).header.keyID }).count == 6)
    }

    @Test("requests that sign and verify while keys turn, in two processes on one folder, are all served")
    func concurrent() async throws {
        let scratch = try ScratchKeys()
        let directories = [try scratch.open(), try scratch.open()]
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<4 {
                group.addTask {
                    var refused = 0
                    for round in 0..<60 {
                        let token = try await Self.sign(directories[(index + round) % 2])
                        if await !Self.verifies(token, directories[(index + round + 1) % 2]) { refused += 1 }
                    }
                    return refused
                }
            }
            group.addTask {
                for round in 0..<12 {
                    _ = try directories[round % 2].rotate([.signature(.es256)])
                    scratch.advance(.milliseconds(400))
                }
                return 0
            }
            return try await group.reduce(0, +)
        }
        #expect(refused == 0)
        scratch.advance(.seconds(1))
        #expect(directories[0].records == directories[1].records)
        #expect(directories[0].records.filter { $0.state == .current && $0.use == .tokens }.count == 1)
    }

    @Test("a token of a key another process has just made is verified at once") func unknownKey() async throws {
        let scratch = try ScratchKeys()
        let (server, other) = (try scratch.open(), try scratch.open())
        _ = try other.rotate([.signature(.es256)])
        _ = try other.rotate([.signature(.es256)])
        #expect(await Self.verifies(try await Self.sign(other), server))
    }

    @Test("the folder is looked at once a second, whatever the number of requests") func attention() async throws {
        let scratch = try ScratchKeys()
        let (server, other) = (try scratch.open(), try scratch.open())
        let first = try await server.current(.es256).id
        _ = try other.rotate([.signature(.es256)])
        #expect(try await server.current(.es256).id == first)
        scratch.advance(.milliseconds(999))
        #expect(try await server.current(.es256).id == first)
        scratch.advance(.milliseconds(1))
        #expect(try await server.current(.es256).id != first)
        // A clock set back is no reason to wait until it has caught up.
        _ = try other.rotate([.signature(.es256)])
        scratch.advance(.seconds(-3600))
        #expect(try await server.current(.es256).id == other.current(.es256).id)
    }

    @Test("by schedule: nothing is due until the period has passed, then each algorithm turns once") func schedule()
        async throws
    {
        let scratch = try ScratchKeys()
        let (keys, other) = (try scratch.open(), try scratch.open())
        let first = try await keys.current(.es256).id
        #expect(keys.due(after: Self.period).isEmpty)
        scratch.advance(.days(90) - .seconds(1))
        #expect(keys.due(after: Self.period).isEmpty)
        scratch.advance(.seconds(1))
        #expect(keys.due(after: Self.period) == [.signature(.es256), .keyManagement(.ecdhES)])
        try await keys.rotateDue(after: Self.period)
        let second = try await keys.current(.es256).id
        #expect(second != first)
        #expect(other.due(after: Self.period).isEmpty)
        try await other.rotateDue(after: Self.period)
        #expect(try await other.current(.es256).id == second)
        #expect(keys.records.filter { $0.algorithm == .signature(.es256) }.count == 3)
    }

    @Test("by schedule: an algorithm without a successor gets one at once, and signs with it only after a day")
    func successor() async throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        let first = try await keys.current(.rs256).id
        #expect(keys.due(after: Self.period) == [.signature(.rs256)])
        scratch.advance(.days(89) + .hours(12))
        try await keys.rotateDue(after: Self.period)
        #expect(try await keys.current(.rs256).id == first)
        scratch.advance(.hours(12))
        #expect(!keys.due(after: Self.period).contains(.signature(.rs256)), "its successor is twelve hours old")
        scratch.advance(.hours(12))
        try await keys.rotateDue(after: Self.period)
        #expect(try await keys.current(.rs256).id != first)
    }

    @Test("what was encrypted to a key opens after its turn, for a while, and a new client finds the new key alone")
    func encryption() async throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        func published() async throws -> [JWK] { try await keys.published().filter { $0.use == .encryption } }
        let before = try await published()
        #expect(before.count == 2)
        _ = try keys.rotate()
        let after = try await published()
        #expect(after.count == 2 && Set(after.map(\.keyID)).isDisjoint(with: before.map(\.keyID)))
        let algorithms: [KeyManagementAlgorithm] = [.ecdhESA256KW, .ecdhES, .rsaOAEP256, .rsaOAEP]
        for algorithm in algorithms {
            let recipient = try #require(JWKSet(before).recipient(algorithm))
            let token = try EncryptedToken(
                compact: try JWE.encrypt([1, 2], to: recipient, encryption: .a256GCM, random: .system))
            let old = try #require(await keys.decryptionKey(token.header.keyID, for: algorithm))
            #expect(try token.plaintext(openedBy: old, algorithms: [algorithm], encryptions: [.a256GCM]) == [1, 2])
            let present = try #require(JWKSet(after).recipient(algorithm))
            let named = await keys.decryptionKey(present.keyID, for: algorithm)
            #expect(named != nil)
            #expect(await keys.decryptionKey(nil, for: algorithm) === named)
            #expect(await keys.decryptionKey("unknown", for: algorithm) == nil)
            #expect(await keys.decryptionKey(nil, for: .dir) == nil)
            // It signs nothing, and no signing key opens anything.
            #expect(await keys.verificationKey(present.keyID ?? "") == nil)
            for signing in [SignatureAlgorithm.es256, .rs256] {
                let id = try await keys.current(signing).id
                #expect(await keys.decryptionKey(id, for: algorithm) == nil)
            }
        }
        // Asked for by the name of the other kind, neither opens.
        #expect(await keys.decryptionKey(JWKSet(after).recipient(.rsaOAEP)?.keyID, for: .ecdhES) == nil)
        scratch.advance(.days(8))
        _ = try keys.rotate()
        for key in before {
            for algorithm in algorithms { #expect(await keys.decryptionKey(key.keyID, for: algorithm) == nil) }
        }
    }

    @Test("a server's own turn is journalled, and happens once") func journalled() async throws {
        let folder = try TemporaryFolder()
        let directory = try DemoDirectory(making: folder.path)
        var configuration = try directory.configuration(port: 0)
        configuration.keys.rotation = .hours(1)
        let installation = try await Installation.open(configuration)
        let first = try await installation.keys.current(.es256).id
        let rotation = KeyRotation(installation: installation, logger: Logger(label: "tests"))
        try await rotation.turn()
        #expect(try await installation.keys.current(.es256).id == first)
        await installation.close()

        let later = try await Installation.open(configuration) { SystemClock.now() + .hours(2) }
        try await KeyRotation(installation: later, logger: Logger(label: "tests")).turn()
        try await KeyRotation(installation: later, logger: Logger(label: "tests")).turn()
        #expect(try await later.keys.current(.es256).id != first)
        let bodies = try await later.database.rows("SELECT body FROM journal_entries ORDER BY sequence", [])
            .compactMap { EntryBody.object(try $0.blob(0)) }
        let told = bodies.filter { $0["details"]?["event"] == "keys_rotated" }
        #expect(told.count == 1)
        #expect(told.first?["actor"] == "schedule")
        #expect(told.first?["details"]?["algorithms"] == ["ES256", "ECDH-ES"])
        await later.close()
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import Synchronization
import Testing

@testable import socle

/// A key folder of one test, removed with it, and the instant it is told.
final class ScratchKeys: Sendable {
    let path: String
    let now = Mutex(Instant(seconds: 1_800_000_000))
    private let parent: URL

    init() throws {
        parent = FileManager.default.temporaryDirectory.appendingPathComponent("socle-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: parent, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        path = parent.appendingPathComponent("keys").path
    }

    deinit { try? FileManager.default.removeItem(at: parent) }

    func open(
        passphrase: String = "a passphrase of tests", hardware: HardwareKeys = .none
    ) throws -> KeyDirectory {
        try KeyDirectory(path: path, passphrase: Secret(passphrase), hardware: hardware) { [self] in
            now.withLock { $0 }
        }
    }

    func advance(_ duration: Duration) { now.withLock { $0 = $0 + duration } }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
    }

    var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

@Suite("Key directory · encrypted files, three states, one making", .timeLimit(.minutes(10)))
struct KeyDirectoryTests {
    @Test(
        "a new folder holds an ES256 key, its successor, the journal's key and one to encrypt to, for its owner alone")
    func opening() throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        #expect(keys.records.map(\.algorithm.name) == ["ES256", "ES256", "EdDSA", "ECDH-ES"])
        #expect(keys.records.map(\.state) == [.current, .next, .current, .current])
        #expect(try scratch.mode("") == 0o700)
        #expect(scratch.files.count == 6)
        for file in scratch.files { #expect(try scratch.mode(file) == 0o600) }
        for record in keys.records {
            let pem = try String(contentsOfFile: scratch.path + "/\(record.id).pem", encoding: .utf8)
            #expect(pem.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        }
    }

    @Test("opened again, it is the same keys") func reopened() async throws {
        let scratch = try ScratchKeys()
        let first = try scratch.open()
        let second = try scratch.open()
        #expect(first.records == second.records)
        #expect(try await first.current(.es256).id == second.current(.es256).id)
        #expect(try first.journalKey().id == second.journalKey().id)
    }

    @Test("an RSA key is made on first need, once however many ask, and seen by every process") func makingOnce()
        async throws
    {
        let scratch = try ScratchKeys()
        let directories = [try scratch.open(), try scratch.open()]
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<40 { group.addTask { try await directories[index % 2].current(.rs256).id } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(directories[0].records == directories[1].records)
        #expect(directories[0].records.filter { $0.algorithm == .signature(.rs256) }.count == 1)
    }

    @Test("what is published are the token keys, public parts only, and never the journal's") func published()
        async throws
    {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        let published = try await keys.published()
        #expect(published.filter { $0.use == .signature }.map(\.pinnedAlgorithm) == [.es256, .rs256, .es256])
        let journal = try keys.journalKey().id
        #expect(!published.contains { $0.keyID == journal })
        #expect(await keys.verificationKey(journal) == nil)
        #expect(keys.journalVerificationKey(published[0].keyID ?? "") == nil)
        #expect(published.allSatisfy { $0.json["d"] == nil })
    }

    @Test("a turn makes next current and current previous; what was signed before still verifies") func turn()
        async throws
    {
        let scratch = try ScratchKeys()
        let server = try scratch.open()
        let before = try await server.current(.es256)
        let next = server.records.first { $0.state == .next }?.id
        let signature = try before.key.sign([1])
        #expect(try scratch.open().rotate([.signature(.es256)]) == [])
        #expect(try await server.current(.es256).id == before.id, "within a second nothing looks at the folder")
        scratch.advance(KeyDirectory.attention)
        let after = try await server.current(.es256)
        #expect(after.id == next)
        let old = try #require(await server.verificationKey(before.id))
        #expect(old.algorithm == .es256)
        #expect(old.key.verify(signature, [1], algorithm: .es256))
        #expect(try await server.published().prefix(1).map(\.keyID) == [next])
    }

    @Test("a previous key goes once its time has passed, and its file with it; the journal's stays") func retirement()
        async throws
    {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        let first = try await keys.current(.es256).id
        _ = try keys.rotate()
        scratch.advance(.days(7))
        _ = try keys.rotate()
        #expect(await keys.verificationKey(first) != nil)
        scratch.advance(.seconds(1))
        _ = try keys.rotate()
        #expect(await keys.verificationKey(first) == nil)
        #expect(!scratch.files.contains("\(first).pem"))
        #expect(keys.journalVerificationKey(try keys.journalKey().id) != nil)
    }

    @Test("an algorithm without a successor gets one first, and turns the next time") func waiting() async throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        let first = try await keys.current(.rs256).id
        #expect(try keys.rotate([.signature(.rs256)]) == [.signature(.rs256)])
        #expect(try await keys.current(.rs256).id == first)
        #expect(try keys.rotate([.signature(.rs256)]) == [])
        #expect(try await keys.current(.rs256).id != first)
    }

    @Test("an algorithm never used is not rotated into being") func unused() throws {
        let scratch = try ScratchKeys()
        let keys = try scratch.open()
        #expect(try keys.rotate([.signature(.ps256)]) == [])
        #expect(!keys.records.contains { $0.algorithm == .signature(.ps256) })
    }

    @Test("another master key opens nothing, and makes nothing in its place") func wrongPassphrase() throws {
        let scratch = try ScratchKeys()
        _ = try scratch.open()
        let files = scratch.files
        #expect(throws: CommandFailure.self) { try scratch.open(passphrase: "another") }
        #expect(scratch.files == files)
    }

    @Test("a register that is damaged, names another folder's file, or is of another version is refused")
    func damaged() throws {
        let scratch = try ScratchKeys()
        _ = try scratch.open()
        let register = scratch.path + "/ring.json"
        let good = try String(contentsOfFile: register, encoding: .utf8)
        let id = try #require(KeyRegister(parsing: Array(good.utf8))?.records.first?.id)
        for text in [
            "", "{}", String(good.dropLast(10)), good.replacingOccurrences(of: #""version":1"#, with: #""version":2"#),
            good.replacingOccurrences(of: id, with: "../../etc/passwd"),
            good.replacingOccurrences(of: "ES256", with: "none"),
        ] {
            try text.write(toFile: register, atomically: false, encoding: .utf8)
            #expect(throws: CommandFailure.self) { try scratch.open() }
        }
        try good.write(toFile: register, atomically: false, encoding: .utf8)
        _ = try scratch.open()
    }

    @Test("a key file that others may read, or that is gone, is refused with its cure") func readable() throws {
        let scratch = try ScratchKeys()
        let id = try scratch.open().records[0].id
        let file = scratch.path + "/\(id).pem"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        let fault = #expect(throws: CommandFailure.self) { try scratch.open() }
        #expect(fault?.description.hasSuffix("`chmod 600 \(file)`") == true)
        try FileManager.default.removeItem(atPath: file)
        #expect(throws: CommandFailure.self) { try scratch.open() }
    }

    @Test("a server goes on with its keys while the folder cannot be read") func unreadable() async throws {
        let scratch = try ScratchKeys()
        let server = try scratch.open()
        let id = try await server.current(.es256).id
        try "damaged".write(toFile: scratch.path + "/ring.json", atomically: false, encoding: .utf8)
        scratch.advance(.seconds(2))
        #expect(try await server.current(.es256).id == id)
        #expect(await server.verificationKey("unknown") == nil)
        #expect(throws: CommandFailure.self) { try server.rotate() }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import Testing

@testable import socle

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("socle-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func mode(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }
}

@Suite("Demonstration folder · issue 2 point 4")
struct DemoDirectoryTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("only its owner may enter it or read its key") func modes() throws {
        let directory = try DemoDirectory(making: folder.path + "/demo")
        #expect(directory.path == folder.path + "/demo")
        #expect(try folder.mode("demo") == 0o700)
        #expect(try folder.mode("demo/keys") == 0o700)
        #expect(try folder.mode("demo/master.key") == 0o600)
    }

    @Test("a second start keeps its master key") func kept() throws {
        let first = try MasterKey.read(.file(DemoDirectory(making: folder.path).masterKey))
        let second = try MasterKey.read(.file(DemoDirectory(making: folder.path).masterKey))
        #expect(first.unredacted == second.unredacted)
        let existing = try DemoDirectory(existing: folder.path)
        #expect(try existing.configuration(port: 8080).issuer.description == "http://localhost:8080")
        #expect(try existing.configuration(port: 8080).listen.address == "127.0.0.1")
        #expect(try existing.configuration(port: 8080).database == .sqlite(folder.path + "/socle.db"))
    }

    @Test("a folder without a demonstration is refused, and stays empty") func absent() throws {
        #expect(throws: CommandFailure.self) { try DemoDirectory(existing: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a folder that holds something else is refused, and left as it is") func foreign() throws {
        try "mine".write(toFile: folder.path + "/notes.txt", atomically: true, encoding: .utf8)
        #expect(throws: CommandFailure.self) { try DemoDirectory(making: folder.path) }
        #expect(throws: CommandFailure.self) { try DemoDirectory(making: folder.path + "/notes.txt") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["notes.txt"])
    }

    @Test("a start cut short before its key was written is taken up") func cutShort() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/keys", withIntermediateDirectories: false)
        try "half".write(toFile: folder.path + "/master.key.new", atomically: true, encoding: .utf8)
        #expect(try MasterKey.read(.file(DemoDirectory(making: folder.path).masterKey)).unredacted.count == 32)
    }

    @Test("the secrets are for their owner alone, and the same at the next start") func secrets() throws {
        let directory = try DemoDirectory(making: folder.path)
        let first = try DemoSecrets.loadOrCreate(directory, random: .system)
        #expect(try folder.mode("demo.json") == 0o600)
        #expect(try DemoSecrets.loadOrCreate(directory, random: .system) == first)
        #expect(try DemoSecrets.load(DemoDirectory(existing: folder.path)) == first)
    }

    @Test("a temporary folder is new each time") func temporary() throws {
        let directory = try DemoDirectory(making: nil)
        #expect(directory.isTemporary)
        directory.remove()
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }
}

@Suite("Master key · DESIGN section 6")
struct MasterKeyTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func key(_ text: String, mode: Int = 0o600) throws -> Secret {
        let path = folder.path + "/master.key"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return try MasterKey.read(.file(path))
    }

    @Test("64 hexadecimal digits are 32 bytes, from a file or the environment") func read() throws {
        let digits = String(repeating: "0f", count: 32)
        let expected = [UInt8](repeating: 15, count: 32)
        #expect(try key(digits + "\n").unredacted == expected)
        #expect(try MasterKey.read(.environment, environment: ["SOCLE_MASTER_KEY": digits]).unredacted == expected)
    }

    @Test(
        "anything else is refused",
        arguments: ["", "0f", String(repeating: "0f", count: 33), String(repeating: "g", count: 64)])
    func malformed(text: String) {
        #expect(throws: CommandFailure.self) { try key(text) }
        #expect(throws: CommandFailure.self) {
            try MasterKey.read(.environment, environment: ["SOCLE_MASTER_KEY": text])
        }
    }

    @Test("a file that every user may read is refused with its cure") func readable() {
        let failure = #expect(throws: CommandFailure.self) { try key(String(repeating: "0f", count: 32), mode: 0o644) }
        #expect(failure?.description.contains("chmod 600") == true)
    }

    @Test("an absent key says how to make one, and no message holds a key") func absent() throws {
        let failure = #expect(throws: CommandFailure.self) { try MasterKey.read(.file("/nowhere/master.key")) }
        #expect(failure?.description.contains("openssl rand -hex 32") == true)
        let wrong = String(repeating: "a", count: 63)
        let refusal = #expect(throws: CommandFailure.self) { try key(wrong) }
        #expect(refusal?.description.contains(wrong) == false)
    }

    @Test("the passphrase of key files is not the master key") func passphrase() {
        let master = Secret([UInt8](repeating: 1, count: 32))
        #expect(MasterKey.passphrase(master).unredacted != master.unredacted)
        #expect(MasterKey.passphrase(master).unredacted.count == 64)
    }
}

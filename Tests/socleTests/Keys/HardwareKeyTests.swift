// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON
import SocleOIDC
import TestSupport
import Testing

@testable import socle

/// An installation whose token keys are in a SoftHSM token of its own; commands run on it in processes of their own.
private struct SoftInstallation {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"

    /// Absent packages are a skip on a developer's machine, and a failure in continuous integration.
    static let isExpected: Bool =
        FileManager.default.fileExists(atPath: module) || ProcessInfo.processInfo.environment["CI"] == "true"

    let folder: TemporaryFolder
    private var softhsm: String { folder.path + "/softhsm2.conf" }
    private var file: String { folder.path + "/socle.yaml" }

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/tokens", withIntermediateDirectories: true)
        try "directories.tokendir = \(folder.path)/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
            .write(toFile: softhsm, atomically: true, encoding: .utf8)
        try write("pin", "4711\n")
        try write("master.key", String(repeating: "0f", count: 32))
        try tool(["softhsm2-util", "--init-token", "--free", "--label", "socle", "--so-pin", "1234", "--pin", "4711"])
        for (name, id) in [("one", "01"), ("two", "02")] {
            let pem = folder.path + "/\(name).pem"
            try tool(["openssl", "genpkey", "-out", pem, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"])
            try tool([
                "softhsm2-util", "--import", pem, "--token", "socle", "--label", name, "--id", id, "--pin", "4711",
            ])
        }
    }

    func write(_ name: String, _ text: String) throws {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private func tool(_ arguments: [String]) throws {
        try Program.output("env", ["SOFTHSM2_CONF=\(softhsm)"] + arguments)
    }

    static func uri(_ object: String) -> String { "pkcs11:token=socle;object=\(object);type=private" }

    /// - Parameters: the URIs of each state; nil leaves the whole section out.
    func keys(
        current: String?, next: String? = nil, module: String = module, command: [String] = ["list"]
    ) throws -> Binary.Outcome {
        var yaml = """
            issuer: http://localhost
            database: { sqlite: socle.db }
            keys:
              directory: keys
              master_key_file: master.key

            """
        if let current {
            yaml += "  pkcs11:\n    module: \(module)\n    pin_file: pin\n    current: [\"\(Self.uri(current))\"]\n"
            if let next { yaml += "    next: [\"\(Self.uri(next))\"]\n" }
        }
        try yaml.write(toFile: file, atomically: true, encoding: .utf8)
        return try Binary.run(
            ["keys"] + command + ["--config", file, "--json"], environment: ["SOFTHSM2_CONF": softhsm])
    }
}

@Suite(
    "Keys in a hardware module · PKCS#11, RFC 7512",
    .enabled(
        if: SoftInstallation.isExpected, "needs softhsm2 and libengine-pkcs11-openssl: run `.ci/setup --tests`"),
    .timeLimit(.minutes(10)))
struct HardwareKeyTests {
    private func listed(_ outcome: Binary.Outcome) throws -> [JSONValue] {
        #expect(outcome.status == 0, "\(outcome.error)")
        return try #require(try JSONValue(parsing: outcome.output)["keys"]?.array)
    }

    @Test("a key of the module is the current one, its successor the next, and no file holds an ES256 key")
    func listed()
        throws
    {
        let installation = try SoftInstallation()
        let keys = try listed(try installation.keys(current: "one", next: "two"))
        let tokens = keys.filter { $0["use"] == "tokens" }
        #expect(tokens.map { $0["state"]?.string } == ["current", "next"])
        #expect(tokens.map { $0["uri"]?.string } == [SoftInstallation.uri("one"), SoftInstallation.uri("two")])
        #expect(keys.filter { $0["use"] == "journal" }.count == 1)
    }

    @Test("an installation that moves to the module keeps its former keys published, and back again") func moved()
        throws
    {
        let installation = try SoftInstallation()
        let before = try listed(try installation.keys(current: nil)).filter { $0["use"] == "tokens" }
        #expect(before.count == 2)
        let during = try listed(try installation.keys(current: "one")).filter { $0["use"] == "tokens" }
        #expect(during.filter { $0["uri"] == nil }.map { $0["state"]?.string } == ["previous", "previous"])
        #expect(during.filter { $0["uri"] != nil }.count == 1)
        let after = try listed(try installation.keys(current: nil)).filter { $0["use"] == "tokens" }
        #expect(after.compactMap { $0["state"]?.string }.sorted() == ["current", "next", "previous", "previous"])
    }

    @Test("a rotation leaves the module's keys to the operator") func rotation() throws {
        let installation = try SoftInstallation()
        let before = try listed(try installation.keys(current: "one")).filter { $0["use"] == "tokens" }
        let after = try listed(try installation.keys(current: "one", command: ["rotate"]))
        #expect(after.filter { $0["use"] == "tokens" } == before)
    }

    @Test("a wrong PIN, a missing library, a missing object, a missing PIN file are told in so many words")
    func refusals()
        throws
    {
        let installation = try SoftInstallation()
        func fault(_ outcome: Binary.Outcome) -> String {
            #expect(outcome.status == 1)
            #expect(!outcome.error.contains("4711") && !outcome.error.contains("0000"))
            return outcome.error
        }
        let missing = fault(try installation.keys(current: "three"))
        #expect(missing.contains("object=three") && missing.contains("object not found"))
        let library = fault(try installation.keys(current: "one", module: "/nowhere/libpkcs11.so"))
        #expect(library.contains("/nowhere/libpkcs11.so") && library.contains("Unable to load PKCS#11 module"))
        try installation.write("pin", "0000\n")
        #expect(fault(try installation.keys(current: "one")).contains("PIN incorrect"))
        try installation.write("pin", "")
        #expect(fault(try installation.keys(current: "one")).contains("the PIN of the token"))
        try FileManager.default.removeItem(atPath: installation.folder.path + "/pin")
        #expect(fault(try installation.keys(current: "one")).contains("/pin: cannot be read"))
        #expect(!FileManager.default.fileExists(atPath: installation.folder.path + "/keys/ring.json"))
    }

    @Test("the key ring signs with the module's key, publishes it, and turns to file keys for other algorithms")
    func ring() async throws {
        // A key pair stands for the module here, which one process opens once: `HardwareModuleTests` has the real one.
        let scratch = try ScratchKeys()
        let key = try SigningKey.generate(.es256)
        let id = KeyFolder.identifier(of: key.publicKey.numbers)
        let former = try await scratch.open().current(.es256).id
        let keys = try scratch.open(
            hardware: HardwareKeys(keys: [.init(id: id, uri: "pkcs11:object=a", state: .current, key: key)]))
        #expect(try await keys.current(.es256).id == id)
        #expect(try await keys.current(.rs256).id != id)
        let published = try await keys.published().filter { $0.use == .signature }
        #expect(published.first?.keyID == id)
        #expect(published.contains { $0.keyID == former })
        #expect(await keys.verificationKey(id)?.algorithm == .es256)
        #expect(await keys.verificationKey(former) != nil)
        #expect(!keys.due(after: .hours(1)).contains(.signature(.es256)))
        #expect(keys.records.filter { $0.algorithm == .signature(.es256) }.allSatisfy { $0.state == .previous })
    }
}

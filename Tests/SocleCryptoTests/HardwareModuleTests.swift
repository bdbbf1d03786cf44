// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import TestSupport
import Testing

/// A SoftHSM token of this test process, with a P-256 and an RSA key, in a folder that goes with it.
///
/// `SOFTHSM2_CONF` is read when the module is first loaded: one folder for the whole process.
struct SoftToken: Sendable {
    static let module = "/usr/lib/softhsm/libsofthsm2.so"
    static let pin = "4711"

    /// Absent packages are a skip on a developer's machine, and a failure in continuous integration.
    static let isExpected: Bool =
        FileManager.default.fileExists(atPath: module) || ProcessInfo.processInfo.environment["CI"] == "true"

    static let shared = Result { try SoftToken() }

    let ec = "pkcs11:token=socle-tests;object=es256;type=private"
    let rsa = "pkcs11:token=socle-tests;object=rs256;type=private"
    let folder: URL

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "socle-token-\(UUID().uuidString)")
        let tokens = folder.appending(path: "tokens")
        try FileManager.default.createDirectory(at: tokens, withIntermediateDirectories: true)
        let configuration = folder.appending(path: "softhsm2.conf")
        try "directories.tokendir = \(tokens.path)\nobjectstore.backend = file\nlog.level = ERROR\n"
            .write(to: configuration, atomically: true, encoding: .utf8)
        setenv("SOFTHSM2_CONF", configuration.path, 1)
        let label = ["--token", "socle-tests", "--pin", Self.pin]
        try Program.output(
            "softhsm2-util",
            ["--init-token", "--free", "--label", "socle-tests", "--so-pin", "1234", "--pin", Self.pin])
        for (name, id, options) in [
            ("es256", "01", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
            ("rs256", "02", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        ] {
            let file = folder.appending(path: "\(name).pem").path
            try Program.output("openssl", ["genpkey", "-out", file] + options)
            try Program.output("softhsm2-util", ["--import", file, "--label", name, "--id", id] + label)
        }
    }
}

@Suite(
    "Keys in a hardware module · PKCS#11, RFC 7512",
    .enabled(if: SoftToken.isExpected, "needs softhsm2 and libengine-pkcs11-openssl: run `.ci/setup --tests`"),
    .timeLimit(.minutes(5)))
struct HardwareModuleTests {
    private func open(pin: String = SoftToken.pin) throws -> HardwareModule {
        try HardwareModule.open(library: SoftToken.module, pin: Secret(pin))
    }

    private func reason(_ body: () throws -> SigningKey) -> String? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? HardwareFault)?.reason }
    }

    @Test(
        "a key in the token signs what its public part verifies", arguments: [SignatureAlgorithm.es256, .rs256, .ps256])
    func signs(algorithm: SignatureAlgorithm) throws {
        let soft = try SoftToken.shared.get()
        let key = try open().signingKey(algorithm == .es256 ? soft.ec : soft.rsa, algorithm: algorithm)
        let message = Array("signed in the token".utf8)
        let signature = try key.sign(message)
        let published = try VerificationKey(key.publicKey.numbers)
        #expect(published.verify(signature, message, algorithm: algorithm))
        #expect(!published.verify(signature, message + [0], algorithm: algorithm))
        #expect(key.publicKey.verify(signature, message, algorithm: algorithm))
    }

    @Test("it signs with the first algorithm of its kind unless told, and never with another kind's") func algorithms()
        throws
    {
        let soft = try SoftToken.shared.get()
        let token = try open()
        #expect(try token.signingKey(soft.ec).algorithm == .es256)
        #expect(try token.signingKey(soft.rsa).algorithm == .rs256)
        #expect(reason { try token.signingKey(soft.ec, algorithm: .rs256) }?.contains("no key of a kind") == true)
    }

    @Test("the private key does not leave it") func staysInside() throws {
        let key = try open().signingKey(try SoftToken.shared.get().ec)
        #expect(throws: CryptoError.self) { try key.pem(passphrase: Secret("a passphrase of tests")) }
    }

    @Test("signing from many threads at once gives only good signatures") func concurrent() async throws {
        let key = try open().signingKey(try SoftToken.shared.get().ec)
        let good = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<100 {
                group.addTask {
                    guard let signature = try? key.sign([UInt8(index)]) else { return false }
                    return key.publicKey.verify(signature, [UInt8(index)], algorithm: .es256)
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(good == 100)
    }

    @Test("an object or a token that is not there, and a text that is no URI, are refused in the module's words")
    func refusals() throws {
        _ = try SoftToken.shared.get()
        let module = try open()
        #expect(reason { try module.signingKey("pkcs11:token=socle-tests;object=none") } == "object not found")
        #expect(reason { try module.signingKey("pkcs11:token=none;object=es256") } == "object not found")
        #expect(reason { try module.signingKey("not a URI") } == "invalid id")
    }

    @Test("another library or PIN than the process uses, and a PIN that is none, are refused") func once() throws {
        let soft = try SoftToken.shared.get()
        _ = try open().signingKey(soft.ec)
        #expect(throws: HardwareFault.self) {
            try HardwareModule.open(library: "/nowhere/libpkcs11.so", pin: Secret(SoftToken.pin))
        }
        for pin in ["0000", "", "a\0b"] {
            #expect(throws: HardwareFault.self) { try open(pin: pin) }
        }
    }
}

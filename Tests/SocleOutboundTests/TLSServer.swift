// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Glibc

/// `openssl s_server` with a certificate of its own for `localhost`, in a folder of its own.
final class TLSServer {
    let port: UInt16
    let certificate: String
    private let folder: URL
    private let process = Process()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("socle-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let request = Process()
        request.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        request.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ]
        request.standardError = FileHandle.nullDevice
        try request.run()
        request.waitUntilExit()
        process.executableURL = request.executableURL
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www", "-naccept", "8",
        ]
        process.standardOutput = Pipe()
        process.standardError = FileHandle.nullDevice
        try process.run()
        // It says where: `ACCEPT 127.0.0.1:45678`.
        let output = (process.standardOutput as? Pipe)?.fileHandleForReading
        var said = ""
        while !said.contains(#/ACCEPT .*:\d+\n/#), let more = output?.availableData, !more.isEmpty {
            said += String(decoding: more, as: UTF8.self)
        }
        port = said.firstMatch(of: #/ACCEPT .*:(\d+)\n/#).flatMap { UInt16($0.1) } ?? 0
    }

    func stop() {
        // Not a polite signal: the child starts with those of the test process blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Glibc
import TestSupport

/// `openssl s_server` with a certificate of its own for `localhost`, in a folder of its own.
final class TLSServer {
    let port: UInt16
    let certificate: String
    private let folder: URL
    private let server: Program

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("socle-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        try Program.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
            ])
        server = try Program(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www", "-naccept", "8"])
        // It says where: `ACCEPT 127.0.0.1:45678`.
        var said: UInt16?
        while said == nil, let line = server.line() {
            said = line.wholeMatch(of: #/ACCEPT .*:(\d+)/#).flatMap { UInt16($0.1) }
        }
        port = said ?? 0
    }

    func stop() {
        server.signal(SIGTERM)
        server.wait()
        try? FileManager.default.removeItem(at: folder)
    }
}

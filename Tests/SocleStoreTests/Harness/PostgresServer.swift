// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleStore
import Synchronization
import TestSupport
import Testing

/// A private PostgreSQL server, on a socket in a folder of its own, that ends with the test process.
final class PostgresServer: Sendable {
    let folder: String
    private let schemas = Mutex(0)
    /// The end of its input stops the server, however this process ends.
    private let server: Program

    /// The one of this process, started at first use; nil where the package `postgresql` is not installed.
    static let shared: PostgresServer? = {
        guard let binaries else {
            if ProcessInfo.processInfo.environment["CI"] == "true" {
                Issue.record("PostgreSQL contracts need the package postgresql")
            } else {
                print("skipped on PostgreSQL: install the package postgresql")
            }
            return nil
        }
        do {
            return try PostgresServer(binaries)
        } catch {
            Issue.record("the private PostgreSQL server did not start: \(error)")
            return nil
        }
    }()

    static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    init(_ binaries: String, settings: [String] = []) throws {
        // Short: the path of a socket has 107 bytes at most.
        folder = "/tmp/socle-pg-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // initdb refuses root.
        let asUser = getuid() == 0 ? "runuser -u postgres -- " : ""
        if getuid() == 0 { try Self.shell("chown postgres \(folder)") }
        try Self.shell(
            "\(asUser)\(binaries)/initdb -D \(folder)/data -A trust -U socle -E UTF8 --no-locale >\(folder)/initdb.log 2>&1"
        )
        let options = (["listen_addresses=", "max_connections=300", "unix_socket_directories=\(folder)"] + settings)
            .map { "-c \($0)" }.joined(separator: " ")
        server = try Program(
            "/bin/sh",
            [
                "-c",
                """
                \(asUser)\(binaries)/postgres -D \(folder)/data \(options) >\(folder)/log 2>&1 & P=$!
                cat >/dev/null; kill -INT $(head -n 1 \(folder)/data/postmaster.pid); wait $P; rm -rf \(folder)
                """,
            ])
        for _ in 0..<200 {
            if (try? Self.shell("\(binaries)/pg_isready -q -h \(folder)")) != nil { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw CocoaError(.executableLoad)
    }

    var conninfo: String { "host=\(folder) user=socle dbname=postgres" }

    /// A connection string to an empty schema of its own.
    func emptySchema() throws -> String {
        let number = schemas.withLock {
            $0 += 1
            return $0
        }
        try PostgresDatabase(conninfo: conninfo).write { connection throws(StoreError) in
            _ = try connection.execute(Statement("CREATE SCHEMA test_\(number)"))
        }
        return conninfo + " options='-c search_path=test_\(number)'"
    }

    private static func shell(_ command: String) throws {
        try Program.output("/bin/sh", ["-c", command])
    }
}

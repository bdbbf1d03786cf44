// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Logging
import SocleCrypto

/// The folder of a demonstration, for its owner only: `socle.db`, `keys/`, `master.key`, `demo.json`.
struct DemoDirectory: Equatable, Sendable {
    /// Absolute, so that it means the same from any current directory.
    let path: String
    /// Made for one run and removed after it.
    let isTemporary: Bool

    /// Makes the folder and its master key where they are absent; nil for a temporary folder.
    /// - Throws: for a folder that holds something else, which is left as it is.
    init(making path: String?, random: SecureRandom = .system) throws {
        if let path {
            self.path = Self.absolute(path)
            isTemporary = false
        } else {
            let name = "socle-demo-" + Hex.encode(random.bytes(6))
            self.path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
            isTemporary = true
        }
        // The key is written before anything is kept, so that a folder without one holds at most a start cut short.
        let present = (try? FileManager.default.contentsOfDirectory(atPath: self.path)) ?? []
        guard present.contains("master.key") || Set(present).isSubset(of: ["keys", "master.key.new"]) else {
            throw CommandFailure(
                "\(self.path): holds something else than a demonstration: give a new or an empty folder")
        }
        for folder in [self.path, keys] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw CommandFailure("\(folder): cannot be made: \(error.localizedDescription)")
            }
        }
        if !FileManager.default.fileExists(atPath: masterKey) {
            try PrivateFile.write(Array((Hex.encode(random.bytes(32)) + "\n").utf8), to: masterKey)
        }
    }

    /// A folder that a demonstration has made.
    init(existing path: String) throws(CommandFailure) {
        self.path = Self.absolute(path)
        isTemporary = false
        guard FileManager.default.fileExists(atPath: masterKey) else {
            throw CommandFailure("\(path): holds no demonstration: start one with `socle demo --data \(path)`")
        }
    }

    var database: String { path + "/socle.db" }
    var keys: String { path + "/keys" }
    var masterKey: String { path + "/master.key" }
    /// The secrets printed: accounts and clients.
    var secrets: String { path + "/demo.json" }

    /// - Parameter port: 0 for a command that does not serve, or before one is chosen.
    func configuration(port: Int) throws(CommandFailure) -> Configuration {
        Configuration(
            issuer: try Issuer("http://localhost" + (port == 0 ? "" : ":\(port)")),
            listen: .init(address: "127.0.0.1", port: port), trustedProxies: [], database: .sqlite(database),
            keys: .init(directory: keys, master: .file(masterKey)), sessions: .init(), tokens: .init(),
            // An application under trial runs on the same machine.
            outbound: .init(allow: ["127.0.0.0/8", "::1"]), log: .init(level: .warning))
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}

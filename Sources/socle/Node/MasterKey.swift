// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto

/// The key that wraps every other: 32 bytes, written as 64 hexadecimal digits (`openssl rand -hex 32`).
enum MasterKey {
    static func read(
        _ source: MasterKeySource, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) -> Secret {
        switch source {
        case .environment:
            return try parse(
                environment[Configuration.masterKeyVariable] ?? "",
                from: "environment \(Configuration.masterKeyVariable)")
        case .file(let path):
            var status = stat()
            guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure("\(path): cannot be read: make it with `openssl rand -hex 32 > \(path)`")
            }
            guard status.st_mode & 0o007 == 0 else {
                throw CommandFailure("\(path): every user of this machine may read it: `chmod 600 \(path)`")
            }
            return try parse(String(decoding: data, as: UTF8.self), from: path)
        }
    }

    private static func parse(_ text: String, from place: String) throws(CommandFailure) -> Secret {
        guard let key = Hex.decode(text.filter { !$0.isWhitespace }), key.count == 32 else {
            throw CommandFailure("\(place): must hold 64 hexadecimal digits, as `openssl rand -hex 32` prints")
        }
        return Secret(key)
    }

    /// A passphrase for the key files, so that the master key itself never meets a PEM reader.
    static func passphrase(_ master: Secret) -> Secret {
        Secret(Hex.encode(HMAC.sha256(key: master.unredacted, Array("socle key files 1".utf8))))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleJSON
import Synchronization

/// The published vectors beside the project: `SOCLE_VECTORS`, by default `../shared` from the package's root.
enum Vectors {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["SOCLE_VECTORS"] { return URL(filePath: path) }
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appending(path: "shared")
    }()

    /// Absent vectors are a skip on a developer's machine, and a failure in continuous integration.
    static let areExpected: Bool =
        FileManager.default.fileExists(atPath: folder.appending(path: "vectors/jose").path)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    static func json(_ path: String) throws -> JSONValue {
        let data = try Data(contentsOf: folder.appending(path: "vectors/jose/" + path))
        return try JSONValue(parsing: data, limits: JSONLimits(bytes: 8 << 20, depth: 32, values: 1_000_000))
    }
}

extension JSONObject {
    /// The vectors give key pairs; a public key that carries its private part is refused by `JWK`.
    var withoutPrivateMembers: JSONObject {
        var object = self
        for name in ["d", "p", "q", "dp", "dq", "qi"] { object[name] = nil }
        return object
    }
}

/// Randomness that was drawn before: each draw in its turn, of the size asked for.
final class Drawn: Sendable {
    private let draws: Mutex<[[UInt8]]>

    init(_ draws: [[UInt8]]) { self.draws = Mutex(draws) }

    var random: SecureRandom {
        SecureRandom { count in
            let draw = self.draws.withLock { $0.isEmpty ? [] : $0.removeFirst() }
            precondition(draw.count == count, "another draw was expected")
            return draw
        }
    }
}

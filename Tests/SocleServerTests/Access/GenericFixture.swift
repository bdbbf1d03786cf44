// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleServer
import SocleStore
import Testing

/// A policy directory of `Tests/Corpora/authzen` behind the real routes, over a store of its own.
enum GenericFixture {
    static func with(
        _ folder: String, asking client: ApplicationRegistration,
        decidingThrough wrap: @escaping (StoreLane) -> any CommitLane = { $0 },
        failing fails: @escaping @Sendable (Reading) -> Bool = { _ in false },
        _ body: (AccessFixture) async throws -> Void
    ) async throws {
        let folder = SharedData.root.appending(path: "Tests/Corpora/authzen/\(folder)")
        var text = PolicyText(files: [:])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasSuffix(".json") {
            text.files[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let policies = try GenericPolicies(
            text: text, entities: String(contentsOf: folder.appending(path: "entities.json"), encoding: .utf8))
        func point(
            _ database: SQLiteDatabase, _ lane: StoreLane, _ clock: @escaping AccessFixture.Clock
        ) -> any DecidesAccess {
            GenericDecisionPoint(
                policies: policies, records: FallibleRecords(database, fails: fails), lane: wrap(lane),
                tokens: AccessFixture.tokens, clock: clock)
        }
        try await AccessFixture.with(now: Ward.now, deciding: point) { fixture in
            try await fixture.write([AccessChange.register(client)])
            try await body(fixture)
        }
    }

    /// A client of that vocabulary that holds what it may ask about.
    static func client(
        types: Set<String>, holding held: Set<String>? = nil, actions: Set<String>, id: String = "point-acces-pro"
    ) -> ApplicationRegistration {
        ApplicationRegistration(
            clientID: id, service: "generic", purposes: [], actions: actions, resourceTypes: types,
            heldTypes: held ?? types)
    }
}

/// The test sets of `shared/vectors/authzen`.
enum AuthZENVectors {
    /// Nil when the shared data is not there: a skip, and a failure where CI says so.
    static func read(_ path: String) throws -> JSONValue? {
        let environment = ProcessInfo.processInfo.environment
        let root =
            environment["SOCLE_VECTORS"].map { URL(filePath: $0) } ?? SharedData.root.appending(path: "../shared")
        let file = root.appending(path: "vectors/authzen/\(path)")
        guard let data = try? Data(contentsOf: file) else {
            if environment["CI"] == "true" { Issue.record("no shared data at \(file.path)") }
            print("skipped: no shared data at \(file.path); set SOCLE_VECTORS")
            return nil
        }
        return try JSONValue(parsing: data, limits: JSONLimits(bytes: 8 << 20, values: 1_000_000))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAudit
import SocleJSON
import SocleStore
import Testing

@testable import socle

@Suite("socle keys · list and rotate")
struct KeysCommandTests {
    private func scratch(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("socle-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try DemoDirectory(making: folder)
        try body(folder)
    }

    private func keys(_ outcome: Binary.Outcome) throws -> [JSONValue] {
        try #require(try JSONValue(parsing: outcome.output)["keys"]?.array)
    }

    @Test("a list names each key and no secret; a rotation makes next current") func listAndRotate() throws {
        try scratch { folder in
            let before = try keys(try Binary.run(["keys", "list", "--data", folder, "--json"]))
            #expect(before.count == 4)
            let rotated = try Binary.run(["keys", "rotate", "--data", folder, "--json"])
            #expect(rotated.status == 0)
            let after = try keys(rotated)
            #expect(after.count == 6)
            let next = before.first { $0["state"] == "next" }?["id"]
            #expect(after.first { $0["state"] == "current" && $0["use"] == "tokens" }?["id"] == next)
            #expect(!rotated.output.contains("PRIVATE"))
        }
    }

    @Test("a rotation is journalled before the files turn, and the journal verifies under the keys it leaves")
    func journalled() async throws {
        let folder = try TemporaryFolder()
        let directory = try DemoDirectory(making: folder.path)
        #expect(try Binary.run(["keys", "rotate", "--data", folder.path, "--algorithm", "ES256"]).status == 0)
        let bodies = try await SQLiteDatabase(path: directory.database).read { connection throws(StoreError) in
            var bodies: [JSONObject] = []
            for row in try connection.rows("SELECT body FROM journal_entries ORDER BY sequence") {
                if let body = EntryBody.object(try row.blob(0)) { bodies.append(body) }
            }
            return bodies
        }
        let told = bodies.filter { $0["details"]?["event"] == "keys_rotated" }
        #expect(told.count == 1)
        #expect(told.first?["kind"] == "key_use" && told.first?["actor"] == "operator")
        #expect(told.first?["details"] == ["event": "keys_rotated", "algorithms": ["ES256"]])
        #expect(try Binary.run(["journal", "verify", "--data", folder.path]).status == 0)
    }

    @Test("a rotation that cannot be journalled turns nothing") func unjournalled() throws {
        let folder = try TemporaryFolder()
        let directory = try DemoDirectory(making: folder.path)
        let before = try keys(try Binary.run(["keys", "list", "--data", folder.path, "--json"]))
        try "not a database, and longer than its header would be".write(
            toFile: directory.database, atomically: true, encoding: .utf8)
        #expect(try Binary.run(["keys", "rotate", "--data", folder.path]).status == 1)
        #expect(try keys(try Binary.run(["keys", "list", "--data", folder.path, "--json"])) == before)
    }

    @Test("an algorithm that does not exist, or no installation at all, is wrong usage") func usage() throws {
        #expect(try Binary.run(["keys", "list"]).status == 2)
        #expect(try Binary.run(["keys", "rotate", "--data", "/nowhere", "--algorithm", "none"]).status == 2)
    }

    @Test("an installation that is not there is said, with a cure, and nothing is made") func absent() throws {
        let outcome = try Binary.run(["keys", "list", "--data", "/nowhere/at/all"])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("/nowhere/at/all"))
        #expect(!FileManager.default.fileExists(atPath: "/nowhere"))
    }
}

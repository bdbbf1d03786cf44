// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleCrypto
import SocleJSON
import TestSupport
import Testing

@testable import socle

@Suite("Commands · --json (DESIGN section 3)")
struct JSONOutputTests {
    @Test("every command takes --json, the server aside") func every() throws {
        var leaves: [any ParsableCommand.Type] = []
        var waiting: [any ParsableCommand.Type] = [Socle.self]
        while let command = waiting.popLast() {
            let children = command.configuration.subcommands
            waiting += children
            if children.isEmpty || command == DemoCommand.self { leaves.append(command) }
        }
        #expect(leaves.count > 40)
        for command in leaves where command != ServeCommand.self {
            #expect(Socle.helpMessage(for: command).contains("--json"), "\(command)")
        }
    }

    @Test("a flag of demo code is not taken by demo") func code() throws {
        let folder = try TemporaryFolder()
        let directory = try DemoDirectory(making: folder.path + "/demo")
        _ = try DemoSecrets.loadOrCreate(directory, random: .system)
        let login = try #require(DemoAccount.all.first).login
        let outcome = try Binary.run(["demo", "code", login, "--data", directory.path, "--json"])
        let said = try JSONValue(parsing: outcome.output.trimmingCharacters(in: .newlines))
        #expect(said["login"]?.string == login && said["code"]?.string?.count == 6)
    }

    @Test("what is text otherwise is a member of an object") func cedar() throws {
        let prepared = try Prepared()
        let policies = try prepared.write("permit(principal,action,resource);", as: "p.cedar")
        func json(_ arguments: String...) throws -> JSONValue {
            try JSONValue(parsing: Binary.run(["cedar"] + arguments).output.trimmingCharacters(in: .newlines))
        }
        let formatted = try json("format", "--policies", policies, "--json")
        #expect(formatted["policies"]?.string?.hasPrefix("permit (") == true)
        #expect(try json("format", "--policies", policies, "--json", "--check") == ["formatted": false])
        let translated = try json("translate-policy", "--from", "text", "--policies", policies, "--json")
        let file = try prepared.write(translated.text, as: "p.json")
        let back = try json("translate-policy", "--from", "json", "--policies", file, "--json")
        #expect(back["policies"]?.string?.contains("permit") == true)
    }
}

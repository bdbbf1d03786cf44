// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleJSON

/// How a command that writes says what it did: one line, or with `--json` what the journal's entry says.
struct OutcomeOptions: ParsableArguments {
    @Flag(help: "Print one JSON object: what was done, and on what.") var json = false

    /// - Parameter details: of the entry; its `event` or `action` is told as `done`.
    func tell(_ details: JSONObject, _ line: String) {
        guard json else {
            Console.print(line)
            return
        }
        var object = JSONObject()
        object["done"] = details["event"] ?? details["action"]
        for (name, value) in details.members where name != "event" && name != "action" { object[name] = value }
        Console.print(json: .object(object))
    }
}

/// Of a command whose output is JSON whatever is said: `--json` is taken, as by every command.
struct AlwaysJSON: ParsableArguments {
    @Flag(help: "Taken as by every command: what is printed is JSON anyway.") var json = false
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

/// A small world to evaluate expressions in.
enum Bench {
    static let alice = EntityUID(type: "User", id: "alice")
    static let team = EntityUID(type: "Team", id: "care")
    static let region = EntityUID(type: "Region", id: "north")
    static let read = EntityUID(type: "Action", id: "read")
    static let note = EntityUID(type: "Note", id: "1")

    static func entities() throws -> Entities {
        try Entities([
            Entity(
                alice, attributes: ["age": 40, "name": "Alice", "office": ["city": "Évry"]], parents: [team],
                tags: ["service": "north"]),
            Entity(team, parents: [region]),
            Entity(region),
            Entity(note, attributes: ["author": .entity(alice)]),
        ])
    }

    static let request = Request(
        principal: alice, action: read, resource: note, context: ["level": 3, "labels": ["a", "b"], "empty": []])

    /// The value of an expression.
    static func value(_ text: String) throws -> Value {
        var parser = PolicyParser(text, ParsingLimits())
        try parser.reader.start()
        let expression = try parser.expression()
        guard parser.reader.is(.end) else { throw parser.reader.unexpected(expecting: "the end") }
        var program = Program()
        let entry = program.compile(expression)
        return try Code(program).value(entry, request, entities())
    }

    /// The message of the evaluation error an expression ends in; nil when it has a value.
    static func failure(_ text: String) throws -> String? {
        do {
            _ = try value(text)
            return nil
        } catch let error as EvaluationError {
            return error.message
        }
    }

    /// The fault of a text that must not parse as policies.
    static func refusal(_ text: String) -> String? {
        do throws(SyntaxError) {
            _ = try PolicySet(parsing: text)
            return nil
        } catch {
            return error.description
        }
    }

    /// The same for a condition, its column counted from the condition's first character.
    static func refusal(condition: String) -> String? {
        refusal("permit(principal, action, resource) when {\n\(condition)\n};")
    }
}

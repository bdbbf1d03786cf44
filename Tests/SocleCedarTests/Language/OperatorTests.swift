// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Operators · language reference")
struct OperatorTests {
    @Test(
        "an expression has its value",
        arguments: [
            ("1 + 2 * 3 - 4", 3), ("-9223372036854775808", Value.long(.min)), ("--5", 5), ("-context.level", -3),
            ("- 5 + 1", -4), ("(1 + 2) * 3", 9), ("if 1 < 2 then 10 else 20", 10),
            ("if false then 1 + \"a\" else 20", 20), ("007", 7), ("context.level", 3), ("context[\"level\"]", 3),
            ("principal.age", 40), ("principal.office.city", "Évry"), ("{a: 1, \"b c\": 2}[\"b c\"]", 2),
            ("principal.getTag(\"service\")", "north"), ("\"\\u{e9}\\x41\\n\\t\\\\\\\"\\'\\0\"", "éA\n\t\\\"'\0"),
        ] as [(String, Value)]) func values(_ text: String, _ expected: Value) throws
    {
        #expect(try Bench.value(text) == expected)
    }

    @Test(
        "a condition holds",
        arguments: [
            "1 < 2 && 2 <= 2 && 3 > 2 && 3 >= 3", "!(1 == 2)", "1 != 2", "1 != \"1\"", "[1, 2] == [2, 1, 1]",
            "{a: 1, b: 2} == {b: 2, a: 1}", "principal == User::\"alice\"", "principal in Team::\"care\"",
            "principal in Region::\"north\"", "principal in principal", "User::\"nobody\" in User::\"nobody\"",
            "principal in [Team::\"other\", Region::\"north\"]", "principal is User",
            "principal is User in Region::\"north\"", "principal has age", "principal has \"age\"",
            "principal has office.city", "context has level", "context.labels.contains(\"a\")",
            "context.labels.containsAll([\"b\"])", "context.labels.containsAll([])",
            "context.labels.containsAny([\"z\", \"b\"])", "context.empty.isEmpty()", "principal.hasTag(\"service\")",
            "\"abc\" like \"a*\"", "\"abc\" like \"*b*\"", "\"a*c\" like \"a\\*c\"", "\"\" like \"*\"",
            "\"aXbXc\" like \"a*b*c\"", "\"é\" like \"?\" || true", "true || 1 == \"x\"", "!!true",
            "resource.author.office has city",
        ]) func holds(_ text: String) throws
    {
        #expect(try Bench.value(text) == true)
    }

    @Test(
        "a condition does not hold",
        arguments: [
            "true == 1", "\"1\" == 1", "[1] == [1, 2]", "{a: 1} == {a: 1, b: 2}", "principal == Team::\"alice\"",
            "Team::\"care\" in principal", "principal in Team::\"other\"", "principal in []",
            "principal is Team", "principal is Team in Region::\"north\"", "principal has missing",
            "principal has missing.city", "User::\"nobody\" has age", "principal.hasTag(\"other\")",
            "User::\"nobody\".hasTag(\"service\")", "context.labels.containsAny([])", "context.labels.contains(1)",
            "context.labels.isEmpty()", "\"abc\" like \"a\"", "\"abc\" like \"*d*\"", "\"abc\" like \"a\\*\"",
            "\"\" like \"?\"", "false && 1 == 1", "\"a\" like \"\"", "\"ab\" like \"*a\"",
        ]) func fails(_ text: String) throws
    {
        #expect(try Bench.value(text) == false)
    }

    @Test("strings differ by code point, however alike they look") func composition() throws {
        let (composed, decomposed) = ("\\u{e9}", "e\\u{301}")
        #expect(try Bench.value("\"\(composed)\" == \"\(decomposed)\"") == false)
        #expect(try Bench.value("[\"\(composed)\", \"\(decomposed)\"] == [\"\(composed)\"]") == false)
        #expect(try Bench.value("{\"\(composed)\": 1, \"\(decomposed)\": 2} has \"\(composed)\"") == true)
        #expect(try Bench.value("\"\(decomposed)\" like \"e*\"") == true)
        #expect(try Bench.value("\"\(composed)\" like \"e*\"") == false)
        #expect(EntityUID(type: "User", id: "\u{e9}") != EntityUID(type: "User", id: "e\u{301}"))
    }

    @Test(
        "an expression has no value, and says why",
        arguments: [
            ("9223372036854775807 + 1", "integer overflow in `9223372036854775807 + 1`"),
            ("-9223372036854775808 - 1", "integer overflow in `-9223372036854775808 - 1`"),
            ("4611686018427387904 * 2", "integer overflow in `4611686018427387904 * 2`"),
            ("-(-9223372036854775808)", "integer overflow in the opposite of a number"),
            ("1 + \"a\"", "type error: expected long, found string"),
            ("true < false", "type error: expected long, datetime or duration, found bool"),
            ("1 < \"2\"", "type error: expected long, found string"),
            ("1 && true", "type error: expected bool, found long"),
            ("true && 1", "type error: expected bool, found long"),
            ("false || \"x\"", "type error: expected bool, found string"),
            ("!1", "type error: expected bool, found long"),
            ("if 1 then 2 else 3", "type error: expected bool, found long"),
            ("context.missing", "the record has no `missing`"),
            ("principal.missing", "the entity `User::\"alice\"` has no attribute `missing`"),
            ("User::\"nobody\".age", "the entity `User::\"nobody\"` is not known"),
            ("1.age", "type error: expected a record or an entity, found long"),
            ("1 has age", "type error: expected a record or an entity, found long"),
            ("principal has age.more", "type error: expected a record or an entity, found long"),
            ("1 in principal", "type error: expected an entity, found long"),
            ("principal in 1", "type error: expected an entity or a set of entities, found long"),
            ("principal in [principal, 1]", "type error: expected an entity, found long"),
            ("1 is User", "type error: expected an entity, found long"),
            ("1 like \"1\"", "type error: expected string, found long"),
            ("1.contains(1)", "type error: expected set, found long"),
            ("[1].containsAll(1)", "type error: expected set, found long"),
            ("\"\".isEmpty()", "type error: expected set, found string"),
            ("principal.getTag(\"x\")", "the entity `User::\"alice\"` has no tag `x`"),
            ("principal.hasTag(1)", "type error: expected string, found long"),
        ]) func errors(_ text: String, _ message: String) throws
    {
        #expect(try Bench.failure(text) == message)
    }

    @Test("`&&`, `||` and `if` leave the rest alone") func shortCircuit() throws {
        #expect(try Bench.value("false && context.missing") == false)
        #expect(try Bench.value("true || context.missing") == true)
        #expect(try Bench.value("if true then 1 else context.missing") == 1)
        #expect(try Bench.failure("context.missing || true") == "the record has no `missing`")
        #expect(try Bench.failure("true == context.missing") == "the record has no `missing`")
    }
}

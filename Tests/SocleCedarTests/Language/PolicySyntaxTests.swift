// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Policy syntax · language reference")
struct PolicySyntaxTests {
    @Test("a policy is read with its annotations, its scope and its conditions") func whole() throws {
        let policies = try PolicySet(
            parsing: """
                // The care team reads.
                @id("read") @order("13.2") @flag
                permit(principal is User in Team::"care", action in [Action::"read", Action::"list",], resource == Note::"1",)
                when { principal.age > 18 }
                unless { context has blocked.reason };
                forbid(principal, action, resource);
                """
        ).policies
        #expect(policies.map(\.id) == ["policy0", "policy1"])
        #expect(policies[0].annotations == ["id": "read", "order": "13.2", "flag": ""])
        #expect(policies[0].effect == .permit && policies[1].effect == .forbid)
        #expect(policies[0].scope.principal == .ofTypeWithin("User", .entity(Bench.team)))
        #expect(policies[0].scope.action == .withinAny([Bench.read, EntityUID(type: "Action", id: "list")]))
        #expect(policies[0].scope.resource == .equal(.entity(Bench.note)))
        #expect(policies[0].conditions.map(\.keyword) == [.when, .unless])
        #expect(policies[0].position == Position(line: 2, column: 1))
        #expect(policies[1].scope.principal == .any)
    }

    @Test("a star of a pattern stands for itself only when written `\\*`") func stars() throws {
        let set = try PolicySet(
            parsing: #"permit(principal, action, resource) when { context.a like "a\*b*\u{2a}\x2a" };"#)
        #expect(set.description.contains(#"like "a\*b***""#))
    }

    @Test("nothing but comments is an empty set") func empty() throws {
        #expect(try PolicySet(parsing: " // nothing\r\n\u{a0}").policies.isEmpty)
    }

    @Test("a chain of conditions may be long") func longChain() throws {
        let chain = Array(repeating: "context.level == 3", count: 20_000).joined(separator: " && ")
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { \(chain) };")
        #expect(CompiledPolicies(set).authorize(Bench.request, try Bench.entities()).decision == .allow)
    }

    @Test(
        "a text that is not a policy is refused where reading stopped",
        arguments: [
            ("permit", "1:7: the text ends where `(` is expected"),
            ("allow(principal, action, resource);", "1:1: found `allow` where `permit` or `forbid` is expected"),
            ("permit(principal, action, resource)", "1:36: the text ends where `when`, `unless` or `;` is expected"),
            ("permit(principal, action);", "1:25: found `)` where `,` is expected"),
            ("permit(action, principal, resource);", "1:8: found `action` where `principal` is expected"),
            ("permit(principal == User, action, resource);", "1:25: found `,` where `::` is expected"),
            (
                "permit(principal, action == User::\"a\", resource);",
                "1:29: `User::\"a\"` is not an action: its type must be `Action`"
            ),
            (
                "permit(principal, action, resource == ?principal);",
                "1:39: `?principal` cannot stand for the resource"
            ),
            ("@a @a permit(principal, action, resource);", "1:5: the annotation `a` is given twice"),
            (
                "@a(1) permit(principal, action, resource);",
                "1:4: found `1` where the value of the annotation, a string, is expected"
            ),
            (
                "permit(principal, action, resource) if { true };",
                "1:37: found `if` where `when`, `unless` or `;` is expected"
            ),
            ("permit(principal, action, resource);\n  é", "2:3: `é` has no meaning here"),
            ("permit(principal is if, action, resource);", "1:21: `if` is reserved and cannot be a name"),
        ]) func policies(_ text: String, _ message: String)
    {
        #expect(Bench.refusal(text) == message)
    }

    @Test(
        "a text that is not an expression is refused where reading stopped",
        arguments: [
            ("", "3:1: found `}` where an expression is expected"),
            ("1 == 2 == 3", "2:8: relations do not chain: use parentheses or `&&`"),
            ("1 / 2", "2:3: there is no division and no remainder in the language"),
            ("user == 1", "2:1: unknown variable `user`: there are `principal`, `action`, `resource`, `context`"),
            ("size(1)", "2:1: unknown function `size`"),
            ("principal.size()", "2:11: unknown method `size`"),
            ("principal.ip()", "2:11: unknown method `ip`"),
            ("lessThan(1, 2)", "2:1: unknown function `lessThan`"),
            ("[1].contains()", "2:5: `contains` takes one argument, not 0"),
            ("[1].isEmpty(1)", "2:5: `isEmpty` takes no argument, not 1"),
            ("(1)(2)", "2:4: only functions and methods can be called"),
            ("9223372036854775808", "2:1: `9223372036854775808` does not fit in 64 bits"),
            ("-9223372036854775809", "2:2: `9223372036854775809` does not fit in 64 bits"),
            ("-(9223372036854775808)", "2:3: `9223372036854775808` does not fit in 64 bits"),
            ("!!!!!true", "2:1: at most four `!` can follow one another"),
            ("{a: 1, \"a\": 2}", "2:8: the attribute `a` is given twice"),
            ("principal[a]", "2:11: found `a` where an attribute, a string, is expected"),
            ("principal like 1", "2:16: found `1` where a pattern, which is a string, is expected"),
            ("\"\\q\"", "2:1: `\\q` is not an escape in a string"),
            ("\"\\*\"", "2:1: `\\*` is not an escape in a string"),
            ("\"\\u{110000}\"", "2:1: `\\u{110000}` is not an escape in a string"),
            ("\"\\u{d800}\"", "2:1: `\\u{d800}` is not an escape in a string"),
            ("\"\\x80\"", "2:1: `\\x80` is not an escape in a string"),
            ("\"open", "2:1: this string is not closed"),
            ("?principal == 1", "2:1: `?principal`: a slot can stand in the scope only"),
            ("User::Team", "2:1: `User::Team` is not a value: an entity is written `User::Team::\"…\"`"),
            ("true && if true then true else false", "2:9: `if` is reserved and cannot be a name"),
            ("principal has 1", "2:15: found `1` where an attribute is expected"),
            ("1 = 1", "2:3: found `=` where `}` is expected"),
            ("1 & 2", "2:3: `&` has no meaning here"),
        ]) func expressions(_ text: String, _ message: String)
    {
        #expect(Bench.refusal(condition: text) == message)
    }

    @Test("depth bombs end in an error, at once") func bombs() {
        let depth = 200_000
        for (open, close) in [("(", ")"), ("[", "]"), ("{a:", "}"), ("if ", ""), ("!(", ")"), ("principal.a(", ")")] {
            let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            #expect(Bench.refusal(condition: text)?.contains("levels of nesting") == true)
        }
        for link in [".a", "[\"a\"]", " + 1", " * 1"] {
            let text = "principal" + String(repeating: link, count: depth)
            #expect(Bench.refusal(condition: text)?.contains("an expression of more than 512 levels") == true)
        }
    }

    @Test("a long string costs its length, closed or not") func longString() throws {
        let long = String(repeating: "é\\n", count: 300_000)
        let text = "permit(principal, action, resource) when { context.level == \"\(long)\" };"
        #expect(try PolicySet(parsing: text).policies.count == 1)
        #expect(Bench.refusal(String(text.dropLast(4))) == "1:61: this string is not closed")
        #expect(Bench.refusal(String(repeating: "9", count: 1_000_000))?.hasPrefix("1:1: found `999") == true)
    }
}

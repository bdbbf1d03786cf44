// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("JSON form of policies · language reference")
struct JSONRefusalTests {
    private static let scope = #""principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"}"#

    private func refusal(_ text: String) -> String? {
        do throws(JSONFault) {
            _ = try PolicySet(json: text)
            return nil
        } catch {
            return error.description
        }
    }

    private func refusal(body: String) -> String? {
        refusal(#"{"effect":"permit",\#(Self.scope),"conditions":[{"kind":"when","body":\#(body)}]}"#)
    }

    @Test("a template, its link and a static policy go out and come back") func links() throws {
        var set = try PolicySet(
            parsing:
                "permit(principal == ?principal, action, resource is T in ?resource); forbid(principal, action, resource);"
        )
        try set.link(templateID: "policy0", id: "l", values: [.principal: Bench.alice, .resource: Bench.note])
        let again = try PolicySet(json: set.json())
        #expect(try again.json() == set.json())
        #expect(Set(again.policies.map(\.id)) == ["policy1", "l"] && again.templates.map(\.id) == ["policy0"])
        #expect(again.policies.first { $0.id == "l" }?.scope == set.policies.first { $0.id == "l" }?.scope)
    }

    @Test(
        "a text that is not JSON is refused",
        arguments: [
            ("", "the text ends where a value is expected (byte 0)"), ("{", "a name is expected (byte 1)"),
            ("[1,]", "this is not a value (byte 3)"), ("{\"a\":1,\"a\":1}", "the name `a` is given twice (byte 10)"),
            ("1 2", "more text after the value (byte 2)"), ("01", "this is not a number (byte 2)"),
            ("1.5", "a number with a fraction or an exponent has no meaning here (byte 1)"),
            ("9223372036854775808", "this number does not fit in 64 bits (byte 19)"),
            ("\"\\ud800\"", "half of a character (byte 7)"), ("\"\u{1}\"", "a control character in a string (byte 2)"),
            ("\"open", "this string is not closed (byte 5)"), ("\"\\x\"", "`\\x` is not an escape in JSON (byte 3)"),
        ]) func json(_ text: String, _ message: String)
    {
        #expect(refusal(text) == message)
    }

    @Test("a JSON depth bomb ends in an error, at once") func bomb() {
        #expect(refusal(String(repeating: "[", count: 1_000_000))?.contains("levels of nesting") == true)
        #expect(refusal(String(repeating: "{\"a\":", count: 1_000_000))?.contains("levels of nesting") == true)
    }

    @Test("a condition too long for the JSON form is refused when written") func tooLong() throws {
        let chain = Array(repeating: "true", count: 5000).joined(separator: " && ")
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { \(chain) };")
        #expect(throws: JSONFault.self) { try set.json() }
    }

    @Test(
        "a JSON expression that means nothing is refused with its path",
        arguments: [
            ("1", ".conditions[0].body: an expression is an object of one member, its operator"),
            (#"{"Value":null}"#, ".conditions[0].body.Value: `null` has no meaning here"),
            (#"{"Var":"user"}"#, ".conditions[0].body.Var: this is not a variable"),
            (#"{"Slot":"?principal"}"#, ".conditions[0].body.Slot: a slot can stand in the scope only"),
            (#"{"xor":{}}"#, ".conditions[0].body.xor: `xor` is not an operator"),
            (
                #"{"==":{"left":{"Value":1}}}"#,
                ".conditions[0].body.==.right: an expression is an object of one member, its operator"
            ),
            (#"{"Set":1}"#, ".conditions[0].body.Set: an array is expected"),
            (#"{"has":{"left":{"Var":"context"}}}"#, ".conditions[0].body.has.attr: a string is expected"),
            (
                #"{"like":{"left":{"Value":""},"pattern":[1]}}"#,
                ".conditions[0].body.like.pattern: a pattern is made of `Wildcard` and `Literal`"
            ),
            (
                #"{"is":{"left":{"Var":"principal"},"entity_type":"a b"}}"#,
                ".conditions[0].body.is.entity_type: `a b` is not the name of a type"
            ),
            (
                #"{"Value":{"__entity":{"type":"if","id":""}}}"#,
                ".conditions[0].body.Value: `if` is not the name of a type"
            ),
            (#"{"Value":{"__extn":{"fn":"size","arg":""}}}"#, ".conditions[0].body.Value: `fn` must name a function"),
        ]) func expressions(_ body: String, _ message: String)
    {
        #expect(refusal(body: body) == message)
    }

    @Test(
        "a JSON policy that means nothing is refused with its path",
        arguments: [
            (#"{"effect":"allow",\#(JSONRefusalTests.scope)}"#, "`effect` must be `permit` or `forbid`"),
            (
                #"{"effect":"permit","action":{"op":"All"},"resource":{"op":"All"}}"#,
                ".principal: `op` must be `All`, `==`, `in` or `is`"
            ),
            (#"{"effect":"permit",\#(JSONRefusalTests.scope),"scope":1}"#, "`scope` has no meaning in a policy"),
            (#"{"policies":{}}"#, "policies: `policies` has no meaning in a policy set"),
            (
                #"{"templates":{"p":{"effect":"permit",\#(JSONRefusalTests.scope)}}}"#,
                "templates.p: a template has slots, a static policy has none"
            ),
            (
                #"{"templateLinks":[{"newId":"l","templateId":"t","values":{}}]}"#,
                "templateLinks[0]: no template is named `t`"
            ),
        ]) func policies(_ text: String, _ message: String)
    {
        #expect(refusal(text) == message)
    }
}

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

    @Test(
        "a condition too long to be read from JSON is refused when written, and only then", arguments: [200, 400, 5000])
    func tooLong(_ length: Int) throws {
        let chain = Array(repeating: "true", count: length).joined(separator: " && ")
        let set = try PolicySet(parsing: "permit(principal, action, resource) when { \(chain) };")
        guard length <= 200 else {
            #expect(throws: JSONFault.self) { try set.json() }
            return
        }
        #expect(try PolicySet(json: set.json()).description == set.description)
    }

    @Test("a path after `has` may be an array of names") func hasPath() throws {
        let body = #"{"has":{"left":{"Var":"context"},"attr":["a","b"]}}"#
        let text = #"{"effect":"permit",\#(Self.scope),"conditions":[{"kind":"when","body":\#(body)}]}"#
        #expect(try PolicySet(json: text).description.contains("when { context has a.b }"))
        #expect(refusal(body: #"{"has":{"left":{"Var":"context"},"attr":["a b","c"]}}"#) != nil)
        #expect(refusal(body: #"{"has":{"left":{"Var":"context"},"attr":[]}}"#) != nil)
    }

    @Test(
        "a JSON expression that means nothing is refused with its path",
        arguments: [
            (#"{"!":{"arg":{"Value":true},"args":1}}"#, "conditions[0].body.!: `args` has no meaning here"),
            (#"{"Value":{"__expr":"1"}}"#, "conditions[0].body.Value: `__expr` is no longer a part of the language"),
            (
                #"{"Value":{"__extn":{"fn":"ip"}}}"#,
                "conditions[0].body.Value: an extension value has an `arg` or an array of `args`"
            ),
            ("1", "conditions[0].body: an expression is an object of one member, its operator"),
            (#"{"Value":null}"#, "conditions[0].body.Value: `null` has no meaning here"),
            (#"{"Var":"user"}"#, "conditions[0].body.Var: this is not a variable"),
            (#"{"Slot":"?principal"}"#, "conditions[0].body.Slot: a slot can stand in the scope only"),
            (#"{"xor":{}}"#, "conditions[0].body.xor: `xor` is not an operator"),
            (
                #"{"==":{"left":{"Value":1}}}"#,
                "conditions[0].body.==.right: an expression is an object of one member, its operator"
            ),
            (#"{"Set":1}"#, "conditions[0].body.Set: an array is expected"),
            (
                #"{"has":{"left":{"Var":"context"}}}"#,
                "conditions[0].body.has.attr: a name or an array of names is expected"
            ),
            (
                #"{"like":{"left":{"Value":""},"pattern":[1]}}"#,
                "conditions[0].body.like.pattern: a pattern is made of `Wildcard` and `Literal`"
            ),
            (
                #"{"is":{"left":{"Var":"principal"},"entity_type":"a b"}}"#,
                "conditions[0].body.is.entity_type: `a b` is not the name of a type"
            ),
            (
                #"{"Value":{"__entity":{"type":"if","id":""}}}"#,
                "conditions[0].body.Value: `if` is not the name of a type"
            ),
            (#"{"Value":{"__extn":{"fn":"size","arg":""}}}"#, "conditions[0].body.Value: `fn` must name a function"),
        ]) func expressions(_ body: String, _ message: String)
    {
        #expect(refusal(body: body) == message)
    }

    @Test(
        "a JSON policy that means nothing is refused with its path",
        arguments: [
            (#"{"effect":"allow",\#(JSONRefusalTests.scope)}"#, "`effect` must be `permit` or `forbid`"),
            (
                #"{"effect":"permit","action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#,
                "principal: `op` must be `All`, `==`, `in` or `is`"
            ),
            (#"{"effect":"permit",\#(JSONRefusalTests.scope),"scope":1}"#, "`scope` has no meaning here"),
            // Left out or misspelt, a condition would make the policy say more.
            (
                #"{"effect":"permit",\#(JSONRefusalTests.scope)}"#,
                "`conditions` is missing: a policy without any has an empty array"
            ),
            (
                #"{"effect":"permit",\#(JSONRefusalTests.scope),"conditions":{}}"#,
                "conditions: an array is expected"
            ),
            (
                #"{"effect":"permit",\#(JSONRefusalTests.scope),"conditions":[{"kind":"when","body":{"Value":true},"and":1}]}"#,
                "conditions[0]: `and` has no meaning here"
            ),
            (
                #"{"effect":"permit",\#(JSONRefusalTests.scope),"conditions":[],"annotations":{"a b":"x"}}"#,
                "annotations: `a b` cannot name an annotation"
            ),
            (
                #"{"effect":"permit","principal":{"op":"==","slot":"?principal","entity":{"type":"U","id":"a"}},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}"#,
                "principal: an `entity` and a `slot` are given"
            ),
            (
                #"{"effect":"permit","principal":{"op":"All"},"action":{"op":"in","entities":{}},"resource":{"op":"All"},"conditions":[]}"#,
                "action.entities: an array is expected"
            ),
            (#"{"templateLinks":{}}"#, "templateLinks: an array is expected"),
            (#"{"policies":{}}"#, "policies: `policies` has no meaning in a policy set"),
            (
                #"{"templates":{"p":{"effect":"permit",\#(JSONRefusalTests.scope),"conditions":[]}}}"#,
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

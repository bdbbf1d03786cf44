// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@Suite("Looking into a text · RFC 8259")
struct JSONViewTests {
    private func view(_ text: String) throws(JSONError) -> JSONView { try JSONView(parsing: text.utf8) }

    @Test("each value is found by its name and is what it is, whatever stands before it") func found() throws {
        let view = try view(
            #"{"skip":{"deep":[[1,{"a":2}],"b"],"none":{}},"é":"à","name":"Jo\u0065","n":-7,"yes":true,"no":false,"nil":null}"#
        )
        #expect(view["name"]?.string == "Joe" && view["é"]?.string == "à" && view["n"]?.integer == -7)
        #expect(view["yes"]?.bool == true && view["no"]?.bool == false && view["nil"]?.isNull == true)
        #expect(view["skip"]?["deep"]?.elements?[0].elements?[1]["a"]?.integer == 2)
        #expect(view["skip"]?["deep"]?.elements?.last?.string == "b" && view["skip"]?["none"]?.names == [])
        #expect(view.names == ["skip", "é", "name", "n", "yes", "no", "nil"])
    }

    @Test("a name spelled with escapes is that name, and nothing is found inside a member's own value") func names()
        throws
    {
        let view = try view(#"{"\u0061b":1,"c":{"ab":2,"d":3},"e":"d"}"#)
        #expect(view["ab"]?.integer == 1 && view["c"]?["ab"]?.integer == 2)
        #expect(view["d"] == nil && view["a"] == nil && view["abc"] == nil && view[""] == nil)
    }

    @Test("what it is not is nil: no value is taken for another kind") func kinds() throws {
        let view = try view(#"["x",1,1.5,true,null,{},[]]"#)
        let elements = try #require(view.elements)
        #expect(elements.map { $0.string != nil } == [true, false, false, false, false, false, false])
        #expect(elements.map { $0.integer != nil } == [false, true, false, false, false, false, false])
        #expect(elements.map { $0.bool != nil } == [false, false, false, true, false, false, false])
        #expect(elements.map(\.isObject) == [false, false, false, false, false, true, false])
        #expect(elements.map { $0.elements != nil } == [false, false, false, false, false, false, true])
        #expect(view["x"] == nil && view.names == [] && view.strings == nil && view.string == nil)
        #expect(elements[0]["x"] == nil && elements[0].names == [])
        #expect(try self.view(#"["a","b"]"#).strings == ["a", "b"] && self.view("[]").strings == [])
    }

    @Test("what is no JSON is refused before anything of it is seen", arguments: ["", "{", #"{"a":1,}"#, #"{"a":1}x"#])
    func refused(text: String) { #expect(throws: JSONError.self) { try view(text) } }

    @Test("bounds are those of the limits") func bounds() {
        #expect(throws: JSONError.self) {
            try JSONView(parsing: "[1,2]".utf8, limits: JSONLimits(bytes: 4))
        }
        #expect(throws: JSONError.self) { try JSONView(parsing: "[1,2]".utf8, limits: JSONLimits(values: 2)) }
        #expect(throws: JSONError.self) { try JSONView(parsing: "[[1]]".utf8, limits: JSONLimits(depth: 1)) }
    }

    @Test("the tree of a view is the value, of the whole text and of each part of it") func trees() throws {
        let value: JSONValue = [
            "a": [1, .double(-0.5), "é\n\"", .null, true, ["b": [:], "c": []]], "d": .string("\u{1F600}\u{0}"),
            "e": .object(
                JSONObject(dictionaryLiteral: ("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5))),
        ]
        let view = JSONView(value)
        #expect(view.value == value && view.value.bytes == value.bytes)
        #expect(view["a"]?.value == value["a"] && view["e"]?.value.bytes == value["e"]?.bytes)
        #expect(view["a"]?.elements?.map(\.value) == value["a"]?.array)
    }
}

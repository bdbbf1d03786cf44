// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@Suite("Writing · RFC 8259")
struct JSONWriterTests {
    @Test("members keep their order, text is compact") func compact() {
        let value: JSONValue = ["z": 1, "a": [true, .null, "x"], "m": [:], "e": []]
        #expect(value.text == #"{"z":1,"a":[true,null,"x"],"m":{},"e":[]}"#)
    }

    @Test("only what must be escaped is") func escapes() {
        #expect(
            JSONValue("\"\\/\n\r\t\u{8}\u{0}\u{1F}\u{7F}é😀").text == #""\"\\/\n\r\t\u0008\u0000\u001f"# + "\u{7F}é😀\"")
        #expect(JSONValue("").text == "\"\"")
        #expect(JSONValue("\"").text == #""\"""#)
        #expect(JSONValue("ab\"").text == #""ab\"""#)
        #expect((["\"a": 1] as JSONValue).text == #"{"\"a":1}"#)
    }

    @Test("what is not a number in JSON is written as null") func notANumber() {
        #expect(JSONValue.double(.nan).text == "null")
        #expect(JSONValue.double(-.infinity).text == "null")
    }

    @Test("what is written is read back the same") func roundTrip() throws {
        let values: [JSONValue] = [
            .null, true, false, 0, .integer(.min), .integer(.max), .double(0.1), .double(-0.0), .double(1e21),
            .double(.leastNonzeroMagnitude), .double(.greatestFiniteMagnitude), "", "é€😀\u{0}\"\\", [], [:], [[[]]],
            ["a": ["b": ["c", .null, .double(1.5)]], "é": "x"],
        ]
        for value in values { #expect(try JSONValue(parsing: value.bytes) == value) }
        #expect(try JSONValue(parsing: JSONValue.array(values).text) == .array(values))
    }

    @Test("objects are equal whatever the order of their members, and differ by any value") func equality() {
        let object: JSONObject = ["a": 1, "b": 2]
        #expect(object == ["b": 2, "a": 1])
        #expect(object.hashValue == (["b": 2, "a": 1] as JSONObject).hashValue)
        #expect(object != ["a": 1])
        #expect(object != ["a": 1, "b": 3])
        #expect(object != ["a": 1, "c": 2])
    }

    @Test("a member is set, replaced in its place, and removed") func members() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = "x"
        object["a"] = nil
        object["d"] = true
        #expect(JSONValue.object(object).text == #"{"b":"x","c":3,"d":true}"#)
        #expect(object["a"] == nil)
    }
}

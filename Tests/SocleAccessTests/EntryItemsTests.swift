// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@testable import SocleAccess

@Suite("The items of one journal entry")
struct EntryItemsTests {
    @Test("what is written is read back, byte for byte, two spellings of one character included") func spellings()
        throws
    {
        let items: [JSONObject] = ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}"].map {
            ["id": .string($0), "outcome": "deny"]
        }
        var details = JSONObject()
        EntryItems.write(items + [["outcome": "permit"]], in: &details)
        let read = try #require(EntryItems.read(details))
        #expect(read.prefix(3).map { JSONValue.object($0).bytes } == items.map { JSONValue.object($0).bytes })
        #expect(read.last?["id"] == nil && read.last?["outcome"] == "permit")
    }

    @Test("a table that does not hold together is not read", arguments: ["[[0,9]]", "[[0]]", "[0]", "{}"])
    func broken(rows: String) throws {
        let text = #"{"items":{"columns":{"a":["x"],"b":["y"]},"rows":\#(rows)}}"#
        let details = try #require(JSONValue(parsing: text).object)
        #expect(EntryItems.read(details) == nil)
    }
}

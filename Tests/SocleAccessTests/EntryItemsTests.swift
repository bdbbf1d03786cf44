// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
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

    @Test("one question and several are told in the same words, in an emergency and out of one") func sameWords() throws
    {
        var calm = try RuleBench()
        calm.question.context.trace = true
        var emergency = calm
        emergency.emergency()
        let benches = [calm, emergency]
        let caller = Caller(client: "app", voice: .application)
        func items(_ benches: [RuleBench]) throws -> [JSONObject] {
            let entry = DecisionEntry(
                caller: caller, questions: benches.map(\.question), answers: benches.map(\.answer),
                instant: RuleBench.now,
                requestID: "r-1")
            let details = try #require(entry.draft.details.value?.object)
            #expect(details["client"] == "app" && details["request"] == "r-1" && details["policy_version"] != nil)
            return try #require(EntryItems.read(details))
        }
        let together = try items(benches)
        for (index, bench) in benches.enumerated() {
            #expect(try items([bench]) == [together[index]])
            let listed = JSONText([.success(bench.answer), .failure(MalformedQuestion("no"))])["evaluations"]?.array
            #expect(listed?.map { $0 as JSONValue? } == [bench.answer.text.value, MalformedQuestion("no").text.value])
        }
        #expect(together[0]["declared"] == nil && together[0]["ignored"] == ["context.trace"])
        let said = emergency.question.context.justification
        #expect(said != nil && together[1]["declared"]?["justification"]?.string == said)
    }

    @Test("a table that does not hold together is not read", arguments: ["[[0,9]]", "[[0]]", "[0]", "{}"])
    func broken(rows: String) throws {
        let text = #"{"items":{"columns":{"a":["x"],"b":["y"]},"rows":\#(rows)}}"#
        let details = try #require(JSONValue(parsing: text).object)
        #expect(EntryItems.read(details) == nil)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@testable import SocleAccess

@Suite("Reading the questions of one call · AuthZEN 1.0")
struct BatchReadingTests {
    private func batch<Question: BatchedQuestion>(
        _ members: JSONObject, items: Int, of _: Question.Type
    ) throws -> AccessBatch<Question> {
        var request = members
        request["evaluations"] = .array(Array(repeating: [:], count: items))
        return try #require(try AccessBatch<Question>(JSONView(.object(request))))
    }

    private let usual: JSONObject = [
        "subject": ["type": "professional", "id": "s"], "action": ["name": "read"],
        "resource": ["type": "document", "id": "r"],
    ]

    @Test("a long text that a thousand questions share is read once") func shared() throws {
        var members = usual
        members["context"] = ["k": .array(Array(repeating: 0, count: 60_000))]
        // Read for each of them it would be gigabytes.
        let generic = try batch(members, items: 1000, of: GenericQuestion.self)
        #expect(generic.items.count == 1000)
        #expect(try generic.items.last?.get().context["k"]?.array?.count == 60_000)
        var properties = JSONObject()
        for index in 0..<60_000 { properties.append(unique: "\n\(index)", 0) }
        members = usual
        members["subject"] = ["type": "professional", "id": "s", "properties": .object(properties)]
        let region = try batch(members, items: 1000, of: AccessQuestion.self)
        #expect(try region.items.last?.get().subject.ignored.count == 16)
    }

    @Test("candidates past the bound are refused before more of them are read") func candidates() throws {
        var members = usual
        let ids = (0..<600).map { JSONValue.string("\($0)") }
        members["resource"] = ["type": "document_list", "id": "r", "properties": ["candidates": .array(ids)]]
        #expect(try batch(members, items: 1, of: AccessQuestion.self).items.count == 1)
        #expect(throws: MalformedQuestion.self) { try batch(members, items: 1000, of: AccessQuestion.self) }
    }

    @Test("what a question says itself replaces what is shared, whole; a null of its own too") func replaced() throws {
        var request = usual
        request["context"] = ["purpose": "TREAT", "call_id": "c"]
        request["evaluations"] = [
            [:], ["context": ["purpose": "BTG"]], ["context": .null], ["subject": .null],
            ["resource": ["type": "document"]], ["action": "read"], 1,
        ]
        let items = try #require(try AccessBatch<AccessQuestion>(JSONView(.object(request)))).items
        #expect(try items[0].get().context.purpose == "TREAT" && items[0].get().context.callID == "c")
        #expect(try items[1].get().context.purpose == "BTG" && items[1].get().context.callID == nil)
        #expect(try items[2].get().context.purpose == nil)
        #expect(items[3] == .failure(MalformedQuestion("`subject` is missing")))
        #expect(items[4] == .failure(MalformedQuestion("`resource.id` is missing")))
        #expect(items[5] == .failure(MalformedQuestion("`action` must be an object")))
        #expect(items[6] == .failure(MalformedQuestion("each of `evaluations` must be an object")))
    }

    @Test("a shared part that is wrong spoils the questions that need it and no other") func spoiled() throws {
        var request = usual
        request["subject"] = 1
        request["evaluations"] = [[:], ["subject": ["type": "professional", "id": "s"]]]
        let items = try #require(try AccessBatch<AccessQuestion>(JSONView(.object(request)))).items
        #expect(items[0] == .failure(MalformedQuestion("`subject` must be an object")))
        #expect(try items[1].get().subject.id == "s")
    }
}

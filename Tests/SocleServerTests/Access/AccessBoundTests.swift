// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleJSON
import SocleServer
import SocleStore
import Testing

@Suite("Bounds of a call · DESIGN 9: every list, text and depth has a maximum and a clear 4xx")
struct AccessBoundTests {
    private func batch(_ count: Int, _ item: (Int) -> JSONValue) -> [UInt8] {
        var object = Ward.question().object ?? JSONObject()
        object["evaluations"] = .array((0..<count).map(item))
        return JSONValue.object(object).bytes
    }

    private func lastBody(_ fixture: AccessFixture) async throws -> [UInt8] {
        try #require(
            try await fixture.database.read { connection throws(StoreError) in
                try connection.row("SELECT body FROM journal_entries ORDER BY sequence DESC LIMIT 1")?.blob(0)
            })
    }

    @Test("a list of questions that nobody waits for any longer is refused, not gone through; a single one is answered")
    func givenUp() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            func reasons(_ body: [UInt8], to path: String) async throws -> [String?] {
                let answer = try JSONValue(parsing: await fixture.post(body, to: path).body)
                return (answer["evaluations"]?.array ?? [answer]).map { $0["context"]?["reason"]?.string }
            }
            let list = batch(3) { _ in [:] }
            // The records are in memory from then on.
            #expect(try await reasons(list, to: AccessRoutes.evaluations) == Array(repeating: "care_team", count: 3))
            let entries = try await fixture.entries()
            let given = try await withThrowingTaskGroup(of: [[String?]].self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return [
                        try await reasons(list, to: AccessRoutes.evaluations),
                        try await reasons(Ward.question().bytes, to: AccessRoutes.evaluation),
                    ]
                }
                return try await group.next() ?? []
            }
            #expect(given == [Array(repeating: "unavailable", count: 3), ["care_team"]])
            #expect(try await fixture.entries() == entries + 2)
        }
    }

    @Test("a thousand questions are answered, one more is refused whole, and says why") func questions() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let most = await fixture.post(batch(1000) { _ in [:] }, to: AccessRoutes.evaluations)
            #expect(most.status == .ok)
            #expect(try JSONValue(parsing: most.body)["evaluations"]?.array?.count == 1000)
            let before = try await fixture.entries()
            let more = await fixture.post(batch(1001) { _ in [:] }, to: AccessRoutes.evaluations)
            #expect(more.status == .badRequest)
            #expect(String(decoding: more.body, as: UTF8.self).contains("`evaluations` holds more than 1000 questions"))
            #expect(try await fixture.entries() == before)
        }
    }

    @Test("candidates are counted over the whole call") func candidates() async throws {
        let list: JSONValue = [
            "type": "document_list", "id": "L",
            "properties": ["patient": "PAT-1", "candidates": .array((0..<334).map { .string("D\($0)") })],
        ]
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let two = await fixture.post(batch(2) { _ in ["resource": list] }, to: AccessRoutes.evaluations)
            #expect(two.status == .ok)
            let three = await fixture.post(batch(3) { _ in ["resource": list] }, to: AccessRoutes.evaluations)
            #expect(three.status == .badRequest)
            #expect(String(decoding: three.body, as: UTF8.self).contains("1000"))
        }
    }

    @Test(
        "each text has its length: the longest is read, one byte more names its member",
        arguments: [
            ("subject.id", 256), ("subject.type", 256), ("subject.properties.situation", 256), ("action.name", 256),
            ("resource.type", 256), ("resource.id", 256), ("resource.properties.patient", 256),
            ("resource.properties.type_code", 256), ("resource.properties.author", 256),
            ("resource.properties.author_structure", 256), ("resource.properties.created", 256),
            ("context.purpose", 256), ("context.justification", 2000), ("context.patient_capacity", 256),
            ("context.call_id", 256),
        ])
    func texts(member: String, limit: Int) async throws {
        func body(_ length: Int) throws -> [UInt8] {
            let path = member.split(separator: ".").map(String.init)
            func put(_ value: JSONValue?, _ rest: ArraySlice<String>) -> JSONValue {
                guard let name = rest.first else { return .string(String(repeating: "x", count: length)) }
                var object = value?.object ?? JSONObject()
                object[name] = put(object[name], rest.dropFirst())
                return .object(object)
            }
            return put(Ward.question(), path[...]).bytes
        }
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let longest = await fixture.post(try body(limit))
            #expect(longest.status == .ok, "\(member)")
            let longer = await fixture.post(try body(limit + 1))
            #expect(longer.status == .badRequest, "\(member)")
            #expect(String(decoding: longer.body, as: UTF8.self).contains("`\(member)` is longer than \(limit) bytes"))
        }
    }

    @Test("depth and the number of values are bounded, whatever the size") func shape() async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            func asked(_ extra: String) -> [UInt8] {
                let text = Ward.question().text
                return Array((text.dropLast() + ",\"extra\":\(extra)}").utf8)
            }
            func nested(_ depth: Int) -> String {
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            }
            let deepest = await fixture.post(asked(nested(32)))
            #expect(deepest.status == .ok)
            for wrong in [nested(33), nested(5000), "[" + String(repeating: "0,", count: 100_000) + "0]"] {
                let response = await fixture.post(asked(wrong))
                #expect(response.status == .badRequest)
                #expect(String(decoding: response.body, as: UTF8.self).contains("not JSON: "))
            }
        }
    }

    @Test("the entry of the longest call is within its bound, and read back") func entry() async throws {
        // As much as a call may hold: different in every item, in texts that take more bytes written than sent.
        let wide = String(repeating: "\u{FFFF}\"\\", count: 18)
        let body = batch(1000) { number in
            [
                "subject": [
                    "type": "professional", "id": .string("\(number)\(wide)"), "properties": ["acr": "eidas1"],
                ],
                "action": ["name": .string("\(number)\(wide)")],
                "resource": [
                    "type": .string("\(number)\(wide)"), "id": .string("\(number)\(wide)"),
                    "properties": ["patient": .string("PAT-\(number)")],
                ],
                "context": ["purpose": "BTG", "justification": .string("\(number)\(wide)"), "trace": false],
            ]
        }
        #expect(body.count > 800_000 && body.count <= 1 << 20, "\(body.count)")
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            let response = await fixture.post(body, to: AccessRoutes.evaluations)
            #expect(response.status == .ok)
            #expect(try JSONValue(parsing: response.body)["evaluations"]?.array?.count == 1000)
            let entry = try await lastBody(fixture)
            #expect(entry.count <= 4 << 20, "\(entry.count)")
            let details = try #require(EntryBody.object(entry)?["details"]?.object)
            #expect(EntryItems.read(details)?.count == 1000)
        }
    }
}

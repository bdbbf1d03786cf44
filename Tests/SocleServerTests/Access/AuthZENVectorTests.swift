// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleJSON
import SocleServer
import Testing

@Suite("AuthZEN Authorization API 1.0 · the public test sets, over the routes")
struct AuthZENVectorTests {
    private static let searchClient = GenericFixture.client(
        types: ["user", "record"], actions: ["view", "edit", "delete"])

    @Test("certification: every case has its status, decision, list or results") func certification() async throws {
        guard let cases = try AuthZENVectors.read("certification-cases.json")?["cases"]?.array else { return }
        #expect(cases.count == 55)
        let client = GenericFixture.client(types: ["user", "record"], actions: ["read", "write", "delete"])
        try await GenericFixture.with("certification", asking: client) { fixture in
            for item in cases {
                let id = item["id"]?.string ?? ""
                for _ in 0..<(item["repeat"]?.integer ?? 1) {
                    let response = await Self.send(item, fixture)
                    let expected = try #require(item["expect"])
                    #expect(response.status.code == Int(expected["status"]?.integer ?? 0), "\(id)")
                    guard response.status == .ok else { continue }
                    #expect(response.headers[.contentType] == "application/json", "\(id)")
                    try Self.check(JSONValue(parsing: response.body), against: expected, id)
                    for header in expected["headers"]?.object?.members ?? [] {
                        let name = try #require(HTTPField.Name(header.name))
                        #expect(response.headers[name] == header.value.string, "\(id)")
                    }
                }
            }
        }
    }

    private static func send(_ item: JSONValue, _ fixture: AccessFixture) async -> WebResponse {
        let path = item["endpoint"]?.string ?? ""
        if item["method"]?.string == "GET" {
            return await fixture.site.respond(to: WebRequest(method: .get, path: path))
        }
        return await fixture.post(
            item["rawBody"]?.string.map { Array($0.utf8) } ?? item["request"]?.bytes ?? [], to: path,
            type: item["contentType"]?.string ?? "application/json",
            id: item["headers"]?["X-Request-ID"]?.string)
    }

    private static func check(_ answer: JSONValue, against expected: JSONValue, _ id: String) throws {
        if let decision = expected["decision"]?.bool { #expect(answer["decision"]?.bool == decision, "\(id)") }
        if let list = expected["evaluations"]?.array {
            let answers = try #require(answer["evaluations"]?.array, "\(id)")
            #expect(answers.count == list.count, "\(id)")
            for (answer, expected) in zip(answers, list) {
                let decision = try #require(answer["decision"]?.bool as Bool?, "\(id)")
                if let expected = expected.bool { #expect(decision == expected, "\(id)") }
            }
        }
        if let included = expected["resultsInclude"]?.array {
            let results = try #require(answer["results"]?.array, "\(id)")
            for result in included { #expect(results.contains(result), "\(id): \(result.text)") }
        }
        if let results = expected["results"] {
            let found = try #require(answer["results"]?.array, "\(id)")
            if let results = results.array { #expect(found == results, "\(id)") }
        }
        if expected["page"] != nil { #expect(answer["page"]?["next_token"]?.string != nil, "\(id)") }
        for name in expected["required"]?.strings ?? [] {
            #expect(answer[name]?.string?.hasPrefix("https://socle.test") == true, "\(id)")
        }
    }

    @Test("todo: 40 questions and 3 lists") func todo() async throws {
        guard let set = try AuthZENVectors.read("todo/decisions-authorization-api-1_0-02.json") else { return }
        let client = GenericFixture.client(
            types: ["user", "todo"],
            actions: ["can_read_user", "can_read_todos", "can_create_todo", "can_update_todo", "can_delete_todo"])
        try await GenericFixture.with("todo", asking: client) { fixture in
            let count = try await Self.replay(set, on: fixture)
            #expect(count == 43)
        }
    }

    @Test("API gateway: 25 questions") func gateway() async throws {
        guard let set = try AuthZENVectors.read("api-gateway/decisions.json") else { return }
        let client = GenericFixture.client(types: ["identity", "route"], actions: ["GET", "POST", "PUT", "DELETE"])
        try await GenericFixture.with("gateway", asking: client) { fixture in
            let count = try await Self.replay(set, on: fixture)
            #expect(count == 25)
        }
    }

    /// - Returns: how many cases there were.
    private static func replay(_ set: JSONValue, on fixture: AccessFixture) async throws -> Int {
        let single = set["evaluation"]?.array ?? []
        for item in single {
            let request = try #require(item["request"])
            let answer = try await fixture.ask(request)
            #expect(answer["decision"] == item["expected"], "\(request.text)")
        }
        let lists = set["evaluations"]?.array ?? []
        for item in lists {
            let request = try #require(item["request"])
            let response = await fixture.post(request.bytes, to: AccessRoutes.evaluations)
            let answers = try JSONValue(parsing: response.body)["evaluations"]?.array
            #expect(
                answers?.map { $0["decision"] } == item["expected"]?.array?.map { $0["decision"] }, "\(request.text)")
        }
        return single.count + lists.count
    }

    @Test("search: 60 of subjects, 18 of resources, 120 of actions") func search() async throws {
        let sets: [(String, SearchedEntity, Int)] = [
            ("subject", .subject, 60), ("resource", .resource, 18), ("action", .action, 120),
        ]
        for (name, entity, count) in sets {
            guard let set = try AuthZENVectors.read("search/\(name)-results.json") else { return }
            try await GenericFixture.with("search", asking: Self.searchClient) { fixture in
                let replayed = try await Self.replay(set["evaluation"], entity, on: fixture)
                #expect(replayed == count)
            }
        }
    }

    @Test("identity provider: 6 searches of resources") func identityProvider() async throws {
        guard let set = try AuthZENVectors.read("idp/results.json") else { return }
        try await GenericFixture.with("idp", asking: Self.searchClient) { fixture in
            let count = try await Self.replay(set["search"], .resource, on: fixture)
            #expect(count == 6)
        }
    }

    private static func replay(
        _ list: JSONValue?, _ entity: SearchedEntity, on fixture: AccessFixture
    ) async throws -> Int {
        let items = try #require(list?.array)
        for item in items {
            let request = try #require(item["request"])
            let response = await fixture.post(request.bytes, to: AccessRoutes.search(entity))
            let answer = try JSONValue(parsing: response.body)
            let found = try #require(answer["results"]?.array)
            #expect(
                Set(found) == Set(item["expected"]?["results"]?.array ?? []) && Set(found).count == found.count,
                "\(request.text)")
            #expect(answer["page"]?["next_token"]?.string == "")
        }
        return items.count
    }
}

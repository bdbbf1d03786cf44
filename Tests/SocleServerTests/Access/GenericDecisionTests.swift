// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleAudit
import SocleJSON
import SocleServer
import SocleStore
import Testing

@Suite("Another policy directory · who asks, what they say, what is kept")
struct GenericDecisionTests {
    private static let actions: Set<String> = ["read", "write", "delete"]
    private static let types: Set<String> = ["user", "record"]

    private static func question(
        _ subject: String, _ action: String, _ record: String, subjectProperties: JSONValue = .null,
        properties: JSONValue = .null, actionProperties: JSONValue = .null
    ) -> JSONValue {
        [
            "subject": ["type": "user", "id": .string(subject), "properties": subjectProperties],
            "action": ["name": .string(action), "properties": actionProperties],
            "resource": ["type": "record", "id": .string(record), "properties": properties],
        ]
    }

    private func answer(
        _ question: JSONValue, as client: ApplicationRegistration, token: String = "app"
    ) async throws -> JSONValue {
        var found = JSONValue.null
        try await GenericFixture.with("certification", asking: client) { fixture in
            found = try await fixture.ask(question, token: token)
        }
        return found
    }

    @Test("without a registration, or outside it, nothing is permitted") func unregistered() async throws {
        let question = Self.question("alice", "read", "record-1")
        for client in [
            GenericFixture.client(types: Self.types, actions: Self.actions, id: "another"),
            GenericFixture.client(types: ["user"], actions: Self.actions),
            GenericFixture.client(types: ["record"], actions: Self.actions),
            GenericFixture.client(types: Self.types, actions: ["write"]),
        ] {
            let answer = try await answer(question, as: client)
            #expect(answer["decision"]?.bool == false)
            #expect(answer["context"]?["reason"]?.string == "client_not_entitled")
            #expect(answer["context"]?["reason_user"]?["fr"]?.string?.isEmpty == false)
        }
    }

    @Test("what a caller says of a resource counts from its holder alone") func resourceProperties() async throws {
        let question = Self.question("bob", "write", "record-1", properties: ["status": "archived"])
        let holder = GenericFixture.client(types: Self.types, actions: Self.actions)
        #expect(try await answer(question, as: holder)["decision"]?.bool == true)
        let other = GenericFixture.client(types: Self.types, holding: ["user"], actions: Self.actions)
        #expect(try await answer(question, as: other)["decision"]?.bool == false)
    }

    @Test("what the file says of a subject is never overruled; a holder may add to it") func subjectProperties()
        async throws
    {
        let holder = GenericFixture.client(types: Self.types, actions: Self.actions)
        func asking(_ subject: String, _ role: JSONValue) -> JSONValue {
            Self.question(subject, "write", "record-2", subjectProperties: ["role": role])
        }
        #expect(try await answer(asking("bob", "visitor"), as: holder)["decision"]?.bool == true)
        #expect(try await answer(asking("carol", "admin"), as: holder)["decision"]?.bool == true)
        #expect(try await answer(asking("carol", .null), as: holder)["decision"]?.bool == false)
        let other = GenericFixture.client(types: Self.types, holding: ["record"], actions: Self.actions)
        #expect(try await answer(asking("carol", "admin"), as: other)["decision"]?.bool == false)
    }

    @Test("a person's token asks for that person, and adds nothing to them") func proven() async throws {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        let read = Self.question("alice", "read", "record-1")
        #expect(try await answer(read, as: client, token: "user~alice")["decision"]?.bool == true)
        #expect(
            try await answer(read, as: client, token: "user~bob")["context"]?["reason"]?.string
                == "client_not_entitled")
        let claimed = Self.question("carol", "write", "record-2", subjectProperties: ["role": "admin"])
        #expect(try await answer(claimed, as: client, token: "user~carol")["decision"]?.bool == false)
    }

    @Test("a subject asked about as a resource does not become somebody else") func selfAsResource() async throws {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        let question: JSONValue = [
            "subject": ["type": "user", "id": "carol"], "action": ["name": "write"],
            "resource": ["type": "user", "id": "carol", "properties": ["role": "admin", "status": "archived"]],
        ]
        #expect(try await answer(question, as: client, token: "user~carol")["decision"]?.bool == false)
    }

    @Test("the properties of an action are the policies' context, whatever the context says") func actionProperties()
        async throws
    {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        var question = try #require(Self.question("alice", "delete", "record-1").object)
        question["context"] = ["action": ["soft": true]]
        #expect(try await answer(.object(question), as: client)["decision"]?.bool == false)
        question["action"] = ["name": "delete", "properties": ["soft": true]]
        #expect(try await answer(.object(question), as: client)["decision"]?.bool == true)
    }

    @Test("a list, and a search, that nobody waits for any longer ends; a single question is answered")
    func givenUp() async throws {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        try await GenericFixture.with("certification", asking: client) { fixture in
            let question = Self.question("alice", "read", "record-1")
            var list = try #require(question.object)
            list["evaluations"] = [[:], [:]]
            let sent = [JSONValue.object(list).bytes, question.bytes]
            let before = try await fixture.entries()
            let answers = try await withThrowingTaskGroup(of: [HTTPResponse.Status: [String]].self) { group in
                group.addTask {
                    withUnsafeCurrentTask { $0?.cancel() }
                    let many = try JSONValue(parsing: await fixture.post(sent[0], to: AccessRoutes.evaluations).body)
                    let one = try JSONValue(parsing: await fixture.post(sent[1], to: AccessRoutes.evaluation).body)
                    let search = await fixture.post(sent[1], to: "/access/v1/search/resource")
                    let reasons = ((many["evaluations"]?.array ?? []) + [one]).map {
                        $0["context"]?["reason"]?.string ?? "none"
                    }
                    return [search.status: reasons]
                }
                return try await group.next() ?? [:]
            }
            #expect(answers == [.serviceUnavailable: ["unavailable", "unavailable", "permitted"]])
            #expect(try await fixture.entries() == before + 2)
        }
    }

    @Test("a policy that cannot be evaluated denies") func evaluationError() async throws {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        try await GenericFixture.with("idp", asking: client) { fixture in
            try await fixture.write([
                AccessChange.register(GenericFixture.client(types: Self.types, actions: ["view"]))
            ])
            let answer = try await fixture.ask(
                Self.question("alice", "view", "unknown-record"))
            #expect(answer["decision"]?.bool == false)
            #expect(answer["context"]?["reason"]?.string == "policy_error")
        }
    }

    @Test("records that cannot be read, or that change at each attempt: refused and journalled, and nothing is listed")
    func faults() async throws {
        let client = GenericFixture.client(types: Self.types, actions: Self.actions)
        let question = try #require(Self.question("alice", "read", "record-1").object)
        let calls =
            [
                Wing.Call(name: "one", path: AccessRoutes.evaluation, body: question, rests: []),
                Wing.Call(
                    name: "two", path: AccessRoutes.evaluations,
                    body: ["evaluations": [.object(question), .object(question)]], rests: []),
            ]
            + SearchedEntity.allCases.map {
                Wing.Call(name: $0.rawValue, path: AccessRoutes.search($0), body: question, rests: [])
            }
        let all: @Sendable (Reading) -> Bool = { _ in true }
        try await GenericFixture.with("certification", asking: client, failing: all) { fixture in
            for call in calls {
                try await fixture.expectRefused(
                    call, reason: "unavailable", from: fixture.entries(), await fixture.send(call))
            }
        }
        let interruptions = Interruptions()
        try await GenericFixture.with("certification", asking: client, decidingThrough: interruptions.before) {
            fixture in
            for call in calls {
                let whole = try await fixture.told(call)
                #expect(whole.contains { $0["decision"] != false }, "\(call.name): \(whole)")
                let touch = Array(repeating: AccessChange.register(client), count: DecisionPoint.attempts)
                interruptions.plan(Array(touch.dropLast()))
                #expect(try await fixture.told(call) == whole)
                let entries = try await fixture.entries()
                interruptions.plan(touch)
                try await fixture.expectRefused(call, reason: "conflict", from: entries, await fixture.send(call))
            }
            // Closed meanwhile: nothing is permitted or found on what it was.
            var closed = client
            closed.resourceTypes = []
            for call in calls {
                interruptions.plan([AccessChange.register(closed)])
                let told = try await fixture.told(call)
                #expect(told.allSatisfy { $0["decision"] == false }, "\(call.name): \(told)")
                try await fixture.write([AccessChange.register(client)])
            }
        }
        let lane: (StoreLane) -> any CommitLane = { _ in BrokenLane() }
        try await GenericFixture.with("certification", asking: client, decidingThrough: lane) { fixture in
            let entries = try await fixture.entries()
            for call in calls {
                let response = await fixture.send(call)
                #expect(response.status == (call.isSearch ? .serviceUnavailable : .ok))
                #expect(try Wing.told(response).allSatisfy { $0["decision"] == false })
            }
            #expect(try await fixture.entries() == entries)
        }
    }

    @Test("a page ends where the next begins, and the pages together are the whole") func pages() async throws {
        let client = GenericFixture.client(types: Self.types, actions: ["view"])
        let request: JSONValue = [
            "subject": ["type": "user", "id": "alice"], "action": ["name": "view"], "resource": ["type": "record"],
        ]
        try await GenericFixture.with("search", asking: client) { fixture in
            var found: [JSONValue] = []
            var token = ""
            var pages = 0
            repeat {
                var page = try #require(request.object)
                page["page"] = token.isEmpty ? ["limit": 7] : ["limit": 7, "token": .string(token)]
                let response = await fixture.post(JSONValue.object(page).bytes, to: AccessRoutes.search(.resource))
                let answer = try JSONValue(parsing: response.body)
                found += answer["results"]?.array ?? []
                token = answer["page"]?["next_token"]?.string ?? ""
                pages += 1
            } while !token.isEmpty && pages < 10
            #expect(pages == 3)
            #expect(found.count == 20 && Set(found).count == 20)
        }
    }

    @Test("a page token is of no use for another question, to another client, or altered") func forgedTokens()
        async throws
    {
        let client = GenericFixture.client(types: Self.types, actions: ["view", "edit"])
        try await GenericFixture.with("search", asking: client) { fixture in
            try await fixture.write([
                AccessChange.register(
                    GenericFixture.client(types: Self.types, actions: ["view", "edit"], id: "another"))
            ])
            func search(_ action: String, _ page: JSONValue, _ token: String = "app") async throws -> WebResponse {
                let request: JSONValue = [
                    "subject": ["type": "user", "id": "alice"], "action": ["name": .string(action)],
                    "resource": ["type": "record"], "page": page,
                ]
                return await fixture.post(request.bytes, to: AccessRoutes.search(.resource), token: token)
            }
            let first = try JSONValue(parsing: try await search("view", ["limit": 1]).body)
            let token = try #require(first["page"]?["next_token"]?.string)
            #expect(try await search("view", ["token": .string(token)]).status == .ok)
            #expect(try await search("edit", ["token": .string(token)]).status == .badRequest)
            #expect(try await search("view", ["token": .string(token)], "app~another").status == .badRequest)
            var altered = Array(token)
            altered[20] = altered[20] == "A" ? "B" : "A"
            #expect(try await search("view", ["token": .string(String(altered))]).status == .badRequest)
            #expect(try await search("view", ["token": "MTAy"]).status == .badRequest)
            #expect(try await search("view", ["limit": 0]).status == .badRequest)
            #expect(try await search("view", ["limit": "1"]).status == .badRequest)
        }
    }

    @Test("one call is one entry: the items of a list, or everything a search found") func journalled() async throws {
        let client = GenericFixture.client(types: Self.types, actions: ["view"])
        try await GenericFixture.with("search", asking: client) { fixture in
            let before = try await fixture.entries()
            let search: JSONValue = [
                "subject": ["type": "user"], "action": ["name": "view"], "resource": ["type": "record", "id": "101"],
            ]
            _ = await fixture.post(search.bytes, to: AccessRoutes.search(.subject))
            #expect(try await fixture.entries() == before + 1)
            let found = try await fixture.lastDetails()
            #expect(found["found"]?.strings == ["alice", "bob", "carol", "dan"])
            #expect(found["search"]?.string == "subject")

            let list: JSONValue = [
                "action": ["name": "view"], "subject": ["type": "user", "id": "bob"],
                "evaluations": [
                    ["resource": ["type": "record", "id": "101"]], ["resource": ["type": "record", "id": "104"]],
                ],
            ]
            _ = await fixture.post(list.bytes, to: AccessRoutes.evaluations)
            #expect(try await fixture.entries() == before + 2)
            let details = try await fixture.lastDetails()
            let items = try #require(EntryItems.read(details))
            #expect(items.map { $0["resource"]?["id"]?.string } == ["101", "104"])
            #expect(items.map { $0["outcome"]?.string } == ["permit", "deny"])
            #expect(items.allSatisfy { $0["subject"]?["id"]?.string == "bob" })
        }
    }

    @Test("a journal that cannot be written permits nothing and lists nobody") func noJournal() async throws {
        let client = GenericFixture.client(types: Self.types, actions: ["view"])
        try await GenericFixture.with("search", asking: client) { fixture in
            await fixture.lane.close()
            let question = Self.question("alice", "view", "101")
            let answer = try await fixture.ask(question)
            #expect(answer["decision"]?.bool == false)
            let search: JSONValue = [
                "subject": ["type": "user"], "action": ["name": "view"], "resource": ["type": "record", "id": "101"],
            ]
            #expect(await fixture.post(search.bytes, to: AccessRoutes.search(.subject)).status == .serviceUnavailable)
        }
    }

    @Test("every fault of a directory is told at once, and nothing is served") func faults() throws {
        let text = PolicyText(files: [
            "a.cedar": "permit (principal, action, resource) when { resource.colour == 1 };",
            "b.cedar": "permit (",
            "schema.cedarschema": "entity user; entity record; action read appliesTo "
                + "{ principal: [user], resource: [record] };",
        ])
        do throws(PolicyFaults) {
            _ = try GenericPolicies(
                text: text, entities: #"[{"uid":{"type":"dog","id":"rex"},"attrs":{},"parents":[]}]"#)
            Issue.record("it was loaded")
        } catch {
            let told = error.description
            #expect(told.contains("a.cedar:1:") && told.contains("b.cedar:1:") && told.contains("dog"), "\(told)")
        }
    }
}

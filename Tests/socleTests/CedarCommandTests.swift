// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON
import Testing

@Suite("socle cedar · answers, exit statuses, faults")
struct CedarCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static let schema = """
        entity Team;
        entity User in Team { age: Long, since?: datetime };
        entity Note { owner: User };
        action reading;
        action read in reading appliesTo { principal: User, resource: Note, context: { at?: datetime } };
        """
    private static let policies = """
        @id("mine") permit(principal, action in Action::"reading", resource) when { resource.owner == principal };
        forbid(principal, action, resource) when { context.at < datetime("2020-01-01") };
        permit(principal in ?principal, action, resource);
        """
    private static let entities = """
        [{"uid":{"type":"User","id":"a"},"attrs":{"age":3},"parents":[{"type":"Team","id":"t"}]},
         {"uid":{"type":"Note","id":"1"},"attrs":{"owner":{"type":"User","id":"a"}},"parents":[]}]
        """
    private static func request(_ principal: String, _ context: String) -> String {
        """
        {"principal":{"type":"User","id":"\(principal)"},"action":{"type":"Action","id":"read"},
         "resource":{"type":"Note","id":"1"},"context":\(context)}
        """
    }

    private func authorize(_ more: [String] = [], policies: String = policies, requests: [String]) throws
        -> Binary.Outcome
    {
        try Binary.run(
            [
                "cedar", "authorize", "--policies", file("p.cedar", policies), "--entities",
                file("e.json", Self.entities), "--requests",
                file("r.json", "[\(requests.joined(separator: ","))]"),
            ] + more)
    }

    @Test("a schema types the entities and brings the groups of its actions; answers come in order") func schema()
        throws
    {
        let requests = [
            Self.request("a", "{\"at\":\"2024-01-01\"}"), Self.request("a", "{\"at\":\"2019-01-01\"}"),
            Self.request("a", "{}"), Self.request("b", "{\"at\":\"2024-01-01\"}"),
        ]
        let outcome = try authorize(["--schema", try file("s.cedarschema", Self.schema)], requests: requests)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(
            outcome.output == """
                [{"decision":"allow","reason":["policy0"],"errors":[],"messages":[]},\
                {"decision":"deny","reason":["policy1"],"errors":[],"messages":[]},\
                {"decision":"allow","reason":["policy0"],"errors":["policy1"],"messages":[{"policy":"policy1",\
                "text":"2:44: the record has no `at`"}]},\
                {"decision":"deny","reason":[],"errors":[],"messages":[]}]

                """)
    }

    @Test("without a schema, escapes are needed and an action is in no group") func noSchema() throws {
        let requests = [Self.request("a", "{\"at\":{\"__extn\":{\"fn\":\"datetime\",\"arg\":\"2024-01-01\"}}}")]
        let answers = try authorize(requests: requests).answers
        #expect(answers == [Answer("deny", [], [])])
    }

    @Test("a link makes a policy of a template named by its id or by its @id", arguments: ["policy2", "team"])
    func links(_ name: String) throws {
        let links = try file(
            "l.json",
            """
            [{"template_id":"\(name)","link_id":"care","args":{"?principal":"Team::\\"t\\""}}]
            """)
        let policies = Self.policies.replacing("permit(principal in ?", with: "@id(\"team\") permit(principal in ?")
        let at = "{\"at\":{\"__extn\":{\"fn\":\"datetime\",\"arg\":\"2024-01-01\"}}}"
        let outcome = try authorize(
            ["--links", links], policies: policies, requests: [Self.request("a", at), Self.request("b", at)])
        #expect(try outcome.answers == [Answer("allow", ["care"], []), Answer("deny", [], [])])
    }

    @Test("policies in JSON keep the names the form gives") func json() throws {
        let text = try Binary.run([
            "cedar", "translate-policy", "--from", "text", "--policies",
            file("p.cedar", "permit(principal, action, resource);"),
        ]).output.replacing("\"policy0\"", with: "\"everyone\"")
        #expect(
            try authorize(policies: text, requests: [Self.request("x", "{}")]).answers == [
                .init("allow", ["everyone"], [])
            ])
        let single = """
            {"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}
            """
        #expect(
            try authorize(policies: single, requests: [Self.request("x", "{}")]).answers == [
                .init("allow", ["policy0"], [])
            ])
    }

    @Test("one file may come from standard input") func standardInput() throws {
        let outcome = try Binary.run(
            [
                "cedar", "authorize", "--policies", file("p.cedar", Self.policies), "--entities",
                file("e.json", Self.entities), "--requests", "-",
            ], input: "[\(Self.request("x", "{}"))]")
        #expect(try outcome.answers == [.init("deny", [], ["policy1"])])
    }

    @Test("the same policy errors are told by name and by text when asked to explain") func explain() throws {
        let outcome = try authorize(["--explain"], requests: [Self.request("a", "{}")])
        let policies = try #require(try JSONValue(parsing: outcome.output).array?.first?["policies"]?.array)
        #expect(policies.map { $0["policy"]?.string } == ["policy0", "policy1"])
        #expect(policies.first?["outcome"]?.string == "false")
        #expect(policies.last?["clauses"]?.array?.first?["outcome"]?.string == "error: 2:44: the record has no `at`")
    }

    @Test(
        "what cannot be read is named with its place and exits 1",
        arguments: [
            ("permit(principal, action);", "p.cedar:1:25: "),
            (
                "{\"staticPolicies\":{\"x\":{\"effect\":\"permit\"}}}",
                "p.cedar: staticPolicies.x: `conditions` is missing"
            ),
            ("", ""),
        ]) func badPolicies(_ policies: String, _ message: String) throws
    {
        let outcome = try authorize(policies: policies, requests: [])
        #expect(outcome.status == (message.isEmpty ? 0 : 1))
        #expect(outcome.error.contains(message) || message.isEmpty)
    }

    @Test("a file that is absent, no array or not UTF-8 is named, with what to do") func badFiles() throws {
        let policies = try file("p.cedar", Self.policies)
        func run(_ entities: String, _ requests: String) throws -> Binary.Outcome {
            try Binary.run([
                "cedar", "authorize", "--policies", policies, "--entities", entities, "--requests", requests,
            ])
        }
        let good = try file("e.json", "[]")
        let absent = try run(good, "/nowhere/r.json")
        #expect(absent.status == 1)
        #expect(absent.error.contains("/nowhere/r.json: cannot be read: give a file that exists"))
        let object = try file("o.json", "{}")
        #expect(try run(good, object).error.contains("\(object): an array of requests is expected"))
        #expect(try run(object, good).error.contains("\(object): an array of entities is expected"))
        let twice = try file(
            "t.json",
            """
            [{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]},{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]}]
            """)
        #expect(try run(twice, good).error.contains("the entity `U::\"a\"` is given twice"))
        let request = try file("q.json", "[{\"principal\":{\"type\":\"U\",\"id\":\"a\"}}]")
        #expect(try run(good, request).error.contains("\(request): [0]: action: an entity has a `type` and an `id`"))
        try Data([0x5B, 0xFF, 0x5D]).write(to: URL(fileURLWithPath: folder.path + "/b.json"))
        #expect(try run(folder.path + "/b.json", good).error.contains("b.json: is not UTF-8"))
    }

    @Test("a link that fits no template is refused, with the file") func badLinks() throws {
        for (links, message) in [
            ("{}", "an array of links is expected"), ("[{}]", "a link has a template, a name and values"),
            ("[{\"template_id\":\"x\",\"link_id\":\"l\",\"args\":{}}]", "no template is named `x`"),
            ("[{\"template_id\":\"policy2\",\"link_id\":\"l\",\"args\":{}}]", "must fill its slots"),
            ("[{\"template_id\":\"policy2\",\"link_id\":\"l\",\"args\":{\"?action\":\"A::\\\"a\\\"\"}}]", "`?action`"),
        ] {
            let path = try file("l.json", links)
            let outcome = try authorize(["--links", path], requests: [])
            #expect(outcome.status == 1 && outcome.error.contains("\(path): "))
            #expect(outcome.error.contains(message), "\(outcome.error)")
        }
    }

    @Test(
        "wrong usage exits 2",
        arguments: [
            ["authorize"], ["authorize", "--policies", "p"], ["validate", "--schema", "s"], ["format"],
            ["validate", "--schema", "s", "--policies", "p", "--level", "-1"],
            ["validate", "--schema", "s", "--policies", "p", "--level", "x"], ["translate-policy", "--policies", "p"],
            ["translate-policy", "--from", "yaml", "--policies", "p"], ["translate-schema", "--from", "json"], ["nope"],
        ]) func usage(_ arguments: [String]) throws
    {
        let outcome = try Binary.run(["cedar"] + arguments)
        #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.error.contains("--help"))
    }
}

// Validation, formatting, translation.
extension CedarCommandTests {
    private func validate(_ policies: String, _ more: String...) throws -> Binary.Outcome {
        try Binary.run(
            [
                "cedar", "validate", "--schema", file("s.cedarschema", Self.schema), "--policies",
                file("p.cedar", policies),
            ] + more)
    }

    @Test("valid policies exit 0, others 1 with every error and its place") func validation() throws {
        let good = "permit(principal, action, resource) when { principal.age > 3 };"
        #expect(try validate(good) == .init(status: 0, output: "valid\n", error: ""))
        #expect(try validate(good, "--json") == .init(status: 0, output: "{\"valid\":true,\"errors\":[]}\n", error: ""))
        let bad = "permit(principal, action, resource) when { principal.nope };"
        let outcome = try validate(bad, "--json")
        #expect(outcome.status == 1 && outcome.error.isEmpty)
        #expect(
            outcome.output == """
                {"valid":false,"errors":["policy0 at 1:44: User has no attribute `nope`"]}

                """)
        #expect(try validate(bad).output == "policy0 at 1:44: User has no attribute `nope`\n")
    }

    @Test("a text that cannot be read is not valid, and JSON says so when it was asked for") func unreadable() throws {
        let asked = try validate("permit(", "--json")
        #expect(asked.status == 1 && asked.output.hasPrefix("{\"valid\":false,\"errors\":[\""))
        let plain = try validate("permit(")
        #expect(plain.status == 1 && plain.output.isEmpty && plain.error.contains("p.cedar:1:8: "))
    }

    @Test("a level bounds how far policies look") func level() throws {
        let policy = "permit(principal, action, resource) when { resource.owner.age > 3 };"
        #expect(try validate(policy, "--level", "2").status == 0)
        let low = try validate(policy, "--level", "1")
        #expect(low.status == 1)
        #expect(low.output == "policy0 at 1:44: this looks into 2 entities one after the other, and the level is 1\n")
    }

    @Test("format prints the layout, and with --check only tells") func format() throws {
        let loose = "permit(principal,action,resource)when{true};// why\n"
        let path = try file("p.cedar", loose)
        let printed = try Binary.run(["cedar", "format", "--policies", path])
        #expect(printed.output == "permit (principal, action, resource)\nwhen { true }; // why\n")
        #expect(try Binary.run(["cedar", "format", "--check", "--policies", path]).status == 1)
        let laidOut = try file("q.cedar", printed.output)
        #expect(
            try Binary.run(["cedar", "format", "--check", "--policies", laidOut])
                == .init(status: 0, output: "", error: ""))
        #expect(try Binary.run(["cedar", "format", "--policies", file("r.cedar", "permit")]).status == 1)
    }

    @Test("translation goes there and back, policies and schemas") func translation() throws {
        func run(_ command: String, _ from: String, _ option: String, _ text: String) throws -> String {
            let outcome = try Binary.run(["cedar", command, "--from", from, option, try file("in", text)])
            #expect(outcome.status == 0 && outcome.error.isEmpty)
            return outcome.output
        }
        let json = try run("translate-policy", "text", "--policies", Self.policies)
        let text = try run("translate-policy", "json", "--policies", json)
        #expect(text.contains("principal in ?principal") && text.contains("@id(\"mine\")"))
        #expect(try run("translate-policy", "text", "--policies", text) == json)
        let schemaJSON = try run("translate-schema", "text", "--schema", Self.schema)
        let schemaText = try run("translate-schema", "json", "--schema", schemaJSON)
        #expect(try run("translate-schema", "text", "--schema", schemaText) == schemaJSON)
    }

    @Test("what the other form cannot say is refused, never changed") func untranslatable() throws {
        let linked = """
            {"staticPolicies":{},"templates":{"t":{"effect":"permit","principal":{"op":"in","slot":"?principal"},
            "action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}},
            "templateLinks":[{"newId":"l","templateId":"t","values":{"?principal":{"type":"U","id":"a"}}}]}
            """
        let path = try file("p.json", linked)
        let outcome = try Binary.run(["cedar", "translate-policy", "--from", "json", "--policies", path])
        #expect(outcome.status == 1 && outcome.error.contains("template links have no text form"))
        let schema = try file("s", "entity A in Nowhere;")
        let refused = try Binary.run(["cedar", "translate-schema", "--from", "text", "--schema", schema])
        #expect(refused.status == 1 && refused.error.contains("\(schema):1:13: "))
    }
}

/// The part of an answer that does not depend on the wording of messages.
struct Answer: Equatable {
    var decision: String
    var reason: [String]
    var errors: [String]

    init(_ decision: String, _ reason: [String], _ errors: [String]) {
        (self.decision, self.reason, self.errors) = (decision, reason, errors)
    }
}

extension Binary.Outcome {
    /// What `socle cedar authorize` printed.
    var answers: [Answer] {
        get throws {
            try (JSONValue(parsing: output).array ?? []).map { answer in
                Answer(
                    answer["decision"]?.string ?? "", answer["reason"]?.array?.compactMap(\.string) ?? [],
                    answer["errors"]?.array?.compactMap(\.string) ?? [])
            }
        }
    }
}

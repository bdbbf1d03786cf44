// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON
import Testing

/// The samples of the reference's own command line, where they lie.
private enum Samples {
    static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let base =
            environment["SOCLE_VECTORS"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? package.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
        let folder = base.appendingPathComponent("vectors/cedar/cli-samples", isDirectory: true)
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// In CI the suite runs and fails on the missing data.
    static let isReplayed = folder != nil || ProcessInfo.processInfo.environment["CI"] == "true"

    static func path(_ name: String) throws -> String { try #require(folder).appendingPathComponent(name).path }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: String(contentsOfFile: path(name), encoding: .utf8))
    }

    /// `Type::"id"` as `{"type", "id"}`: no sample has an escape in an id.
    static func entity(_ text: JSONValue?) throws -> JSONValue {
        let text = try #require(text?.string)
        let quote = try #require(text.range(of: "::\""))
        return [
            "type": .string(String(text[..<quote.lowerBound])),
            "id": .string(String(text[quote.upperBound...].dropLast())),
        ]
    }

    static func request(_ json: JSONValue) throws -> JSONValue {
        [
            "principal": try entity(json["principal"]), "action": try entity(json["action"]),
            "resource": try entity(json["resource"]), "context": json["context"] ?? [:],
        ]
    }
}

@Suite(
    "socle cedar · samples of the reference's command line",
    .enabled(
        if: Samples.isReplayed,
        "the samples are absent: set SOCLE_VECTORS to the folder that holds `vectors/cedar/cli-samples`"))
struct CedarSampleTests {
    private let scratch: TemporaryFolder

    init() throws { scratch = try TemporaryFolder() }

    private func authorize(
        _ policies: String, _ entities: String, _ requests: [JSONValue], _ more: [String] = []
    ) throws -> [Answer] {
        let file = scratch.path + "/requests.json"
        try JSONValue.array(requests).text.write(toFile: file, atomically: true, encoding: .utf8)
        let outcome = try Binary.run(
            [
                "cedar", "authorize", "--policies", policies, "--entities", entities, "--requests", file,
            ] + more)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        return try outcome.answers
    }

    @Test(
        "each test of a sample is answered as it expects, the schema in either form",
        arguments: [
            "sample1/tests-combined", "sample1/tests-named", "sample2/tests-combined", "sample3/tests-combined",
            "sample4/tests-combined", "sample6/tests-combined", "sample7/tests-combined", "sample9/tests-combined",
        ], ["schema.cedarschema", "schema.cedarschema.json"])
    func tests(_ name: String, _ schema: String) throws {
        let sample = "tiny_sandboxes/" + name.prefix { $0 != "/" }
        let cases = try #require(try Samples.json("tiny_sandboxes/\(name).json").array)
        #expect(cases.count >= 3)
        for expected in cases {
            let entities = scratch.path + "/entities.json"
            try (expected["entities"] ?? []).text.write(toFile: entities, atomically: true, encoding: .utf8)
            let answers = try authorize(
                Samples.path("\(sample)/policy.cedar"), entities, [Samples.request(expected["request"] ?? [:])],
                ["--schema", Samples.path("\(sample)/\(schema)")])
            let reason = expected["reason"]?.array?.compactMap(\.string) ?? []
            #expect(answers.map(\.decision) == [expected["decision"]?.string] && answers.map(\.reason) == [reason])
            #expect(answers.map { Int64($0.errors.count) } == [expected["num_errors"]?.integer])
        }
    }

    @Test(
        "the larger samples: groups, an erring forbid, a context, a denied range",
        arguments: [
            ("sandbox_a/policies_1.cedar", "alice", "view", "VacationPhoto94.jpg", "", "allow"),
            ("sandbox_a/policies_1.cedar", "tim", "view", "VacationPhoto94.jpg", "", "deny"),
            ("sandbox_a/policies_2.cedar", "alice", "delete", "VacationPhoto94.jpg", "", "allow"),
            ("sandbox_a/policies_2.cedar", "bob", "edit", "VacationPhoto94.jpg", "", "deny"),
            ("sandbox_a/policies_3.cedar", "tim", "view", "VacationPhoto94.jpg", "", "allow"),
            ("sandbox_b/policies_4.cedar", "alice", "view", "prototype_v0.jpg", "", "allow"),
            ("sandbox_b/policies_4.cedar", "ahmad", "view", "prototype_v0.jpg", "", "deny"),
            ("sandbox_b/policies_5.cedar", "stacey", "view", "vacation.jpg", "", "allow"),
            ("sandbox_b/policies_5.cedar", "stacey", "view", "alice_w2.jpg", "", "deny"),
            ("sandbox_b/policies_6.cedar", "stacey", "view", "vacation.jpg", "context.json", "allow"),
            ("sandbox_b/policies_6.cedar", "stacey", "view", "vacation.jpg", "context_deny.json", "deny"),
        ])
    func sandboxes(
        _ policies: String, _ user: String, _ action: String, _ photo: String, _ context: String, _ decision: String
    ) throws {
        let sandbox = String(policies.prefix { $0 != "/" })
        let request: JSONValue = [
            "principal": ["type": "User", "id": .string(user)], "action": ["type": "Action", "id": .string(action)],
            "resource": ["type": "Photo", "id": .string(photo)],
            "context": context.isEmpty ? [:] : try Samples.json("\(sandbox)/\(context)"),
        ]
        for schema in [[], ["--schema", try Samples.path("\(sandbox)/schema.cedarschema")]] {
            let answers = try authorize(
                Samples.path(policies), Samples.path("\(sandbox)/entities.json"), [request], schema)
            #expect(answers.map(\.decision) == [decision])
        }
    }

    @Test("a template decides once it is linked") func links() throws {
        let links = scratch.path + "/links.json"
        try """
        [{"template_id":"AccessVacation","link_id":"VacationLink","args":{"?principal":"User::\\"alice\\""}}]
        """.write(toFile: links, atomically: true, encoding: .utf8)
        let requests = try ["alice", "bob"].map { user in
            try Samples.request([
                "principal": .string("User::\"\(user)\""), "action": "Action::\"view\"",
                "resource": "Photo::\"VacationPhoto94.jpg\"",
            ])
        }
        let files = (try Samples.path("sandbox_c/policies.cedar"), try Samples.path("sandbox_c/entities.json"))
        #expect(try authorize(files.0, files.1, requests).map(\.decision) == ["deny", "deny"])
        #expect(
            try authorize(files.0, files.1, requests, ["--links", links])
                == [Answer("allow", ["VacationLink"], []), Answer("deny", [], [])])
    }

    @Test("a policy in JSON") func json() throws {
        let folder = "tiny_sandboxes/json-authorize"
        let request = try Samples.request([
            "principal": "User::\"bob\"", "action": "Action::\"view\"", "resource": "Photo::\"VacationPhoto94.jpg\"",
        ])
        let answers = try authorize(
            Samples.path("\(folder)/policy.cedar.json"), Samples.path("\(folder)/entity.json"), [request])
        #expect(answers == [Answer("allow", ["policy0"], [])])
    }

    @Test(
        "policies are valid or not as the reference finds them",
        arguments: [
            ("sandbox_a/policies_1.cedar", true), ("sandbox_a/policies_1_bad.cedar", false),
            ("sandbox_a/policies_2.cedar", true), ("sandbox_a/policies_3.cedar", true),
            ("sandbox_b/policies_4.cedar", true), ("sandbox_b/policies_5.cedar", true),
            ("sandbox_b/policies_5_bad.cedar", false), ("sandbox_b/policies_6.cedar", true),
            ("sandbox_c/policies.cedar", true), ("sandbox_c/policies_edited.cedar", true),
            ("tiny_sandboxes/sample9/policy.cedar", true), ("tiny_sandboxes/sample9/policy_bad.cedar", false),
        ]) func validation(_ policies: String, _ isValid: Bool) throws
    {
        let folder = policies.split(separator: "/").dropLast().joined(separator: "/")
        for schema in ["schema.cedarschema", "schema.cedarschema.json"] {
            let outcome = try Binary.run([
                "cedar", "validate", "--json", "--policies", Samples.path(policies), "--schema",
                Samples.path("\(folder)/\(schema)"),
            ])
            #expect(outcome.status == (isValid ? 0 : 1), "\(schema): \(outcome.output)")
            #expect(try JSONValue(parsing: outcome.output)["valid"]?.bool == isValid)
        }
    }

    @Test("each policy of the level sample passes at its level and not below", arguments: [0, 1, 2]) func levels(
        _ needed: Int
    ) throws {
        let folder = "tiny_sandboxes/level-validation"
        for level in 0...3 {
            let outcome = try Binary.run([
                "cedar", "validate", "--schema", Samples.path("\(folder)/schema.cedarschema"), "--policies",
                Samples.path("\(folder)/policy-level-\(needed).cedar"), "--level", "\(level)",
            ])
            #expect(outcome.status == (level >= needed ? 0 : 1), "level \(level): \(outcome.output)")
        }
    }

    @Test("the layout and the translations are those of the samples") func forms() throws {
        func text(_ name: String) throws -> String { try String(contentsOfFile: Samples.path(name), encoding: .utf8) }
        func run(_ arguments: String...) throws -> String { try Binary.run(["cedar"] + arguments).output }
        let format = "tiny_sandboxes/format"
        #expect(
            try run("format", "--policies", Samples.path("\(format)/unformatted.cedar"))
                == text("\(format)/formatted.cedar"))
        let policy = "tiny_sandboxes/translate-policy/policy.cedar"
        let json = try run("translate-policy", "--from", "text", "--policies", Samples.path(policy))
        #expect(try JSONValue(parsing: json) == Samples.json("\(policy).json"))
        let back = try run("translate-policy", "--from", "json", "--policies", Samples.path("\(policy).json"))
        #expect(back.contains("resource == Photo::\"VacationPhoto94.jpg\""))
        let schema = "tiny_sandboxes/translate-schema/tinytodo.cedarschema"
        let (forth, other) = (
            try run("translate-schema", "--from", "text", "--schema", Samples.path(schema)),
            try run("translate-schema", "--from", "json", "--schema", Samples.path("\(schema).json"))
        )
        #expect(forth.contains("\"memberOfTypes\"") && other.contains("appliesTo"))
    }

    @Test(
        "what is neither a policy nor a set is refused, what is one is read",
        arguments: [
            ("policy_mixed_properties", false), ("policy_no_matching_properties", false), ("policy_set", true),
            ("policy_template", true), ("static_policy", true),
        ]) func parsing(_ name: String, _ isRead: Bool) throws
    {
        let outcome = try Binary.run([
            "cedar", "translate-policy", "--from", "json", "--policies",
            Samples.path("tiny_sandboxes/json-check-parse/\(name).cedar.json"),
        ])
        #expect((outcome.status == 0) == isRead, "\(outcome.error)")
    }
}

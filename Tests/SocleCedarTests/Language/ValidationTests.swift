// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Schemas and strict validation · language reference")
struct ValidationTests {
    static let schema = """
        entity Team in [Region];
        entity Region;
        entity Level enum ["low", "high"];
        entity User in [Team] { name: String, age?: Long, office?: { city: String }, level: Level } tags String;
        entity Note { author: User, level: Level };
        type Context = { level: Long, reason?: String };
        action reading;
        action read in [reading] appliesTo { principal: [User], resource: [Note], context: Context };
        action join appliesTo { principal: [User, Team], resource: Team };
        """

    private func findings(_ policy: String) throws -> [String] {
        try Schema(parsing: Self.schema).validate(PolicySet(parsing: policy)).map { "\($0.position): \($0.message)" }
    }

    @Test(
        "a policy that makes sense in every request it can meet passes",
        arguments: [
            "permit(principal, action, resource);",
            "permit(principal is User, action == Action::\"read\", resource) when { principal has age && principal.age > 18 };",
            "permit(principal in Region::\"x\", action in Action::\"reading\", resource) when { context.level >= 2 };",
            "permit(principal, action == Action::\"read\", resource) when { context has reason && context.reason like \"u*\" };",
            "permit(principal, action, resource) when { principal is User && principal has office.city && principal.office.city == \"x\" };",
            "permit(principal, action == Action::\"read\", resource) when { principal.hasTag(\"a\") && principal.getTag(\"a\") == \"b\" };",
            "permit(principal, action, resource) when { principal == resource };",
            "permit(principal, action == Action::\"read\", resource) when { resource.level == Level::\"high\" };",
            "permit(principal == ?principal, action, resource);",
        ]) func passes(_ policy: String) throws
    {
        #expect(try findings(policy) == [])
    }

    @Test(
        "a policy that does not is refused with its place",
        arguments: [
            (
                // What `||` tested is not established on its other side.
                "forbid(principal is User, action, resource) when { !(principal has age) || principal.age < 10 };",
                "1:76: the attribute `age` is optional: test it with `has` first"
            ),
            ("permit(principal is Nurse, action, resource);", "1:1: the entity type `Nurse` is not in the schema"),
            (
                "permit(principal, action == Action::\"write\", resource);",
                "1:1: the action `Action::\"write\"` is not in the schema"
            ),
            (
                "permit(principal is Team, action == Action::\"read\", resource);",
                "1:1: no action of the schema applies to the scope of this policy"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { principal.nickname == \"x\" };",
                "1:62: User has no attribute `nickname`"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { principal.age > 1 };",
                "1:62: the attribute `age` is optional: test it with `has` first"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { principal.getTag(\"a\") == \"x\" };",
                "1:62: this tag may be missing: test it with `hasTag` first"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { context.level == \"1\" };",
                "1:62: the types Long and String cannot be compared"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { principal.name + 1 == 2 };",
                "1:62: expected Long, found String"
            ),
            (
                "permit(principal, action == Action::\"read\", resource) when { principal.name };",
                "1:62: expected Bool, found String"
            ),
            (
                "permit(principal, action, resource) when { resource == Level::\"middle\" };",
                "1:56: `Level::\"middle\"` is not among the entities that `Level` enumerates"
            ),
            ("permit(principal, action, resource) when { [] == [] };", "1:44: an empty set has no type"),
            (
                "permit(principal, action, resource) when { [1, \"a\"].contains(1) };",
                "1:44: a set cannot hold both Long and String"
            ),
            (
                "permit(principal, action, resource) when { [1].contains(\"a\") };",
                "1:44: the types Long and String cannot be compared"
            ),
            (
                "permit(principal, action, resource) when { ip(\"x\").isIpv4() };",
                "1:44: `x` has not the form of a value of `ip`"
            ),
            (
                "permit(principal, action, resource is Note) when { ip(principal.name).isIpv4() };",
                "1:52: `ip` must be given a string written out"
            ),
            (
                "permit(principal, action, resource) when { if principal is User then 1 else \"a\" };",
                "1:44: expected Bool, found Long"
            ),
            (
                "permit(principal, action, resource) when { context has level || context.level > 1 };",
                "1:65: {} has no attribute `level`"
            ),
        ]) func refused(_ policy: String, _ message: String) throws
    {
        let found = try findings(policy)
        #expect(found.contains(message), "\(found)")
    }

    @Test(
        "a schema that cannot be resolved is refused with its place",
        arguments: [
            ("entity A; entity A;", "1:18: `A` is declared twice"),
            ("entity Action;", "1:8: `Action` is the type of actions and cannot be declared"),
            ("entity A in B;", "1:13: no entity type is named `B`"),
            ("entity A { b: B };", "1:15: no type is named `B`"),
            ("type String = Long;", "1:6: `String` is a type of the language and cannot be declared"),
            ("entity A { a: Long, a: Long };", "1:21: the attribute `a` is given twice"),
            (
                "entity A; action r appliesTo { principal: A };",
                "1:30: `appliesTo` must name the types of its `resource`"
            ),
            (
                "entity A; action r appliesTo { principal: [], resource: A };",
                "1:32: `principal` names no type: an action without it is written so"
            ),
            ("action a in b;", "1:13: no action is named `b`"),
            ("entity A enum [];", "1:16: found `]` where an identifier, a string, is expected"),
            ("entity A; namespace N { entity A; }", "1:32: `A` hides what is declared outside the namespace"),
            (
                "entity A; action r appliesTo { principal: A, resource: A, context: Long };",
                "1:18: the context of the action `r` is not a record"
            ),
            // The reference's grammar allows a last comma in records only.
            ("entity A enum [\"a\",];", "1:20: found `]` where an identifier, a string, is expected"),
            ("entity B; entity A in [B,];", "1:26: found `]` where an entity type is expected"),
            ("action a in [];", "1:14: found `]` where an action is expected"),
            ("action b; action a in [b,];", "1:26: found `]` where an action is expected"),
            ("entity A { if: Long };", "1:12: `if` is reserved and cannot be a name"),
            ("action in;", "1:8: `in` is reserved and cannot be a name"),
            ("entity A { a: Action };", "1:15: no type is named `Action`"),
            (
                "entity A; action a appliesTo { principal: Action, resource: A };",
                "1:43: no entity type is named `Action`"
            ),
            ("entity has;", "1:8: `has` is reserved and cannot be a name"),
            ("entity A", "1:9: the text ends where `;` is expected"),
        ]) func schemas(_ text: String, _ message: String)
    {
        #expect { try Schema(parsing: text) } throws: { ($0 as? SyntaxError)?.description == message }
    }

    @Test(
        "types and action groups made of themselves are refused",
        arguments: [
            "type A = Set<A>;", "type A = { b: B }; type B = A;", "action a in b; action b in a;", "action a in a;",
        ]) func cycles(_ text: String)
    {
        #expect(throws: SyntaxError.self) { try Schema(parsing: text) }
    }

    @Test("attributes may hold actions, whose type nothing declares") func actionType() throws {
        let schema = try Schema(
            parsing: """
                action go;
                entity A { a: Action, b: Set<N::Action> };
                namespace N { action "if", __cedar; entity B { a: Action, "in": Long }; }
                """)
        #expect(schema.entityTypes["A"]?.attributes.attributes["a"]?.type == .entity("Action"))
        #expect(schema.entityTypes["A"]?.attributes.attributes["b"]?.type == .set(.entity("N::Action")))
        #expect(schema.entityTypes["N::B"]?.attributes.attributes["a"]?.type == .entity("N::Action"))
        let json = #"{"":{"entityTypes":{"A":{"tags":{"type":"Entity","name":"Action"}}},"actions":{"go":{}}}}"#
        #expect(try Schema(json: json).entityTypes["A"]?.tags == .entity("Action"))
    }

    @Test(
        "the conditions of a template are checked, whatever its slots hold",
        arguments: [
            "permit(principal == ?principal, action, resource) when { principal.nope };",
            "permit(principal in ?principal, action, resource) when { context.level };",
            "permit(principal is User in ?principal, action, resource) when { principal.age == 1 };",
            "permit(principal, action, resource in ?resource) when { resource.nope };",
            "permit(principal == ?principal, action, resource == ?resource) unless { 1 };",
            "permit(principal is Nurse in ?principal, action, resource);",
            "permit(principal is Level in ?principal, action, resource);",
        ]) func templates(_ policy: String) throws
    {
        #expect(try !findings(policy).isEmpty)
    }

    @Test(
        "a schema in JSON that the reference refuses is refused with its path",
        arguments: [
            (#"{"":{"entityTypes":{}}}"#, "`actions` is missing"),
            (
                #"{"":{"annotations":{},"entityTypes":{},"actions":{}}}"#,
                "annotations: what stands outside any namespace has no annotations"
            ),
            (
                #"{"":{"entityTypes":{"A":{"shape":{"type":"Record"}}},"actions":{}}}"#,
                "entityTypes.A.shape: `attributes` is missing"
            ),
            (
                #"{"":{"entityTypes":{"A":{"enum":["a"],"memberOfTypes":[]}},"actions":{}}}"#,
                "entityTypes.A: an enumerated type has no attributes, tags or parents"
            ),
            (
                #"{"":{"entityTypes":{"A":{"tags":{"type":"Long","annotations":{}}}},"actions":{}}}"#,
                "entityTypes.A.tags: `annotations` has no meaning here"
            ),
            (
                #"{"":{"entityTypes":{},"actions":{"a":{"memberOf":[{"id":"b","ids":1}]},"b":{}}}}"#,
                "actions.a.memberOf: `ids` has no meaning here"
            ),
            (
                #"{"":{"entityTypes":{},"actions":{"a":{"attributes":{}}}}}"#,
                "actions.a.attributes: an action has no attributes"
            ),
        ]) func jsonSchemas(_ text: String, _ message: String)
    {
        #expect { try Schema(json: text) } throws: { ($0 as? JSONFault)?.description == message }
    }

    @Test("an action that names principals and no resource applies to nothing, and its text form says that")
    func
        halfApplied() throws
    {
        let source = try SchemaSource(
            json:
                #"{"":{"entityTypes":{"A":{}},"actions":{"a":{"appliesTo":{"principalTypes":["A"],"resourceTypes":[]}}}}}"#
        )
        #expect(try source.text() == "entity A;\n\naction a;\n")
        let policy = try PolicySet(parsing: "permit(principal, action == Action::\"a\", resource);")
        for schema in [try source.resolved(), try Schema(parsing: source.text())] {
            #expect(schema.validate(policy).count == 1)
            let uid = EntityUID(type: "A", id: "")
            let request = Request(principal: uid, action: EntityUID(type: "Action", id: "a"), resource: uid)
            #expect(schema.fault(of: request) != nil)
        }
    }

    @Test("names are found in their namespace, then outside, then in the language") func names() throws {
        let schema = try Schema(
            parsing: """
                entity Outside;
                type Short = __cedar::String;
                namespace A::B {
                  entity String { a: String, b: __cedar::String, c: Outside, d: Short };
                  action go appliesTo { principal: String, resource: Outside };
                }
                """)
        let type = try #require(schema.entityTypes["A::B::String"]).attributes.attributes
        #expect(type["a"]?.type == .entity("A::B::String") && type["b"]?.type == .string)
        #expect(type["c"]?.type == .entity("Outside") && type["d"]?.type == .string)
        #expect(schema.actionNames == [EntityUID(type: "A::B::Action", id: "go")])
    }
}

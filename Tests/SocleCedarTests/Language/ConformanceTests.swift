// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Entities and requests as JSON, and against a schema · language reference")
struct ConformanceTests {
    private let schema: Schema

    init() throws { schema = try Schema(parsing: ValidationTests.schema) }

    private static let user =
        #"{"uid":{"type":"User","id":"a"},"attrs":{"name":"A","level":{"__entity":{"type":"Level","id":"low"}}},"parents":[]}"#

    @Test("escapes may be left out where the schema says what is meant") func implicit() throws {
        let text = """
            entity E { d: decimal, i: ipaddr, s: Set<datetime>, e: E, r: { t: duration } };
            """
        let json = """
            [{"uid":{"type":"E","id":"1"},"parents":[],"attrs":{"d":"1.5","i":{"fn":"ip","arg":"::1"},
            "s":["2024-01-01",{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"2024-01-01"}},
            {"__extn":{"fn":"duration","arg":"1d"}}]}},{"fn":"offset","args":["2024-01-01","2d"]}],"e":{"type":"E","id":"2"},"r":{"t":"1h"}}}]
            """
        let schema = try Schema(parsing: text)
        let entities = try Entities(json: json, schema: schema)
        let entity = try #require(entities[EntityUID(type: "E", id: "1")])
        #expect(entity.attributes["d"] == .decimal(FixedDecimal(tenThousandths: 15_000)))
        #expect(entity.attributes["i"] == IPRange("::1").map(Value.ip))
        let day: Int64 = 1_704_067_200_000
        #expect(
            entity.attributes["s"]
                == .set(ValueSet((0...2).map { .datetime(millisecondsSince1970: day + $0 * 86_400_000) })))
        #expect(entity.attributes["e"] == .entity(EntityUID(type: "E", id: "2")))
        #expect(entity.attributes["r"] == ["t": .duration(milliseconds: 3_600_000)])
        #expect(schema.fault(of: entity) == nil)
        let plain = json.replacing(#",{"fn":"offset","args":["2024-01-01","2d"]}"#, with: "")
        #expect(try Entities(json: plain)[entity.uid]?.attributes["d"] == "1.5")
    }

    @Test("the actions of the schema are among the entities") func actions() throws {
        let entities = try Entities(json: "[]", schema: schema)
        let (read, reading) = (Bench.read, EntityUID(type: "Action", id: "reading"))
        #expect(entities.isEntity(read, in: reading) && entities.count == 3)
    }

    @Test(
        "entities that cannot be read are refused with their path",
        arguments: [
            ("{}", "an array of entities is expected"),
            (#"[{"attrs":{},"parents":[]}]"#, "[0].uid: an entity has a `type` and an `id`"),
            (#"[{"uid":{"type":"U","id":"a"},"attributes":{}}]"#, "[0]: `attributes` has no meaning in an entity"),
            (
                #"[{"uid":{"type":"U","id":"a"},"parents":[]}]"#,
                "[0]: an entity has a `uid`, `attrs` and an array of `parents`"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":{}}]"#,
                "[0]: an entity has a `uid`, `attrs` and an array of `parents`"
            ),
            (#"[{"uid":{"type":"U U","id":"a"},"attrs":{},"parents":[]}]"#, "[0].uid: `U U` is not the name of a type"),
            (
                #"[{"uid":{"type":"__cedar::U","id":"a"},"attrs":{},"parents":[]}]"#,
                "[0].uid: `__cedar::U` is not the name of a type"
            ),
            (
                #"[{"uid":{"type":"Action","id":"a"},"attrs":{},"parents":[{"type":"U","id":"g"}]}]"#,
                "[0].parents[0]: an action can be in actions only, not in `U::\"g\"`"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":null},"parents":[]}]"#,
                "[0].attrs.x: `null` has no meaning here"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":[{"y":[1,1.5]}]},"parents":[]}]"#,
                "a number with a fraction or an exponent has no meaning here (byte 53)"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":[{"y":[1,null]}]},"parents":[]}]"#,
                "[0].attrs.x[0].y[1]: `null` has no meaning here"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":{"__expr":"1"}},"parents":[]}]"#,
                "[0].attrs.x: `__expr` is no longer a part of the language"
            ),
            (#"[{"uid":{"type":"U","id":"a"},"attrs":[],"parents":[]}]"#, "[0].attrs: an object is expected"),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":{"__extn":{"fn":"ip","arg":"x"}}},"parents":[]}]"#,
                "[0].attrs.x: `x` has not the form of a value of `ip`"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":{"__extn":{"fn":"ip"}}},"parents":[]}]"#,
                "[0].attrs.x: an extension value has an `arg` or an array of `args`"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":{"__extn":{"fn":"offset","args":["2024-01-01","1d"]}}},"parents":[]}]"#,
                "[0].attrs.x: type error: expected datetime, found string"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":{"__extn":{"fn":"size","arg":"x"}}},"parents":[]}]"#,
                "[0].attrs.x: `fn` must name a function"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[1]}]"#,
                "[0].parents[0]: an entity has a `type` and an `id`"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]},{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[]}]"#,
                "the entity `U::\"a\"` is given twice"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{"x":1,"\u0078":2},"parents":[]}]"#,
                "the name `x` is given twice (byte 53)"
            ),
            (
                #"[{"uid":{"type":"U","id":"a"},"attrs":{},"parents":[{"type":"U","id":"a"}]}]"#,
                "the entity `U::\"a\"` is above itself"
            ),
        ]) func unreadable(_ text: String, _ message: String)
    {
        #expect { try Entities(json: text) } throws: { ($0 as? JSONFault)?.description == message }
    }

    @Test(
        "an entity that the schema does not allow is told why",
        arguments: [
            (user, nil),
            (
                #"{"uid":{"type":"Nurse","id":"a"},"attrs":{},"parents":[]}"#,
                "the entity type `Nurse` is not in the schema"
            ),
            (
                #"{"uid":{"type":"Level","id":"middle"},"attrs":{},"parents":[]}"#,
                "`Level::\"middle\"` is not among the entities that `Level` enumerates"
            ),
            (
                #"{"uid":{"type":"Action","id":"write"},"attrs":{},"parents":[]}"#,
                "the action `Action::\"write\"` is not in the schema"
            ),
            (
                #"{"uid":{"type":"Action","id":"read"},"attrs":{"a":1},"parents":[]}"#,
                "an action has no attributes, no tags"
            ),
            (
                #"{"uid":{"type":"Action","id":"reading"},"parents":[{"type":"Action","id":"join"}],"attrs":{}}"#,
                "the groups of the action `Action::\"reading\"` are not those of the schema"
            ),
            (
                #"{"uid":{"type":"Region","id":"r"},"parents":[{"type":"Team","id":"t"}],"attrs":{}}"#,
                "an entity of type `Region` cannot be in `Team::\"t\"`"
            ),
            (
                #"{"uid":{"type":"Region","id":"r"},"attrs":{"a":1},"parents":[]}"#,
                "`Region::\"r\"`: `a` is not declared"
            ),
            (
                #"{"uid":{"type":"Region","id":"r"},"tags":{"a":"b"},"attrs":{},"parents":[]}"#,
                "`Region::\"r\"` cannot have tags"
            ),
            (
                #"{"uid":{"type":"User","id":"a"},"attrs":{"name":1,"level":{"type":"Level","id":"low"}},"parents":[]}"#,
                "`User::\"a\"`: `name`: expected String, found long"
            ),
            (
                #"{"uid":{"type":"User","id":"a"},"attrs":{"name":"A"},"parents":[]}"#,
                "`User::\"a\"`: `level` is missing"
            ),
            (
                #"{"uid":{"type":"User","id":"a"},"attrs":{"name":"A","level":{"type":"Level","id":"x"}},"parents":[]}"#,
                "`User::\"a\"`: `level`: `Level::\"x\"` is not among the entities that `Level` enumerates"
            ),
            (
                #"{"uid":{"type":"User","id":"a"},"attrs":{"name":"A","level":{"type":"Level","id":"low"}},"tags":{"t":1},"parents":[]}"#,
                "`User::\"a\"`, tag `t`: expected String, found long"
            ),
        ] as [(String, String?)]) func entities(_ text: String, _ fault: String?) throws
    {
        let uid = try #require(
            try Entities(json: "[\(text)]").first { _ in true })
        let entity = try #require(try Entities(json: "[\(text)]", schema: schema)[uid.uid])
        #expect(schema.fault(of: entity) == fault)
    }

    @Test(
        "a request that the schema does not allow is told why",
        arguments: [
            ("User", "read", "Note", #"{"level":1}"#, nil),
            ("User", "write", "Note", "{}", "the action `Action::\"write\"` is not in the schema"),
            (
                "Team", "read", "Note", #"{"level":1}"#,
                "`Team::\"x\"` cannot be the principal of the action `Action::\"read\"`"
            ),
            (
                "User", "read", "Team", #"{"level":1}"#,
                "`Team::\"x\"` cannot be the resource of the action `Action::\"read\"`"
            ),
            (
                "User", "reading", "Note", "{}",
                "`User::\"x\"` cannot be the principal of the action `Action::\"reading\"`"
            ),
            ("User", "read", "Note", "{}", "the context: `level` is missing"),
            ("User", "read", "Note", #"{"level":"1"}"#, "the context: `level`: expected Long, found string"),
            ("User", "read", "Note", #"{"level":1,"more":1}"#, "the context: `more` is not declared"),
        ] as [(String, String, String, String, String?)])
    func requests(_ principal: String, _ action: String, _ resource: String, _ context: String, _ fault: String?) throws
    {
        let request = try Request(
            json: #"""
                {"principal":{"type":"\#(principal)","id":"x"},"action":{"type":"Action","id":"\#(action)"},
                "resource":{"type":"\#(resource)","id":"x"},"context":\#(context)}
                """#, schema: schema)
        #expect(schema.fault(of: request) == fault)
    }
}

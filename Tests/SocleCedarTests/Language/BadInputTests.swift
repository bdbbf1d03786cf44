// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

/// Texts up to ten megabytes. What costs more than its size would take hours or days: the limit of half an hour is far
/// from both, on any machine.
@Suite("Texts made to hurt", .timeLimit(.minutes(30)))
struct BadInputTests {
    private static let size = 200_000

    /// Opened many times and never closed, in every grammar.
    @Test(
        "nesting without end is refused with a place, policies",
        arguments: ["(", "[", "{a:", "!", "-", "if ", "a(", "[[{a:(", "principal.a[", "1 + (", "true && ("])
    func policies(_ unit: String) {
        let text = "permit(principal, action, resource) when { " + String(repeating: unit, count: Self.size)
        #expect(throws: SyntaxError.self) { try PolicySet(parsing: text) }
        #expect(throws: SyntaxError.self) { try PolicyFormatter.format(text) }
    }

    @Test("a chain too long for the tree is refused, one of `&&` is not", arguments: [" + 1", " - 1", " * 1", ".a"])
    func chains(_ unit: String) throws {
        let deep = "permit(principal, action, resource) when { 1\(String(repeating: unit, count: 10_000)) };"
        #expect(throws: SyntaxError.self) { try PolicySet(parsing: deep) }
        let flat = "permit(principal, action, resource) when { true\(String(repeating: " && true", count: 10_000)) };"
        #expect(try PolicySet(parsing: flat).policies.count == 1)
    }

    @Test(
        "nesting without end is refused, schemas",
        arguments: ["entity A { a: ", "entity A { a: Set<", "type T = {a: {a:", "namespace N { ", "entity A in ["])
    func schemas(_ unit: String) {
        #expect(throws: SyntaxError.self) { try Schema(parsing: String(repeating: unit, count: Self.size)) }
    }

    @Test("nesting without end is refused, JSON", arguments: ["[", "{\"a\":", "[{\"uid\":", "{\"\":{\"entityTypes\":"])
    func json(_ unit: String) {
        let text = String(repeating: unit, count: Self.size)
        #expect(throws: JSONFault.self) { try Entities(json: text) }
        #expect(throws: JSONFault.self) { try PolicySet(json: text) }
        #expect(throws: JSONFault.self) { try Schema(json: text) }
        #expect(throws: JSONFault.self) { try Request(json: text) }
    }

    @Test("numbers of any length are read or refused, never cut") func numbers() {
        for digits in [19, 20, 1000, Self.size] {
            let number = String(repeating: "9", count: digits)
            #expect(
                throws: (any Error).self, "\(digits)",
                performing: { try PolicySet(parsing: "permit(principal, action, resource) when { \(number) > 0 };") })
            #expect(throws: JSONFault.self) {
                try Request(
                    json: """
                        {"principal":{"type":"U","id":""},"action":{"type":"Action","id":""},
                         "resource":{"type":"U","id":""},"context":{"n":\(number)}}
                        """)
            }
        }
    }

    @Test(
        "what is not closed is refused with the place where it opens",
        arguments: [
            ("permit(principal, action, resource) when { \"", "1:44"), ("permit(principal == User::\"", "1:27"),
            ("@id(\"", "1:5"), ("permit(principal, action, resource) when { context.a like \"*", "1:59"),
        ]) func strings(_ text: String, _ place: String)
    {
        for padding in ["", String(repeating: "x", count: Self.size)] {
            #expect { try PolicySet(parsing: text + padding) } throws: {
                "\(($0 as? SyntaxError)?.position ?? Position(line: 0, column: 0))" == place
            }
        }
    }

    @Test("a string of ten megabytes is a string like another") func longStrings() throws {
        let long = String(repeating: "é", count: 5_000_000)
        let policy = "permit(principal, action, resource) when { context.a == \"\(long)\" };"
        let set = try PolicySet(parsing: policy)
        let request = Request(
            principal: Bench.alice, action: Bench.read, resource: Bench.note, context: ["a": .string(long)])
        #expect(CompiledPolicies(set).authorize(request, Entities()).decision == .allow)
    }

    @Test("common types that double one another are refused, not expanded") func doubling() {
        let types = (1...60).map { "type T\($0) = { a: T\($0 - 1), b: T\($0 - 1) };" }.joined(separator: "\n")
        #expect(throws: SyntaxError.self) { try Schema(parsing: "type T0 = { a: Long };\n\(types)") }
    }

    @Test("an action given with the entities must have the groups of the schema, all of them and no other")
    func groups()
        throws
    {
        let schema = try Schema(parsing: "action a; action b in a; action c in b; action d;")
        func fault(_ parents: Set<String>) -> String? {
            schema.fault(
                of: Entity(
                    EntityUID(type: "Action", id: "c"),
                    parents: Set(parents.map { EntityUID(type: "Action", id: $0) })))
        }
        #expect(fault(["b"]) == nil && fault(["a", "b"]) == nil)
        #expect(fault([]) != nil && fault(["a"]) != nil && fault(["b", "d"]) != nil)
    }

    @Test("`is … in` nested in itself is checked and evaluated once a level, not twice") func doublingConditions()
        throws
    {
        var condition = "principal"
        for _ in 0..<60 { condition = "(if \(condition) is User in Team::\"care\" then principal else resource)" }
        let set = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(condition) is User in Team::\"care\" };")
        #expect(try CompiledPolicies(set).authorize(Bench.request, Bench.entities()).decision == .allow)
        let schema = try Schema(
            parsing: """
                entity Team; entity User in Team; action read appliesTo { principal: User, resource: User };
                """)
        #expect(schema.validate(set) == [] && schema.validate(set, level: 1) == [])
    }

    @Test("a path after `has` counts in the depth") func longPath() throws {
        let path = Array(repeating: "manager", count: 100_000).joined(separator: ".")
        #expect(throws: SyntaxError.self) {
            try PolicySet(parsing: "permit(principal, action, resource) when { principal has \(path) };")
        }
    }

    @Test("a thousand tests of a tag, an attribute and a branch are validated in a moment") func manyCapabilities()
        throws
    {
        let schema = try Schema(
            parsing: """
                entity User { next?: User } tags User; action read appliesTo { principal: User, resource: User };
                """)
        let tests = (0..<2000).map { "principal.hasTag(\"\($0)\") && principal.getTag(\"\($0)\") has next" }
        let set = try PolicySet(
            parsing: "permit(principal, action, resource) when { \(tests.joined(separator: " && ")) };")
        #expect(schema.validate(set, level: 2) == [])
    }

    @Test("names of any length and objects of any width cost their size, and a fault among them is found")
    func wideJSON()
        throws
    {
        let name = String(repeating: "n", count: 1_000_000)
        let members = (0..<50_000).map { "\"a\($0)\":{\"b\":[\($0)]}" }.joined(separator: ",")
        let attributes = "{\"\(name)\":{\(members)}}"
        let entities = "[{\"uid\":{\"type\":\"U\",\"id\":\"a\"},\"parents\":[],\"attrs\":\(attributes)}]"
        #expect(try Entities(json: entities).count == 1)
        let expected = "[0].attrs.\(name).a49999.b[0]: `null` has no meaning here"
        #expect { try Entities(json: entities.replacing("[49999]", with: "[null]")) } throws: {
            ($0 as? JSONFault)?.description == expected
        }
        let policy = """
            {"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},
            "conditions":[{"kind":"when","body":{"==":{"left":{"Value":\(attributes)},"right":{"Value":1}}}}]}
            """
        #expect(try PolicySet(json: policy).policies.count == 1)
    }

    @Test("a hierarchy out of proportion with its entities is refused, not unfolded") func deepHierarchies() {
        let chain = (0..<20_000).map { Entity(Self.entity($0), parents: [Self.entity($0 + 1)]) }
        #expect(throws: Entities.Fault.tooLarge) { try Entities(chain) }
        let types = (0..<20_000).map { "entity T\($0) in T\($0 + 1);" }.joined()
        #expect { try Schema(parsing: types + "entity T20000;") } throws: {
            "\($0)".contains("the entity types have too many ancestors")
        }
        let actions = (0..<20_000).map { "action a\($0) in a\($0 + 1);" }.joined()
        #expect { try Schema(parsing: actions + "action a20000;") } throws: {
            "\($0)".contains("the actions have too many groups")
        }
    }

    private static func entity(_ number: Int) -> EntityUID { EntityUID(type: "T", id: "\(number)") }

    @Test("links are found among many templates") func manyLinks() throws {
        let count = 3000
        var set = try PolicySet(
            parsing: String(repeating: "permit(principal == ?principal, action, resource);\n", count: count))
        for number in 0..<count {
            try set.link(templateID: "policy\(number)", id: "l\(number)", values: [.principal: Self.entity(number)])
        }
        #expect(set.policies.count == count)
    }

    @Test(
        "ten megabytes in one word are read, or refused where the word begins",
        arguments: [
            ("permit(principal, action, resource) when { ", "", "1:44"),
            ("permit", "(principal, action, resource);", "1:1"),
            ("// ", "", nil), ("@a(\"", "\") permit(principal, action, resource);", nil), ("@a(\"", "", "1:4"),
            ("permit(principal == A::\"", "\", action, resource);", nil),
            ("permit(principal, action, resource);\n", "", "2:1"),
        ]) func longWords(_ before: String, _ after: String, _ place: String?)
    {
        let text = before + String(repeating: "x", count: 10_000_000) + after
        do throws(SyntaxError) {
            _ = try PolicySet(parsing: text)
            #expect(place == nil)
        } catch {
            #expect("\(error.position)" == place)
            #expect(error.message.utf8.count < 10_100_000)
        }
    }

    @Test("ten megabytes of JSON string and of schema annotation are read, or refused when not closed") func longTexts()
        throws
    {
        let long = String(repeating: "x", count: 10_000_000)
        let entities = "[{\"uid\":{\"type\":\"U\",\"id\":\"\(long)\"},\"attrs\":{},\"parents\":[]}]"
        #expect(try Entities(json: entities).count == 1)
        #expect(throws: JSONFault.self) { try Entities(json: String(entities.dropLast(40))) }
        #expect(try Schema(parsing: "@a(\"\(long)\") entity A;").entityTypeNames == ["A"])
        #expect { try Schema(parsing: "@a(\"\(long)") } throws: { "\($0)" == "1:4: this string is not closed" }
    }
}

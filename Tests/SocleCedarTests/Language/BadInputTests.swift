// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Texts made to hurt")
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
}

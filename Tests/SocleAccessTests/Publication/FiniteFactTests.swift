// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import Testing

@testable import SocleAccess

@Suite("Finite facts · what a published policy may read")
struct FiniteFactTests {
    private func faults(_ text: PolicyText) -> String {
        do throws(PolicyFaults) {
            _ = try PolicyGate.check(text)
            return ""
        } catch {
            return error.description
        }
    }

    private func faults(ofCondition condition: String) throws -> String {
        try faults(ofPolicy: "forbid (principal, action, resource)\nwhen { \(condition) };")
    }

    private func faults(ofPolicy policy: String) throws -> String {
        try faults(
            PolicyGateTests.shipped(
                adding: "@id(\"z\") @order(\"99\") @rule(\"R\") @reason(\"care_team\")\n" + policy))
    }

    @Test(
        "an identifier, a date, a number, a text or an open set is refused with its place and what to do",
        arguments: [
            (#"principal == Professional::"asking""#, "one person"),
            (#"resource == Resource::"DOC-1""#, "one person"),
            (#"principal in Professional::"asking""#, "one person"),
            ("1 < 2", "number"),
            ("1 + 1 == 2", "number"),
            (#"datetime("2026-01-01") < datetime("2026-02-01")"#, "date"),
            (#""a" like "*""#, "text"),
            (#"["a", "b"].contains("a")"#, "open set"),
            (#"[Role::"1|2"].containsAny([Role::"1|2"])"#, "open set"),
            ("principal == resource", "no condition over the facts"),
        ])
    func refused(condition: String, words: String) throws {
        let found = try faults(ofCondition: condition)
        #expect(found.contains("zz.cedar:3:"), "\(found)")
        // The schema's own check may be the first to refuse; when it lets a condition pass, the gate says why.
        #expect(found.contains(words) || !found.contains("zz.cedar:3: "), "\(found)")
    }

    @Test("a scope that names one person or thing, or a template, is refused") func scope() throws {
        #expect(
            try faults(ofPolicy: #"forbid (principal == Patient::"asking", action, resource);"#).contains("zz.cedar:1"))
        #expect(
            try faults(ofPolicy: #"forbid (principal, action, resource in Resource::"asked");"#).contains("zz.cedar:1"))
    }

    @Test("every form of condition over finite facts is read") func accepted() throws {
        let found = try faults(
            ofCondition: """
                (if context.blocked then context.mask == Mask::"masked" else false)
                && context.opposition == context.blocked
                && [Mask::"masked", Mask::"none"].contains(context.mask)
                && context.mask in [Mask::"masked"]
                && principal is Professional in Role::"1.2.250.1.71.1.2.7|10"
                && action in [Action::"read", Action::"search"]
                && resource in [Category::"document", Category::"liaison_note"]
                && context has relation && Mask::"masked" != context.mask
                """)
        #expect(found == "")
    }

    @Test("a fact of the schema that is not finite, optional, or that Socle does not compute is refused with its line")
    func schema() throws {
        let open = try PolicyGateTests.shipped(
            "schema.cedarschema", "    blocked: Bool,", "    blocked: Bool,\n    age: Long,")
        #expect(faults(open).contains("schema.cedarschema:") && faults(open).contains("`age`"))
        let optional = try PolicyGateTests.shipped(
            "schema.cedarschema", "    minor_secret: Bool,", "    minor_secret?: Bool,")
        #expect(faults(optional).contains("minor_secret"))
        let unknown = try PolicyGateTests.shipped(
            "schema.cedarschema", "    blocked: Bool,", "    blocked: Bool,\n    weather: Bool,")
        #expect(faults(unknown).contains("schema.cedarschema:") && faults(unknown).contains("weather"))
        let action = try PolicyGateTests.shipped("schema.cedarschema", "simulate, other", "simulate, dance, other")
        #expect(faults(action).contains("dance"))
    }

    @Test("every value of every fact has words, in both languages: a difference is for people to read") func words()
        throws
    {
        let text = try Shipped.policies()
        let program = try PolicyProgram(number: 1, text: text)
        let space = try FactSpace(
            schemas: [PolicySchema.read(text)], policies: program.policies.policies)
        for language in FactLanguage.allCases {
            let words = FactWords([text], language: language)
            for variable in space.variables {
                for value in variable.values {
                    let said = words.say(variable.name, value)
                    #expect(!said.contains(" = "), "\(language): \(said)")
                }
            }
        }
    }
}

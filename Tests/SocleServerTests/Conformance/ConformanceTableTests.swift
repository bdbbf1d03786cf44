// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Testing

/// `docs/conformance.md` against the plans' lists of modules, and against the tests it names.
@Suite("Conformance table · every module has a test of its name")
struct ConformanceTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The modules of each plan, as the public suite has them; `-x` for `oidcc-x`. Implicit and hybrid ones are left out.
    private static let plans: [String: String] = [
        "Config OP": "-discovery-endpoint-verification",
        "Basic OP": basic,
        "Form Post OP, with `code`": basic,
        "Dynamic OP, with `code`": """
        -idtoken-rs256 -idtoken-unsigned -userinfo-rs256 -ensure-redirect-uri-in-authorization-request
        -redirect-uri-query-OK -redirect-uri-query-mismatch -redirect-uri-query-added -redirect-uri-regfrag
        -discovery-endpoint-verification -server -registration-logo-uri -registration-policy-uri
        -registration-tos-uri -registration-jwks-uri -registration-sector-uri -registration-sector-bad
        -server-rotate-keys -refresh-token-rp-key-rotation -request-uri-unsigned -request-uri-signed-rs256
        -ensure-request-object-with-redirect-uri -refresh-token -ensure-client-assertion-with-iss-aud-succeeds
        """,
        "Third-party-initiated login": "-3rd_party-init-login -3rd_party-init-login-nohttps",
        "Logout": """
        -rp-initiated-logout-discovery-endpoint-verification -rp-initiated-logout
        -rp-initiated-logout-bad-post-logout-redirect-uri -rp-initiated-logout-modified-id-token-hint
        -rp-initiated-logout-no-id-token-hint -rp-initiated-logout-no-params
        -rp-initiated-logout-no-post-logout-redirect-uri -rp-initiated-logout-no-state
        -rp-initiated-logout-only-state -rp-initiated-logout-query-added-to-post-logout-redirect-uri
        -rp-initiated-logout-bad-id-token-hint -session-management-discovery-endpoint-verification
        -session-management-rp-initiated-logout -frontchannel-logout-discovery-endpoint-verification
        -frontchannel-rp-initiated-logout -backchannel-logout-discovery-endpoint-verification
        -backchannel-rp-initiated-logout
        """,
    ]

    private static let basic = """
        -server -response-type-missing -idtoken-signature -idtoken-unsigned -userinfo-get -userinfo-post-header
        -userinfo-post-body -ensure-request-without-nonce-succeeds-for-code-flow -scope-profile -scope-email
        -scope-address -scope-phone -scope-all -alternate-happy-flow -display-page -display-popup -prompt-login
        -prompt-none-not-logged-in -prompt-none-logged-in -max-age-1 -max-age-10000
        -ensure-request-with-unknown-parameter-succeeds -id-token-hint -login-hint -ui-locales -claims-locales
        -ensure-request-with-acr-values-succeeds -codereuse -codereuse-30seconds -ensure-registered-redirect-uri
        -ensure-post-request-succeeds -server-client-secret-post
        -request-uri-unsigned-supported-correctly-or-rejected-as-unsupported
        -unsigned-request-object-supported-correctly-or-rejected-as-unsupported -claims-essential
        -ensure-request-object-with-redirect-uri -refresh-token -ensure-request-with-valid-pkce-succeeds
        """

    private struct Row {
        var first: String
        var second: String
        var suite: String
    }

    /// The rows of the tables of a section, without their headings.
    private static func rows(of section: String) throws -> [Row] {
        let page = try String(contentsOf: root.appending(path: "docs/conformance.md"), encoding: .utf8)
        let start = try #require(page.range(of: "\n## \(section)\n"))
        let body = page[start.upperBound...]
        let end = body.range(of: "\n## ")?.lowerBound ?? body.endIndex
        return body[..<end].split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(
                first: cells[0], second: cells[1].trimmingCharacters(in: ["`"]),
                suite: cells[2].trimmingCharacters(in: ["`"]))
        }
    }

    /// What stands in each suite before the body of each of its tests: titles and arguments.
    private static func headings() throws -> [String: [Substring]] {
        let tests = root.appending(path: "Tests")
        var headings: [String: [Substring]] = [:]
        for case let path as String in try #require(FileManager.default.enumerator(atPath: tests.path))
        where path.hasSuffix("Tests.swift") {
            let text = try String(contentsOf: tests.appending(path: path), encoding: .utf8)
            for part in text.split(separator: "\nstruct ").dropFirst() {
                let name = part.prefix { $0.isLetter || $0.isNumber }
                headings[String(name), default: []] += part.split(separator: "@Test").dropFirst().map { test in
                    test.range(of: "func ").map { test[..<$0.lowerBound] } ?? test
                }
            }
        }
        return headings
    }

    private static func names(_ module: String, in heading: Substring) -> Bool {
        heading.ranges(of: module).contains { range in
            let next = heading[range.upperBound...].first
            return next.map { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") } ?? true
        }
    }

    @Test("each plan's modules are all there, once, and nothing else is", arguments: plans.keys.sorted())
    func complete(plan: String) throws {
        let expected = try #require(Self.plans[plan]).split { $0.isWhitespace }.map { "oidcc\($0)" }
        let modules = try Self.rows(of: plan).map(\.second)
        #expect(modules.sorted() == expected.sorted())
    }

    @Test("the suite of each row has a test named after the module; by form too where the plan says so")
    func named() throws {
        let headings = try Self.headings()
        for plan in Self.plans.keys {
            for row in try Self.rows(of: plan) {
                let found = (headings[row.suite] ?? []).filter { Self.names(row.second, in: $0) }
                #expect(!found.isEmpty, "\(plan): \(row.suite) has no test named \(row.second)")
                if plan.hasPrefix("Form Post") {
                    #expect(found.contains { $0.contains("Plan.allCases") }, "\(row.second) does not run by form")
                }
            }
        }
    }

    @Test("each attack of the table has a test named after it in its suite") func attacks() throws {
        let headings = try Self.headings()
        let rows = try Self.rows(of: "Attacks")
        #expect(rows.count > 20)
        for row in rows {
            for identifier in row.first.split(separator: " ") {
                let found = (headings[row.suite] ?? []).contains { Self.names(String(identifier), in: $0) }
                #expect(found, "\(row.suite) has no test named \(identifier)")
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import Testing

@Suite("Publication gate · what every version must keep")
struct PolicyGateTests {
    /// The shipped text with one replacement, which must have been there to replace.
    static func shipped(_ file: String, _ old: String, _ new: String) throws -> PolicyText {
        var text = try Shipped.policies()
        let contents = try #require(text.files[file])
        try #require(contents.contains(old), "\(file) no longer holds \(old)")
        text.files[file] = contents.replacing(old, with: new)
        return text
    }

    /// The shipped text with one more policy.
    static func shipped(adding policy: String) throws -> PolicyText {
        var text = try Shipped.policies()
        text.files["zz.cedar"] = policy
        return text
    }

    private static func secondsOfThread() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test("the shipped policies keep every one, at every combination of facts, in under ten seconds") func shipped()
        throws
    {
        let start = Self.secondsOfThread()
        let report = try PolicyGate.check(Shipped.policies(), inForce: Shipped.policies())
        // Of the processor, not of the clock: other tests run beside this one.
        #expect(Self.secondsOfThread() - start < 10)
        for check in report.checks {
            #expect(
                check.holds, "\(check.id): \(check.counterExample?.words ?? []) \(check.counterExample?.policies ?? [])"
            )
        }
        #expect(report.policies > 70)
        #expect(report.points > 1_000_000_000_000)
        #expect(report.neverDeciding.isEmpty)
        let wanted = [
            "order", "complete", "absence", "basis", "opposition", "emergency_opposition", "mask", "four_eyes",
        ]
        for id in wanted { #expect(report.checks.contains { $0.id == id }, "no check \(id)") }
    }

    @Test(
        "a parameter given twice, or to what can be no service, is not published; a version that has it is still read",
        arguments: [
            "*,circle,information,", "*,circle,consent,", "s,circle,consent,\ns,circle,information,",
            "point acces,circle,consent,", ",circle,consent,", "point-accès,circle,consent,", " *,circle,consent,",
        ])
    func parameters(lines: String) throws {
        var text = try Shipped.policies()
        text.files["parameters.csv", default: ""] += lines + "\n"
        let faults = #expect(throws: PolicyFaults.self) { try PolicyGate.check(text) }
        #expect(faults?.description.contains("parameters.csv:") == true)
        _ = try PolicyProgram(number: 1, text: text)
    }

    @Test("a planted violation of each check is caught, alone, with a counter-example", arguments: Planted.all)
    func planted(violation: Planted) throws {
        let report = try PolicyGate.check(violation.text())
        #expect(!report.passes)
        // A change that breaks more than it says would prove less than it says.
        #expect(Set(report.checks.filter { !$0.holds }.map(\.id)) == Set([violation.breaks] + violation.also))
        let check = try #require(report.checks.first { $0.id == violation.breaks })
        let example = try #require(check.counterExample, "\(violation.breaks) was not caught")
        #expect(example.points > 0)
        #expect(example.facts.contains { $0.name == violation.names }, "\(example.words)")
        #expect(example.words.count == example.facts.count && !example.words.contains { $0.contains(" = ") })
    }

    @Test("every check of the shipped policies has a planted violation: a new invariant comes with its own")
    func everyCheckPlanted() throws {
        let checks = try PolicyGate.check(Shipped.policies()).checks.map(\.id)
        #expect(Set(checks).count == checks.count)
        #expect(Set(checks) == Set(Planted.all.map(\.breaks)))
    }

    @Test("a counter-example holds no fact that can be left out: each one freed reaches a point that keeps the rule")
    func minimal() throws {
        let report = try PolicyGate.check(
            Self.shipped(
                "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
                "context.emergency_opposition"))
        let failed = report.checks.filter { !$0.holds }
        #expect(failed.map(\.id) == ["regulation_opposition"])
        let names = try #require(failed.first?.counterExample).facts.map(\.name)
        #expect(names.contains("regulation_opposition") && names.contains("purpose") && names.contains("place"))
        // What break-glass, patients or parameters say has no part in it.
        for other in ["justification", "mandate", "self", "block_stops_emergency", "consent", "opposition"] {
            #expect(!names.contains(other), "\(names)")
        }
    }

    @Test("an invariant of the version in force binds the next one, even when that one drops it") func former() throws {
        var weaker = try Self.shipped(
            "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
            "context.emergency_opposition")
        weaker.files["invariants/choices.cedar"] = weaker.files["invariants/choices.cedar"]?
            .replacing(
                #"context.regulation_opposition && context.purpose"#, with: #"context.opposition && context.purpose"#)
        let report = try PolicyGate.check(weaker, inForce: Shipped.policies())
        #expect(report.checks.filter { !$0.holds }.map(\.id).contains("regulation_opposition (in force)"))
    }

    @Test("no invariant, or one that is not read, is refused") func unreadable() throws {
        func fault(_ change: (inout PolicyText) -> Void) throws -> String {
            var text = try Shipped.policies()
            change(&text)
            do throws(PolicyFaults) {
                _ = try PolicyGate.check(text)
                return ""
            } catch {
                return error.description
            }
        }
        let none = try fault { text in text.files = text.files.filter { !$0.key.hasPrefix("invariants/") } }
        #expect(none.contains("no invariant"))
        let bare = try fault { $0.files["invariants/x.cedar"] = "forbid (principal, action, resource);" }
        #expect(bare.contains("invariants/x.cedar:1:1") && bare.contains("@says"))
        let unknown = try fault {
            $0.files["invariants/x.cedar"] =
                "@id(\"x\") @says(\"x\") @law(\"x\")\nforbid (principal, action, resource) when { context.weather };"
        }
        #expect(unknown.contains("invariants/x.cedar:2"))
        let twice = try fault { $0.files["invariants/x.cedar"] = $0.files["invariants/basis.cedar"] }
        #expect(twice.contains("taken"))
        let open = try fault {
            $0.files["invariants/x.cedar"] = """
                @id("x") @says("x") @law("x")
                forbid (principal, action, resource) when { principal == Professional::"8997001" };
                """
        }
        #expect(open.contains("invariants/x.cedar:2") && open.contains("one person"))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Parameters · rules marked [P]: a default, and what one service sets in its place")
struct ParameterTests {
    /// The same records in a service that sets nothing and in the one that overrides.
    private func outcomes(
        _ service: String, _ prepare: (inout RuleBench) throws -> Void
    ) throws -> (byDefault: String, overridden: String) {
        var bench = try RuleBench()
        try prepare(&bench)
        let byDefault = bench.outcome
        bench.registration.service = service
        return (byDefault, bench.outcome)
    }

    @Test("block_stops_emergency: a block holds in an emergency") func blocks() throws {
        let found = try outcomes("blocks-yield") {
            $0.emergency()
            try $0.choose(.block(.professional(#require(RuleBench.nurse))))
        }
        #expect(found.byDefault == "deny blocked R-OPP-2")
        #expect(found.overridden == "permit break_glass R-BTG-1")
    }

    @Test("block_stops_emergency: elsewhere a block holds whatever a service sets") func blocksInCare() throws {
        let found = try outcomes("blocks-yield") {
            try $0.choose(.block(.professional(#require(RuleBench.nurse))))
        }
        #expect(found.byDefault == "deny blocked R-OPP-2")
        #expect(found.overridden == "deny blocked R-OPP-2")
    }

    @Test("emergency_reveals_masked: a mask holds in an emergency") func masks() throws {
        let found = try outcomes("masks-yield") {
            $0.emergency()
            try $0.choose(.mask(.document("DOC-1")))
        }
        #expect(found.byDefault == "deny masked R-MASK-1")
        #expect(found.overridden == "permit break_glass R-BTG-1")
    }

    @Test("break_glass_duration: four hours") func duration() throws {
        var bench = try RuleBench()
        bench.emergency()
        #expect(bench.decision.obligations.contains("time_limit:PT4H"))
        bench.registration.service = "short-glass"
        #expect(bench.decision.obligations.contains("time_limit:PT30M"))
    }

    @Test("circle: information first") func circle() throws {
        let informed = try outcomes("consent-first") { _ in }
        #expect(informed.byDefault == "permit care_team R-TEAM-1")
        #expect(informed.overridden == "deny team_consent_missing R-TEAM-0")
        let agreed = try outcomes("consent-first") { bench in
            bench.choices = []
            try bench.choose(.teamConsent(recipients: ["cabinet"]))
        }
        #expect(agreed.byDefault == "deny patient_not_informed R-TEAM-0")
        #expect(agreed.overridden == "permit care_team R-TEAM-1")
        let another = try outcomes("consent-first") { try $0.choose(.teamConsent(recipients: ["hopital"])) }
        #expect(another.overridden == "deny team_consent_missing R-TEAM-0")
        let over = try outcomes("consent-first") { try $0.choose(.teamConsent(recipients: []), to: RuleBench.now) }
        #expect(over.overridden == "deny team_consent_missing R-TEAM-0")
    }

    @Test("structure_members: a structure brings in whoever exercises there") func staff() throws {
        let structure = try outcomes("declared-staff") { bench in
            bench.memberships = [try bench.stay(.structure(try #require(RuleBench.practice)))]
        }
        #expect(structure.byDefault == "permit care_team_structure R-TEAM-2")
        #expect(structure.overridden == "deny not_in_care_team R-OUT-1")
        #expect(try outcomes("declared-staff") { _ in }.overridden == "permit care_team R-TEAM-1")
    }

    @Test("members_change_team: a member adds a member, the patient is told") func changes() throws {
        let found = try outcomes("fixed-team") {
            $0.question.action = "create"
            $0.question.resource.type = "team_membership"
        }
        #expect(found.byDefault == "permit team_member R-TEAM-4")
        #expect(found.overridden == "deny team_change_not_allowed R-TEAM-4")
    }

    @Test("a value that a parameter cannot have is a fault of the policy text") func faults() throws {
        for line in [
            "*,circle,silence,", "s,structure_members,some,", "s,members_change_team,yes,",
            "s,break_glass_duration,PT0H,", "s,break_glass_duration,4 hours,", "s,break_glass_duration,PT99999999H,",
        ] {
            var text = try Shipped.policies()
            text.files["parameters.csv", default: ""] += "\(line)\n"
            let result = Result { try PolicyProgram(number: 1, text: text) }
            #expect(throws: PolicyFaults.self, "\(line)") { try result.get() }
        }
    }
}

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

    @Test("approvers_simulate: an approver looks at what somebody else wrote; two people publish all the same")
    func simulation() throws {
        func asked(
            _ action: String, _ roles: Set<String>, by author: String
        ) throws -> (byDefault: String, overridden: String) {
            try outcomes("reviewed") {
                $0.become(.admin, .administrator(roles: roles))
                $0.question.action = action
                $0.question.resource = .init(type: "policy", id: "2", author: author)
                $0.question.context.purpose = "ADMIN"
            }
        }
        let approver = try asked("simulate", ["policy_approver"], by: "sub-2")
        #expect(approver.byDefault == "deny not_policy_author R-ADM-2")
        #expect(approver.overridden == "permit policy_reviewer R-ADM-2")
        for roles: Set<String> in [["policy_author"], ["platform_admin"], []] {
            let other = try asked("simulate", roles, by: "sub-2")
            #expect(other.byDefault == "deny not_policy_author R-ADM-2" && other.overridden == other.byDefault)
        }
        let author = try asked("simulate", ["policy_author"], by: "sub-1")
        #expect(author.byDefault == "permit policy_author R-ADM-2" && author.overridden == author.byDefault)
        // What no parameter changes.
        let own = try asked("publish", ["policy_author", "policy_approver"], by: "sub-1")
        #expect(own.byDefault == "deny four_eyes R-ADM-2" && own.overridden == own.byDefault)
    }

    @Test("system_deposits: an application deposits for its structure, in the team; it never reads") func deposits()
        throws
    {
        func asked(_ action: String, inTeam: Bool = true) throws -> (byDefault: String, overridden: String) {
            try outcomes("signed-in-only") { bench in
                bench.become(.system, nil)
                bench.memberships = inTeam ? [try bench.stay(.structure(try #require(RuleBench.practice)))] : []
                bench.question.action = action
                bench.question.resource.authorStructure = RuleBench.practice?.value
            }
        }
        let deposit = try asked("create")
        #expect(deposit.byDefault == "permit system_deposit R-SYS-1")
        #expect(deposit.overridden == "deny user_context_required R-SYS-1")
        for other in [try asked("read"), try asked("create", inTeam: false)] {
            #expect(other.byDefault == "deny user_context_required R-SYS-1" && other.overridden == other.byDefault)
        }
    }

    @Test("team_reads_deceased: the team reads on, under every other rule, and nobody else does") func deceased() throws
    {
        func asked(
            _ change: (inout RuleBench) throws -> Void = { _ in }
        ) throws -> (byDefault: String, overridden: String) {
            try outcomes("closing-files") {
                $0.patient?.alive = false
                try change(&$0)
            }
        }
        let closed = "deny deceased R-DEC-1"
        let team = try asked()
        #expect(team.byDefault == closed && team.overridden == "permit care_team R-TEAM-1")
        let place = try asked { bench in
            bench.memberships = [try bench.stay(.structure(try #require(RuleBench.practice)))]
        }
        #expect(place.byDefault == closed && place.overridden == "permit care_team_structure R-TEAM-2")
        let masked = try asked {
            try $0.choose(.mask(.document("DOC-1")))
            $0.question.resource.author = RuleBench.nurse?.value
        }
        #expect(masked.byDefault == closed && masked.overridden == "permit author R-AUTHOR")
        // Every other rule stays.
        for (expected, found) in [
            ("deny opposition R-OPP-1", try asked { try $0.choose(.oppositionToSharing) }),
            ("deny masked R-MASK-1", try asked { try $0.choose(.mask(.document("DOC-1"))) }),
            ("deny patient_not_informed R-TEAM-0", try asked { $0.choices = [] }),
            ("deny matrix R-MATRIX-1", try asked { $0.question.resource.typeCode = "T-SHUT" }),
        ] {
            #expect(found.byDefault == closed && found.overridden == expected)
        }
        // Reading alone, by the team alone, for care alone.
        let related = try #require(RelatedPersonIdentifier("REL-1"))
        let patientID = try #require(RuleBench.patientID)
        for found in [
            try asked { $0.question.action = "create" }, try asked { $0.question.action = "export" },
            try asked { $0.memberships = [] },
            try asked {
                $0.memberships = []
                $0.question.resource.author = RuleBench.nurse?.value
            },
            try asked { $0.emergency() }, try asked { $0.question.context.purpose = "PATRQT" },
            try asked { $0.become(.patient, .patient(patientID, match: .exact)) },
            try asked {
                $0.become(.relatedPerson, .relatedPerson(related, match: .exact, of: []))
                try $0.choose(.carerMandate(related, categories: ["document"]))
            },
        ] {
            #expect(found.byDefault == closed && found.overridden == closed)
        }
    }

    @Test("a parameter set for one service changes no other") func oneService() throws {
        for service in ["reviewed", "signed-in-only", "fixed-team", "another"] {
            let found = try outcomes(service) { $0.patient?.alive = false }
            #expect(found.overridden == "deny deceased R-DEC-1", "\(service)")
        }
    }

    @Test("what a service does not set is as `*` sets it, wherever its line stands") func inherited() throws {
        var text = try Shipped.policies()
        text.files["parameters.csv"] = """
            service,name,value,reason
            own,circle,consent,
            *,structure_members,declared,
            *,break_glass_duration,PT1H,

            """
        let program = try PolicyProgram(number: 1, text: text)
        for service in ["own", "another", nil] {
            let parameters = program.parameters(of: service)
            #expect(parameters.circle == (service == "own" ? .consent : .information))
            #expect(parameters.structureMembers == .declared, "\(service ?? "*")")
            #expect(parameters.breakGlassDuration == "PT1H" && parameters.breakGlassTime == .hours(1))
        }
    }

    @Test("a value that a parameter cannot have is a fault of the policy text") func faults() throws {
        for line in [
            "*,circle,silence,", "s,structure_members,some,", "s,members_change_team,yes,",
            "s,team_reads_deceased,1,", "s,system_deposits,never,", "*,approvers_simulate,,", "*,four_eyes,false,",
            "s,break_glass_duration,PT0H,", "s,break_glass_duration,4 hours,", "s,break_glass_duration,PT99999999H,",
        ] {
            var text = try Shipped.policies()
            text.files["parameters.csv", default: ""] += "\(line)\n"
            let result = Result { try PolicyProgram(number: 1, text: text) }
            #expect(throws: PolicyFaults.self, "\(line)") { try result.get() }
        }
    }
}

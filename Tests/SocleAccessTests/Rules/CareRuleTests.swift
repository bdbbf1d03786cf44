// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite(
    "Rule 12 · R-AUTHOR: authors read what they wrote; so does where a masked document was deposited")
struct AuthorRuleTests {
    private static func fromStructure(_ bench: inout RuleBench) throws {
        try bench.choose(.mask(.document("DOC-1")))
        bench.question.resource.authorStructure = RuleBench.practice?.value
    }

    static let rows: [Row] = [
        Row("the author, outside the team", "permit author R-AUTHOR") {
            $0.question.resource.author = RuleBench.nurse?.value
            $0.memberships = []
        },
        Row("the author of a masked document, opposed and blocked", "permit author R-AUTHOR") {
            $0.question.resource.author = RuleBench.nurse?.value
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(.oppositionToSharing)
            try $0.choose(.block(.professional(try #require(RuleBench.nurse))))
        },
        Row("the author, of a type that the matrix closes", "permit author R-AUTHOR") {
            $0.question.resource.author = RuleBench.nurse?.value
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("an author changes nothing by it", "deny opposition R-OPP-1") {
            $0.question.resource.author = RuleBench.nurse?.value
            $0.question.action = "update"
            try $0.choose(.oppositionToSharing)
        },
        Row("the author, written `rpps:`", "permit author R-AUTHOR") {
            $0.question.resource.author = RuleBench.nurse.map { "rpps:\($0.value)" }
            $0.memberships = []
        },
        Row("the author, written as a reference", "permit author R-AUTHOR") {
            $0.question.resource.author = RuleBench.nurse.map { "Practitioner/\($0.value)" }
            $0.memberships = []
        },
        Row("a reference to a version of the author", "permit care_team R-TEAM-1") {
            $0.question.resource.author = RuleBench.nurse.map { "Practitioner/\($0.value)/_history/1" }
        },
        Row("a reference of another type", "permit care_team R-TEAM-1") {
            $0.question.resource.author = RuleBench.nurse.map { "PractitionerRole/\($0.value)" }
        },
        Row("masked, from their structure, written as a reference", "permit author_structure R-AUTHOR") {
            try fromStructure(&$0)
            $0.question.resource.authorStructure = RuleBench.practice.map { "Organization/\($0.value)" }
        },
        Row("masked, a structure written as a person", "deny masked R-MASK-1") {
            try fromStructure(&$0)
            $0.question.resource.authorStructure = RuleBench.practice.map { "Practitioner/\($0.value)" }
        },
        Row("authorship said by who does not hold the document", "deny matrix R-MATRIX-1") {
            $0.question.resource.author = RuleBench.nurse?.value
            $0.registration.heldTypes = []
        },
        Row("in an emergency the rules of an emergency count", "deny btg_conditions_not_met R-BTG-1") {
            $0.question.resource.author = RuleBench.nurse?.value
            $0.question.context.purpose = "BTG"
        },
        Row("masked, from their structure, in the team", "permit author_structure R-AUTHOR") {
            try fromStructure(&$0)
        },
        Row("masked, from their structure, which is in the team", "permit author_structure R-AUTHOR") {
            try fromStructure(&$0)
            $0.memberships = [try $0.stay(.structure(try #require(RuleBench.practice)))]
        },
        Row("masked, from their structure, outside the team", "deny masked R-MASK-1") {
            try fromStructure(&$0)
            $0.memberships = []
        },
        Row("masked, from their structure, opposed", "deny opposition R-OPP-1") {
            try fromStructure(&$0)
            try $0.choose(.oppositionToSharing)
        },
        Row("masked, from their structure, blocked", "deny blocked R-OPP-2") {
            try fromStructure(&$0)
            try $0.choose(.block(.structure(try #require(RuleBench.practice))))
        },
        Row("masked, from another of their structures", "deny masked R-MASK-1") {
            try fromStructure(&$0)
            $0.question.resource.authorStructure = RuleBench.hospital?.value
        },
        Row("care is the only purpose left", "deny purpose_not_allowed R-PURP-1") {
            $0.question.context.purpose = "PATRQT"
        },
    ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

@Suite("Rule 13 · R-OPP-1, R-OPP-2: the patient's refusals")
struct OppositionRuleTests {
    static let rows: [Row] = [
        Row("an opposition", "deny opposition R-OPP-1") { try $0.choose(.oppositionToSharing) },
        Row("the instant it begins", "deny opposition R-OPP-1") {
            try $0.choose(.oppositionToSharing, from: RuleBench.now)
        },
        Row("a millisecond before", "permit care_team R-TEAM-1") {
            try $0.choose(.oppositionToSharing, from: RuleBench.now + .milliseconds(1))
        },
        Row("the instant it is withdrawn", "permit care_team R-TEAM-1") {
            try $0.choose(.oppositionToSharing, to: RuleBench.now)
        },
        Row("a millisecond before its end", "deny opposition R-OPP-1") {
            try $0.choose(.oppositionToSharing, to: RuleBench.now + .milliseconds(1))
        },
        Row("above a block", "deny opposition R-OPP-1") {
            try $0.choose(.block(.professional(try #require(RuleBench.nurse))))
            try $0.choose(.oppositionToSharing)
        },
        Row("above a consent outside the team", "deny opposition R-OPP-1") {
            $0.memberships = []
            try $0.choose(
                .consentOutsideTeam(
                    OutsideConsent(
                        grantee: .professional(try #require(RuleBench.nurse)), documentTypes: ["*"],
                        informed: true)))
            try $0.choose(.oppositionToSharing)
        },
        Row("a block of the person", "deny blocked R-OPP-2") {
            try $0.choose(.block(.professional(try #require(RuleBench.nurse))))
        },
        Row("a block of the structure chosen", "deny blocked R-OPP-2") {
            try $0.choose(.block(.structure(try #require(RuleBench.practice))))
        },
        Row("a block of another person", "permit care_team R-TEAM-1") {
            try $0.choose(.block(.professional(try #require(ProfessionalIdentifier("899700100033")))))
        },
        Row("a block of another structure of theirs", "permit care_team R-TEAM-1") {
            try $0.choose(.block(.structure(try #require(RuleBench.hospital))))
        },
        Row("a block for a period, over", "permit care_team R-TEAM-1") {
            try $0.choose(.block(.professional(try #require(RuleBench.nurse))), to: RuleBench.now)
        },
        Row("a block for a period, not over", "deny blocked R-OPP-2") {
            try $0.choose(
                .block(.professional(try #require(RuleBench.nurse))), to: RuleBench.now + .milliseconds(1))
        },
        Row("a refusal in an emergency is another", "permit care_team R-TEAM-1") {
            try $0.choose(.oppositionInEmergency)
            try $0.choose(.oppositionToRegulation)
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

@Suite("Rule 14 · R-TEAM-4: members change the team, and the patient is told")
struct TeamChangeRuleTests {
    static let rows: [Row] =
        ["create", "update", "delete"].map { (action: String) in
            Row("a member, to \(action)", "permit team_member R-TEAM-4") { $0.question.action = action }
        }
        + ["create", "update", "delete"].map { (action: String) in
            Row("a stranger, to \(action)", "deny not_in_care_team R-TEAM-4") {
                $0.question.action = action
                $0.memberships = []
            }
        } + [
            Row("by the structure", "permit team_member R-TEAM-4") {
                $0.memberships = [try $0.stay(.structure(try #require(RuleBench.practice)))]
            },
            Row("a former member", "deny not_in_care_team R-TEAM-4") {
                $0.memberships = [
                    try $0.stay(.professional(try #require(RuleBench.nurse)), to: RuleBench.now)
                ]
            },
            Row("someone with a consent outside the team", "deny not_in_care_team R-TEAM-4") {
                $0.memberships = []
                try $0.choose(
                    .consentOutsideTeam(
                        OutsideConsent(
                            grantee: .professional(try #require(RuleBench.nurse)), documentTypes: ["*"],
                            informed: true)))
            },
            Row("an opposition", "deny opposition R-OPP-1") { try $0.choose(.oppositionToSharing) },
            Row("reading the team is care", "permit care_team R-TEAM-1") { $0.question.action = "read" },
        ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws {
        try row.check {
            $0.question.resource.type = "team_membership"
            $0.question.action = "create"
        }
    }

    @Test("the patient is told of who was added, unless they did it themselves") func notice() throws {
        var bench = try RuleBench()
        bench.question.resource.type = "team_membership"
        bench.question.action = "create"
        #expect(bench.decision.obligations == ["notify_patient"])
        let nurse = try #require(RuleBench.nurse)
        var added = try bench.stay(.structure(try #require(RuleBench.hospital)))
        added.addedBy = nurse.value
        let notice = try #require(added.notice(at: RuleBench.now))
        #expect(
            notice.subject == .memberAdded && notice.recipient == .patient && notice.about == added.id)
        added.addedBy = added.patient.value
        #expect(added.notice(at: RuleBench.now) == nil)
    }
}

@Suite("Rule 15 · R-MASK-1: what the patient masked")
struct MaskRuleTests {
    static let masked = "deny masked R-MASK-1"

    /// An administrator asks by an application that does not hold the resource, and says that it is masked.
    private static func claimed(_ bench: inout RuleBench) throws {
        bench.question.resource.type = "agenda"
        bench.registration.heldTypes = []
        bench.question.resource.confidentiality = ["MASQUE_PS"]
        try bench.choose(.administrator(try #require(RuleBench.nurse)))
    }

    @Test("a mask on the word of who does not hold the document is journalled as ignored, for it opens nothing")
    func ignored() throws {
        var bench = try RuleBench()
        try Self.claimed(&bench)
        #expect(bench.answer.sheet?.ignored.contains("resource.properties.confidentiality") == true)
        bench.registration.heldTypes = ["agenda"]
        #expect(bench.answer.sheet?.ignored == [])
        bench.registration.heldTypes = []
        try bench.choose(.mask(.category("agenda")))
        #expect(bench.answer.sheet?.ignored.contains("resource.properties.confidentiality") == false)
    }

    static let rows: [Row] = [
        Row("this document", masked) { try $0.choose(.mask(.document("DOC-1"))) },
        Row("another document", "permit care_team R-TEAM-1") {
            try $0.choose(.mask(.document("DOC-2")))
        },
        Row("its type", masked) { try $0.choose(.mask(.type("T-OPEN"))) },
        Row("another type", "permit care_team R-TEAM-1") { try $0.choose(.mask(.type("T-SHUT"))) },
        Row("its category", masked) { try $0.choose(.mask(.category("document"))) },
        Row("another category", "permit care_team R-TEAM-1") {
            try $0.choose(.mask(.category("agenda")))
        },
        Row("marked as masked", masked) { $0.question.resource.confidentiality = ["MASQUE_PS"] },
        Row("marked so by who does not hold it", masked) {
            $0.question.resource.type = "agenda"
            $0.registration.heldTypes = []
            $0.question.resource.confidentiality = ["MASQUE_PS"]
        },
        Row("marked so by who does not hold it, for an administrator", masked) { try claimed(&$0) },
        Row("so, to delete it", masked) {
            try claimed(&$0)
            $0.question.action = "delete"
        },
        Row("so, for an administrator outside the team", masked) {
            try claimed(&$0)
            $0.memberships = []
        },
        Row("so, for an administrator whose patient was never informed", masked) {
            $0.choices = []
            try claimed(&$0)
        },
        Row("of a masked type, by who does not hold it, for an administrator", masked) {
            try claimed(&$0)
            $0.question.resource.confidentiality = []
            try $0.choose(.mask(.type("T-OPEN")))
        },
        Row("marked so by its holder, for an administrator", "permit administrateur R-MASK-1") {
            try claimed(&$0)
            $0.registration.heldTypes = ["agenda"]
        },
        Row("marked so and recorded so, for an administrator", "permit administrateur R-MASK-1") {
            try claimed(&$0)
            try $0.choose(.mask(.document("DOC-1")))
        },
        Row("not marked, an administrator needs no mask", "permit care_team R-TEAM-1") {
            try claimed(&$0)
            $0.question.resource.confidentiality = []
        },
        Row("the instant it is lifted", "permit care_team R-TEAM-1") {
            try $0.choose(.mask(.document("DOC-1")), to: RuleBench.now)
        },
        Row("a millisecond before", masked) {
            try $0.choose(.mask(.document("DOC-1")), to: RuleBench.now + .milliseconds(1))
        },
        Row("for an administrator whom the patient named", "permit administrateur R-MASK-1") {
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(.administrator(try #require(RuleBench.nurse)))
        },
        Row("for an administrator, the instant it ends", masked) {
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(.administrator(try #require(RuleBench.nurse)), to: RuleBench.now)
        },
        Row("for another administrator", masked) {
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(.administrator(try #require(ProfessionalIdentifier("899700100033"))))
        },
        Row("for an administrator, of a type the matrix closes", "deny matrix R-MATRIX-1") {
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(.administrator(try #require(RuleBench.nurse)))
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("a consent outside the team opens no mask", masked) {
            $0.memberships = []
            try $0.choose(.mask(.document("DOC-1")))
            try $0.choose(
                .consentOutsideTeam(
                    OutsideConsent(
                        grantee: .professional(try #require(RuleBench.nurse)), documentTypes: ["*"],
                        informed: true)))
        },
    ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

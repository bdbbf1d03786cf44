// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Rule 16 · R-TEAM-0, R-TEAM-1, R-TEAM-2, R-MATRIX-1: the care team")
struct CareTeamRuleTests {
    private static func structure(
        _ bench: inout RuleBench, _ basis: Membership.LegalBasis = .organised
    ) throws {
        bench.memberships = [try bench.stay(.structure(try #require(RuleBench.practice)), basis)]
    }

    static let rows: [Row] = [
        Row("in person", "permit care_team R-TEAM-1") { _ in },
        Row("by the structure chosen", "permit care_team_structure R-TEAM-2") { try structure(&$0) },
        Row("by a structure on basis 1° that forms no team", "deny not_in_care_team R-OUT-1") {
            try structure(&$0, .establishment)
        },
        Row("by a structure on basis 1° that does", "permit care_team_structure R-TEAM-2") {
            try structure(&$0, .establishment)
            $0.teamCapable = [try #require(RuleBench.practice)]
        },
        Row("the instant a stay begins", "permit care_team R-TEAM-1") {
            $0.memberships = [
                try $0.stay(.professional(try #require(RuleBench.nurse)), from: RuleBench.now)
            ]
        },
        Row("a millisecond before", "deny not_in_care_team R-OUT-1") {
            let start = RuleBench.now + .milliseconds(1)
            $0.memberships = [try $0.stay(.professional(try #require(RuleBench.nurse)), from: start)]
        },
        Row("a millisecond before a stay ends", "permit care_team R-TEAM-1") {
            let end = RuleBench.now + .milliseconds(1)
            $0.memberships = [try $0.stay(.professional(try #require(RuleBench.nurse)), to: end)]
        },
        Row("left, and back", "permit care_team R-TEAM-1") {
            let nurse = try #require(RuleBench.nurse)
            $0.memberships = [
                try $0.stay(.professional(nurse), to: RuleBench.now - .days(5)),
                try $0.stay(.professional(nurse), from: RuleBench.now - .days(1), id: "back"),
            ]
        },
        Row("a patient who was told nothing", "deny patient_not_informed R-TEAM-0") { $0.choices = [] },
        Row("told of another place", "deny patient_not_informed R-TEAM-0") {
            $0.choices = [try $0.choice(.teamInformation(recipients: ["STR-HOSPITAL", "ehpad"]))]
        },
        Row("told of this place", "permit care_team R-TEAM-1") {
            $0.choices = [try $0.choice(.teamInformation(recipients: ["STR-PRACTICE"]))]
        },
        Row("told of this kind of place", "permit care_team R-TEAM-1") {
            $0.choices = [try $0.choice(.teamInformation(recipients: ["cabinet"]))]
        },
        Row("an information, the instant it ends", "deny patient_not_informed R-TEAM-0") {
            $0.choices = [try $0.choice(.teamInformation(recipients: []), to: RuleBench.now)]
        },
        Row("a cell that closes", "deny matrix R-MATRIX-1") {
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("no cell", "deny matrix R-MATRIX-1") { $0.question.resource.typeCode = "T-NONE" },
        Row("a type said by who does not hold the document", "deny matrix R-MATRIX-1") {
            $0.registration.heldTypes = []
        },
        Row("the matrix is of documents", "permit care_team R-TEAM-1") {
            $0.question.resource.type = "agenda"
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws { try row.check() }

    @Test("a list comes without the masked, without closed types, with one's own") func list() throws {
        var bench = try RuleBench()
        try bench.choose(.mask(.document("B")))
        try bench.choose(.mask(.document("D")))
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: [
                .init(id: "A", typeCode: "T-OPEN"), .init(id: "B", typeCode: "T-OPEN"),
                .init(id: "C", typeCode: "T-SHUT"), .init(id: "D", author: RuleBench.nurse?.value),
                .init(id: "E", typeCode: "T-OPEN", confidentiality: ["MASQUE_PS"]), .init(id: "F"),
            ])
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        #expect(bench.decision.obligations == ["filter:B", "filter:C", "filter:E"])
    }
}

@Suite("Rules 17 and 18 · R-OUT-1, R-OUT-2, R-TEAM-2, R-TEAM-3: outside the team")
struct OutsideRuleTests {
    static let opened = "permit consent_outside_team R-OUT-1"
    static let stranger = "deny not_in_care_team R-OUT-1"

    private static func consent(
        _ bench: inout RuleBench, to grantee: Party? = RuleBench.nurse.map(Party.professional),
        types: Set<String> = ["*"], informed: Bool = true, from: Instant = RuleBench.now - .days(1),
        end: Instant? = nil, by recorder: String? = nil
    ) throws {
        try bench.choose(
            .consentOutsideTeam(
                OutsideConsent(grantee: try #require(grantee), documentTypes: types, informed: informed)),
            from: from, to: end, recordedBy: recorder)
    }

    static let rows: [Row] = [
        Row("nothing", stranger) { _ in },
        Row("a consent to the person", opened) { try consent(&$0) },
        Row("a consent to the structure chosen", opened) {
            try consent(&$0, to: RuleBench.practice.map(Party.structure))
        },
        Row("a consent to another of their structures", stranger) {
            try consent(&$0, to: RuleBench.hospital.map(Party.structure))
        },
        Row("by type", opened) { try consent(&$0, types: ["T-OPEN"]) },
        Row("by category", opened) { try consent(&$0, types: ["document"]) },
        Row("of another type", "deny consent_scope R-OUT-2") {
            try consent(&$0, types: ["T-SHUT", "agenda"])
        },
        Row("of nothing", "deny consent_scope R-OUT-2") { try consent(&$0, types: []) },
        Row("of one type, then of all", opened) {
            try consent(&$0, types: ["T-SHUT"])
            try consent(&$0)
        },
        Row("not informed", "deny consent_invalid R-OUT-2") { try consent(&$0, informed: false) },
        Row("recorded by the patient", opened) { try consent(&$0, by: "PAT-1") },
        Row("recorded by the professional", opened) { try consent(&$0, by: RuleBench.nurse?.value) },
        Row("recorded by a member", opened) {
            $0.memberships = [
                try $0.stay(.professional(try #require(ProfessionalIdentifier("899700100033"))))
            ]
            try consent(&$0, by: "899700100033")
        },
        Row("recorded by who was a member", "deny consent_invalid R-OUT-2") {
            $0.memberships = [
                try $0.stay(
                    .professional(try #require(ProfessionalIdentifier("899700100033"))), to: RuleBench.now)
            ]
            try consent(&$0, by: "899700100033")
        },
        Row("recorded by a stranger", "deny consent_invalid R-OUT-2") {
            try consent(&$0, by: "899700100033")
        },
        Row("the instant it begins", opened) { try consent(&$0, from: RuleBench.now) },
        Row("a millisecond before", stranger) {
            try consent(&$0, from: RuleBench.now + .milliseconds(1))
        },
        Row("the instant it is withdrawn", "deny consent_withdrawn R-OUT-2") {
            try consent(&$0, end: RuleBench.now)
        },
        Row("a millisecond before its end", opened) {
            try consent(&$0, end: RuleBench.now + .milliseconds(1))
        },
        Row("written in error: it never held", stranger) {
            try consent(&$0, from: RuleBench.now - .days(1), end: RuleBench.now - .days(1))
        },
        Row("one written in error, and one withdrawn", "deny consent_withdrawn R-OUT-2") {
            try consent(&$0, from: RuleBench.now - .days(1), end: RuleBench.now - .days(1))
            try consent(&$0, end: RuleBench.now - .hours(1))
        },
        Row("withdrawn, and given again", opened) {
            try consent(&$0, end: RuleBench.now - .hours(1))
            try consent(&$0)
        },
        Row("a cell that closes", "deny matrix R-MATRIX-1") {
            try consent(&$0)
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("a stay that ended", "deny membership_expired R-TEAM-3") {
            $0.memberships = [
                try $0.stay(.professional(try #require(RuleBench.nurse)), to: RuleBench.now)
            ]
        },
        Row("a stay of the structure that ended", "deny membership_expired R-TEAM-3") {
            $0.memberships = [
                try $0.stay(.structure(try #require(RuleBench.practice)), to: RuleBench.now)
            ]
        },
        Row("a stay that ended, and a consent since", opened) {
            $0.memberships = [
                try $0.stay(.professional(try #require(RuleBench.nurse)), to: RuleBench.now)
            ]
            try consent(&$0)
        },
        Row("another of their structures is a member", "deny not_in_care_team R-TEAM-2") {
            $0.memberships = [try $0.stay(.structure(try #require(RuleBench.hospital)))]
        },
        Row("another of their structures was", stranger) {
            $0.memberships = [
                try $0.stay(.structure(try #require(RuleBench.hospital)), to: RuleBench.now)
            ]
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws {
        try row.check {
            $0.memberships = []
            $0.choices = []
        }
    }

    @Test("each refusal says how to go on") func advice() throws {
        var bench = try RuleBench()
        bench.memberships = []
        #expect(
            bench.decision.advice == [
                "request_team_membership", "request_consent", "break_glass_if_emergency",
            ])
        bench.memberships = [try bench.stay(.structure(try #require(RuleBench.hospital)))]
        #expect(bench.decision.advice.first == "change_activity")
    }
}

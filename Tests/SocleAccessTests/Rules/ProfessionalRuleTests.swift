// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Rule 7 · R-AUTH-2, R-CTX-1: in good standing, in a situation chosen among one's own")
struct StandingRuleTests {
    static let rows: [Row] = [
        Row("in good standing", "permit care_team R-TEAM-1") { _ in },
        Row("struck off", "deny struck_off R-AUTH-2") { $0.professional?.registryStatus = .struckOff },
        Row("struck off, and the author", "deny struck_off R-AUTH-2") {
            $0.professional?.registryStatus = .struckOff
            $0.question.resource.author = RuleBench.nurse?.value
        },
        Row("without a place of exercise", "deny no_activity R-AUTH-2") {
            $0.professional?.activities = []
        },
        Row("unknown of the records", "deny no_activity R-AUTH-2") { $0.professional = nil },
        Row("the only role ends that instant", "deny no_activity R-AUTH-2") {
            $0.professional?.activities.removeLast()
            $0.professional?.activities[0].end = RuleBench.now
        },
        Row("the only role begins a millisecond later", "deny no_activity R-AUTH-2") {
            $0.professional?.activities.removeLast()
            $0.professional?.activities[0].start = RuleBench.now + .milliseconds(1)
        },
        Row("a role that ended, in one's own team", "deny context_invalid R-CTX-1") {
            $0.professional?.activities[0].end = RuleBench.now
        },
        Row("a role that ended, and another one in the same place", "permit care_team R-TEAM-1") {
            $0.professional?.activities[1].structure = try #require(RuleBench.practice)
            $0.professional?.activities[1].end = RuleBench.now
        },
        Row("a role that begins and ends around now", "permit care_team R-TEAM-1") {
            $0.professional?.activities[0].start = RuleBench.now
            $0.professional?.activities[0].end = RuleBench.now + .milliseconds(1)
        },
        Row("a team of a place where one's role has ended", "deny not_in_care_team R-OUT-1") {
            let hospital = try #require(RuleBench.hospital)
            $0.memberships = [try $0.stay(.structure(hospital), .establishment)]
            $0.teamCapable = [hospital]
            $0.professional?.activities[1].end = RuleBench.now
        },
        Row("no situation", "deny context_required R-CTX-1") { $0.question.subject.situation = nil },
        Row("another's situation", "deny context_invalid R-CTX-1") {
            $0.question.subject.situation = "STR-ELSEWHERE"
        },
        Row("a situation that is no identifier", "deny context_invalid R-CTX-1") {
            $0.question.subject.situation = "here and there"
        },
        Row("an unknown patient, in the words of a stranger", "deny not_in_care_team R-OUT-1") {
            $0.patient = nil
        },
        Row("no patient", "deny not_in_care_team R-OUT-1") { $0.question.resource.patient = nil },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws { try row.check() }

    @Test("an information may name any kind of place that one's roles there are of") func kinds() throws {
        var bench = try RuleBench()
        bench.choices = [try bench.choice(.teamInformation(recipients: ["samu"]))]
        #expect(bench.outcome == "deny patient_not_informed R-TEAM-0")
        let practice = try #require(RuleBench.practice)
        bench.professional?.activities.append(Activity(structure: practice, kind: "samu", sector: "", mode: ""))
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        bench.professional?.activities[2].start = RuleBench.now + .days(1)
        #expect(bench.outcome == "deny patient_not_informed R-TEAM-0")
    }

    @Test("the situation gives the role: one profession here, another there") func role() throws {
        var bench = try RuleBench()
        bench.professional?.activities[1].profession = CodedConcept(
            code: "999", system: CodeSystem.healthProfessions)
        #expect(bench.outcome == "permit care_team R-TEAM-1")
        bench.question.subject.situation = RuleBench.hospital?.value
        #expect(bench.outcome == "deny matrix R-MATRIX-1")
    }
}

@Suite("Rule 8 · R-BTG-1, R-BTG-2, R-BTG-3: break-glass")
struct BreakGlassRuleTests {
    static let opened = "permit break_glass R-BTG-1"
    static let notMet = "deny btg_conditions_not_met R-BTG-1"

    static let rows: [Row] =
        [
            Row("a nurse, a patient in no state to speak, a danger, a reason", opened) { _ in },
            Row("a list", opened) { $0.question.resource.type = "document_list" },
            Row("a profession that is not of health", "deny profession_not_allowed R-BTG-3") {
                $0.professional?.profession = CodedConcept(code: "41", system: CodeSystem.socialProfessions)
            },
            Row("the same code in the system of titles", "deny profession_not_allowed R-BTG-3") {
                $0.professional?.profession = CodedConcept(code: "60", system: CodeSystem.titles)
            },
            Row(
                "a role that the situation makes no profession of health",
                "deny profession_not_allowed R-BTG-3"
            ) {
                $0.professional?.activities[0].profession = CodedConcept(
                    code: "330", system: CodeSystem.careRoles)
            },
            Row("an opposition given beforehand", "deny emergency_opposition R-BTG-2") {
                try $0.choose(.oppositionInEmergency)
            },
            Row("one the instant it is withdrawn", opened) {
                try $0.choose(.oppositionInEmergency, to: RuleBench.now)
            },
            Row("one a millisecond before", "deny emergency_opposition R-BTG-2") {
                try $0.choose(.oppositionInEmergency, to: RuleBench.now + .milliseconds(1))
            },
            Row("one the instant it begins", "deny emergency_opposition R-BTG-2") {
                try $0.choose(.oppositionInEmergency, from: RuleBench.now)
            },
            Row("one that begins later", opened) {
                try $0.choose(.oppositionInEmergency, from: RuleBench.now + .milliseconds(1))
            },
            Row("an opposition to sharing yields", opened) { try $0.choose(.oppositionToSharing) },
            Row("an opposition to the SAMU is another", opened) {
                try $0.choose(.oppositionToRegulation)
            },
            Row("a block of the person", "deny blocked R-OPP-2") {
                try $0.choose(.block(.professional(try #require(RuleBench.nurse))))
            },
            Row("a block of the structure chosen", "deny blocked R-OPP-2") {
                try $0.choose(.block(.structure(try #require(RuleBench.practice))))
            },
            Row("a block of another structure of theirs", opened) {
                try $0.choose(.block(.structure(try #require(RuleBench.hospital))))
            },
            Row("a patient who can speak", notMet) { $0.question.context.patientCapacity = "able" },
            Row("nothing declared, and nothing recorded", notMet) {
                $0.question.context.patientCapacity = nil
            },
            Row("nothing declared, incapacity recorded", opened) {
                $0.question.context.patientCapacity = nil
                $0.patient?.capacity = .unableToExpress
            },
            Row("a minor is not for that unable", notMet) {
                $0.question.context.patientCapacity = "minor"
            },
            Row("no immediate risk", notMet) { $0.question.context.immediateRisk = false },
            Row("no reason", "deny justification_required R-BTG-1") {
                $0.question.context.justification = nil
            },
            Row("an empty reason", "deny justification_required R-BTG-1") {
                $0.question.context.justification = ""
            },
            Row("blanks for a reason", "deny justification_required R-BTG-1") {
                $0.question.context.justification = " \t\n\u{A0}"
            },
            Row("a reason on several lines, in another script", opened) {
                $0.question.context.justification = "arrêt\r\n\tcardiaque — 心停止"
            },
            Row("a masked document", "deny masked R-MASK-1") { try $0.choose(.mask(.document("DOC-1"))) },
            Row("a document marked as masked", "deny masked R-MASK-1") {
                $0.question.resource.confidentiality = ["MASQUE_PS"]
            },
            Row("a cell that closes", "deny matrix R-MATRIX-1") {
                $0.question.resource.typeCode = "T-SHUT"
            },
            Row("no cell", "deny matrix R-MATRIX-1") { $0.question.resource.typeCode = "T-NONE" },
            Row("no type", "deny matrix R-MATRIX-1") { $0.question.resource.typeCode = nil },
        ]
        + ["create", "update", "delete", "export", "publish_dmp"].map { (action: String) in
            Row("to \(action)", "deny purpose_not_allowed R-BTG-1") { $0.question.action = action }
        }
        + [
            "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{3164}", "\u{115F}", "\u{7}", "...", "—", "a\u{7}",
            "a\u{1B}[0m",
        ].map { (words: String) in
            Row("for a reason \(words.debugDescription)", "deny justification_required R-BTG-1") {
                $0.question.context.justification = words
            }
        }

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws {
        try row.check { $0.emergency() }
    }

    @Test(
        "the permit obliges: a reason, a time, two notices, a review, and the masked left out of a list"
    )
    func obligations() throws {
        var bench = try RuleBench()
        bench.emergency()
        try bench.choose(.mask(.document("B")))
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: [
                .init(id: "A", typeCode: "T-OPEN"), .init(id: "B", typeCode: "T-OPEN"),
                .init(id: "C", typeCode: "T-SHUT"),
            ])
        #expect(
            bench.decision.obligations == [
                "justification_required", "time_limit:PT4H", "notify_patient", "notify_medecin_traitant",
                "post_hoc_review", "filter:B", "filter:C",
            ])
    }
}

@Suite("Rule 9 · R-BTG-4: the regulating physician of the SAMU")
struct RegulationRuleTests {
    static let opened = "permit regulation_15 R-BTG-4"
    static let refused = "deny purpose_not_allowed R-BTG-4"

    static let rows: [Row] = [
        Row("a physician at the SAMU", opened) { _ in },
        Row("a nurse at the SAMU", refused) {
            $0.professional?.profession = CodedConcept(code: "60", system: CodeSystem.healthProfessions)
        },
        Row("a physician elsewhere", refused) {
            $0.question.subject.situation = RuleBench.hospital?.value
        },
        Row("the code of physicians in another system", refused) {
            $0.professional?.profession = CodedConcept(code: "10", system: CodeSystem.careRoles)
        },
        Row("an opposition to regulation", "deny emergency_opposition R-BTG-2") {
            try $0.choose(.oppositionToRegulation)
        },
        Row("an opposition in emergencies", "deny emergency_opposition R-BTG-2") {
            try $0.choose(.oppositionInEmergency)
        },
        Row("one the instant it is withdrawn", opened) {
            try $0.choose(.oppositionToRegulation, to: RuleBench.now)
        },
        Row("one a millisecond before", "deny emergency_opposition R-BTG-2") {
            try $0.choose(.oppositionToRegulation, to: RuleBench.now + .milliseconds(1))
        },
        Row("a masked document", "deny masked R-MASK-1") { try $0.choose(.mask(.document("DOC-1"))) },
        Row("a cell that closes", "deny matrix R-MATRIX-1") {
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("to write", refused) { $0.question.action = "create" },
        Row("another role in the same place, written after", opened) {
            $0.professional?.activities[1].structure = try #require(RuleBench.practice)
        },
        Row("another role there, and the one of the SAMU has ended", refused) {
            $0.professional?.activities[1].structure = try #require(RuleBench.practice)
            $0.professional?.activities[0].end = RuleBench.now
        },
    ]

    private static func regulate(_ bench: inout RuleBench) {
        bench.question.context = .init(purpose: "REG15", callID: "15-0001")
        bench.memberships = []
        bench.choices = []
        bench.professional?.profession = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
        bench.professional?.activities[0].kind = "samu"
    }

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws {
        try row.check(Self.regulate)
    }

    @Test("the permit obliges to two notices and a review") func obligations() throws {
        var bench = try RuleBench()
        Self.regulate(&bench)
        #expect(
            bench.decision.obligations == [
                "notify_patient", "notify_medecin_traitant", "post_hoc_review",
            ])
    }
}

@Suite("Rule 10 · R-PURP-1: the occupational physician whom the patient let in")
struct OccupationalRuleTests {
    static let opened = "permit occupational_consent R-PURP-1"
    static let missing = "deny occupational_consent_missing R-PURP-1"

    private static func consent(
        _ bench: inout RuleBench, to professional: ProfessionalIdentifier? = RuleBench.nurse,
        informed: Bool = true,
        from: Instant = RuleBench.now - .days(1), end: Instant? = nil
    ) throws {
        try bench.choose(
            .occupationalConsent(try #require(professional), informed: informed), from: from, to: end)
    }

    static let rows: [Row] = [
        Row("an informed consent", opened) { try consent(&$0) },
        Row("none", missing) { _ in },
        Row("a member of the team, without it", missing) {
            $0.memberships = [try $0.stay(.professional(try #require(RuleBench.nurse)))]
        },
        Row("not informed", missing) { try consent(&$0, informed: false) },
        Row("for another physician", missing) {
            try consent(&$0, to: ProfessionalIdentifier("899700100033"))
        },
        Row("the instant it begins", opened) { try consent(&$0, from: RuleBench.now) },
        Row("a millisecond before", missing) {
            try consent(&$0, from: RuleBench.now + .milliseconds(1))
        },
        Row("the instant it ends", missing) { try consent(&$0, end: RuleBench.now) },
        Row("a millisecond before its end", opened) {
            try consent(&$0, end: RuleBench.now + .milliseconds(1))
        },
        Row("blocked since", "deny blocked R-OPP-2") {
            try consent(&$0)
            try $0.choose(.block(.professional(try #require(RuleBench.nurse))))
        },
        Row("a masked document", "deny masked R-MASK-1") {
            try consent(&$0)
            try $0.choose(.mask(.type("T-OPEN")))
        },
        Row("a cell that closes", "deny matrix R-MATRIX-1") {
            try consent(&$0)
            $0.question.resource.typeCode = "T-SHUT"
        },
        Row("to write", "deny purpose_not_allowed R-PURP-1") {
            try consent(&$0)
            $0.question.action = "update"
        },
    ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws {
        try row.check {
            $0.question.context.purpose = "OCCUP"
            $0.memberships = []
            $0.choices = []
        }
    }
}

@Suite("Rule 11 · R-ID-1: nothing leaves for the DMP under an identity that is not qualified")
struct IdentityRuleTests {
    static let rows: [Row] =
        [INSStatus.provisional, .retrieved, .validated].map { (status: INSStatus) in
            Row("\(status)", "deny ins_not_qualified R-ID-1") { $0.patient?.insStatus = status }
        } + [
            Row("qualified", "permit care_team R-TEAM-1") { _ in },
            Row("another action, not qualified", "permit care_team R-TEAM-1") {
                $0.patient?.insStatus = .provisional
                $0.question.action = "read"
            },
        ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws {
        try row.check { $0.question.action = "publish_dmp" }
    }

    @Test("a refusal says how to go on") func advice() throws {
        var bench = try RuleBench()
        bench.question.action = "publish_dmp"
        bench.patient?.insStatus = .validated
        #expect(bench.decision.advice == ["qualify_ins"])
    }
}

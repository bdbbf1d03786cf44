// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Rule 0 · R-APP-1: within the client's registration, before any other rule")
struct ApplicationRuleTests {
    static let refused = "deny client_not_entitled R-APP-1"

    static let rows: [Row] = [
        Row("all of it registered", "permit care_team R-TEAM-1") { _ in },
        Row("another purpose", refused) { $0.registration.purposes = ["BTG"] },
        Row("no purpose", refused) { $0.question.context.purpose = nil },
        Row("an unknown purpose, registered or not", refused) {
            $0.question.context.purpose = "RESEARCH"
        },
        Row("another action", refused) { $0.registration.actions = ["search"] },
        Row("another resource type", refused) { $0.registration.resourceTypes = ["agenda"] },
        Row("a subject it may not assert", refused) { $0.registration.assertedSubjects = [.patient] },
        Row("a national identifier it may not use", refused) { $0.registration.namesByRPPS = false },
        Row("no registration of that name", refused) { $0.registration.assertedSubjects = [] },
        Row("before the authentication level", refused) {
            $0.registration.purposes = []
            $0.question.subject.acr = nil
        },
        Row("before a patient's death", refused) {
            $0.registration.actions = []
            $0.patient?.alive = false
        },
    ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

@Suite("Rule 1 · R-AUTH-1: people sign in at eidas1 or above, never with a password alone")
struct AuthenticationRuleTests {
    static let rows: [Row] =
        ["eidas1", "eidas2", "eidas3"].map { (level: String) in
            Row(level, "permit care_team R-TEAM-1") { $0.question.subject.acr = level }
        }
        + ["", "eidas", "eidas0", "eidas4", "EIDAS1", "eidas1 ", "loa1"].map { (level: String) in
            Row("`\(level)`", "deny authn_level R-AUTH-1") { $0.question.subject.acr = level }
        } + [
            Row("no level", "deny authn_level R-AUTH-1") { $0.question.subject.acr = nil },
            Row("a password alone, whatever level is claimed", "deny authn_level R-AUTH-1") {
                $0.question.subject.method = "local_password"
                $0.question.subject.acr = "eidas3"
            },
            Row("a patient too", "deny authn_level R-AUTH-1") {
                $0.become(.patient, .patient(try #require(RuleBench.patientID), match: .exact))
                $0.question.subject.acr = nil
            },
            Row("a carer too", "deny authn_level R-AUTH-1") {
                $0.become(
                    .relatedPerson,
                    .relatedPerson(try #require(RelatedPersonIdentifier("R")), match: .exact, of: []))
                $0.question.subject.acr = nil
            },
            Row("an administrator too", "deny authn_level R-AUTH-1") {
                $0.become(.admin, .administrator(roles: ["policy_approver"]))
                $0.question.subject.acr = nil
            },
            Row("an application has no level", "deny user_context_required R-SYS-1") {
                $0.become(.system, nil)
                $0.question.subject.acr = nil
            },
        ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws { try row.check() }

    @Test("a refusal says how to go on") func advice() throws {
        var bench = try RuleBench()
        bench.question.subject.acr = nil
        #expect(bench.decision.advice == ["step_up:psc"])
    }
}

@Suite("Rule 2 · R-ADM-1, R-ADM-2: administrators see no clinical data; another person publishes")
struct AdministratorRuleTests {
    private static func administrator(
        _ roles: Set<String>, _ bench: inout RuleBench, _ action: String, _ type: String
    ) {
        bench.become(.admin, .administrator(roles: roles))
        bench.question.context.purpose = "ADMIN"
        bench.question.action = action
        bench.question.resource = .init(type: type, id: "X", author: "sub-author")
    }

    static let onlyAdministrators = "deny administrators_only R-ADM-1"

    static let rows: [Row] = [
        Row("an approver publishes what another wrote", "permit policy_approver R-ADM-2") {
            administrator(["policy_approver"], &$0, "publish", "policy")
        },
        Row("an approver who wrote it", "deny four_eyes R-ADM-2") {
            administrator(["policy_approver"], &$0, "publish", "policy")
            $0.question.resource.author = "sub-1"
        },
        Row("not an approver", "deny four_eyes R-ADM-2") {
            administrator(["policy_author", "rights_admin"], &$0, "publish", "policy")
        },
        Row("no role at all", "deny four_eyes R-ADM-2") { administrator([], &$0, "publish", "policy") },
        Row("for another purpose", "deny four_eyes R-ADM-2") {
            administrator(["policy_approver"], &$0, "publish", "policy")
            $0.question.context.purpose = "TREAT"
        },
        Row("the author simulates", "permit policy_author R-ADM-2") {
            administrator(["policy_author"], &$0, "simulate", "policy")
            $0.question.resource.author = "sub-1"
        },
        Row("another simulates", "deny not_policy_author R-ADM-2") {
            administrator(["policy_author"], &$0, "simulate", "policy")
        },
        Row(
            "authorship said by an application that does not hold policies",
            "deny not_policy_author R-ADM-2"
        ) {
            administrator(["policy_author"], &$0, "simulate", "policy")
            $0.question.resource.author = "sub-1"
            $0.registration.heldTypes = []
        },
        Row("the technical log", "permit audit_technical R-ADM-1") {
            administrator(["rights_admin"], &$0, "read", "audit_technical")
        },
        Row("the technical log, changed", "deny no_clinical_data R-ADM-1") {
            administrator(["rights_admin"], &$0, "delete", "audit_technical")
        },
        Row("the technical log, without a role", "deny no_clinical_data R-ADM-1") {
            administrator([], &$0, "read", "audit_technical")
        },
        Row("the technical log, to a professional", onlyAdministrators) {
            $0.question.resource = .init(type: "audit_technical", id: "X", patient: "PAT-1")
        },
        Row("a policy, to a professional named as its author", onlyAdministrators) {
            $0.question.resource = .init(type: "policy", id: "X", author: RuleBench.nurse?.value)
        },
        Row("the technical log, to the patient whom it tells of", onlyAdministrators) {
            $0.become(.patient, .patient(try #require(RuleBench.patientID), match: .exact))
            $0.question.context.purpose = "PATRQT"
            $0.question.resource = .init(type: "audit_technical", id: "X", patient: "PAT-1")
        },
        Row("a policy, to an application for statistics", onlyAdministrators) {
            $0.become(.system, nil)
            $0.registration.pseudonymises = true
            $0.question.context = .init(purpose: "STAT", pseudonymised: true)
            $0.question.resource = .init(type: "policy", id: "X")
        },
        Row("a document", "deny no_clinical_data R-ADM-1") {
            administrator(["platform_admin"], &$0, "read", "document")
        },
        Row("a list", "deny no_clinical_data R-ADM-1") {
            administrator(["platform_admin"], &$0, "search", "document_list")
        },
        Row("a document, for care", "deny no_clinical_data R-ADM-1") {
            administrator(["platform_admin"], &$0, "read", "document")
            $0.question.context.purpose = "TREAT"
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

@Suite("Rule 3 · R-STAT-1, R-SYS-1: an application without a user deposits, and reads nothing")
struct SystemRuleTests {
    private static func deposit(_ bench: inout RuleBench) throws {
        bench.become(.system, nil)
        bench.question.action = "create"
        let practice = try #require(RuleBench.practice)
        bench.question.resource.authorStructure = practice.value
        bench.memberships = [try bench.stay(.structure(practice))]
    }

    private static func statistics(_ bench: inout RuleBench) {
        bench.become(.system, nil)
        bench.question.action = "export"
        bench.question.context = .init(purpose: "STAT", pseudonymised: true)
        bench.question.resource = .init(type: "journey_data", id: "1")
        bench.registration.pseudonymises = true
    }

    static let refused = "deny user_context_required R-SYS-1"

    static let rows: [Row] =
        [
            Row("its own structure, in the team", "permit system_deposit R-SYS-1") { try deposit(&$0) },
            Row("another structure's document", refused) {
                try deposit(&$0)
                $0.question.resource.authorStructure = "STR-HOSPITAL"
            },
            Row("no author", refused) {
                try deposit(&$0)
                $0.question.resource.authorStructure = nil
            },
            Row("a registration without a structure", refused) {
                try deposit(&$0)
                $0.registration.structure = nil
            },
            Row("a type it does not hold", refused) {
                try deposit(&$0)
                $0.registration.heldTypes = []
            },
            Row("outside the team", refused) {
                try deposit(&$0)
                $0.memberships = []
            },
            Row("the instant the stay ends", refused) {
                try deposit(&$0)
                $0.memberships = [
                    try $0.stay(.structure(try #require(RuleBench.practice)), to: RuleBench.now)
                ]
            },
            Row("a millisecond before", "permit system_deposit R-SYS-1") {
                try deposit(&$0)
                let end = RuleBench.now + .milliseconds(1)
                $0.memberships = [try $0.stay(.structure(try #require(RuleBench.practice)), to: end)]
            },
            Row("basis 1° of a structure that forms no team", refused) {
                try deposit(&$0)
                $0.memberships = [try $0.stay(.structure(try #require(RuleBench.practice)), .establishment)]
            },
            Row("a note, not a document", refused) {
                try deposit(&$0)
                $0.question.resource.type = "liaison_note"
            },
            Row("a deceased patient", refused) {
                try deposit(&$0)
                $0.patient?.alive = false
            },
            Row("an unknown patient", refused) {
                try deposit(&$0)
                $0.patient = nil
            },
        ]
        + ["read", "search", "update", "delete", "export"].map { (action: String) in
            Row("\(action)", refused) {
                try deposit(&$0)
                $0.question.action = action
            }
        } + [
            Row("pseudonymised statistics", "permit pseudonymised R-STAT-1") { statistics(&$0) },
            Row("not pseudonymised", "deny identified_data R-STAT-1") {
                statistics(&$0)
                $0.question.context.pseudonymised = false
            },
            Row("said so by a client not registered for it", "deny identified_data R-STAT-1") {
                statistics(&$0)
                $0.registration.pseudonymises = false
            },
            Row("statistics that write", refused) {
                statistics(&$0)
                $0.question.action = "create"
            },
            Row("a person's statistics", "deny purpose_not_allowed R-PURP-1") {
                $0.question.context = .init(purpose: "STAT", pseudonymised: true)
                $0.registration.pseudonymises = true
            },
        ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws { try row.check() }
}

@Suite("Rule 4 · R-DEC-1: no automatic access to the file of a deceased patient")
struct DeceasedRuleTests {
    static let refused = "deny deceased R-DEC-1"

    static let rows: [Row] = [
        Row("a member of the team", refused) { _ in },
        Row("the author", refused) { $0.question.resource.author = RuleBench.nurse?.value },
        Row("an emergency", refused) { $0.emergency() },
        Row("someone outside the team", refused) { $0.memberships = [] },
        Row("the account of the patient", refused) {
            $0.become(.patient, .patient(try #require(RuleBench.patientID), match: .exact))
        },
        Row("the representative of a minor", refused) {
            let relation = AccountLink.Relation(
                patient: try #require(RuleBench.patientID), code: "MTH", legalRepresentative: true)
            $0.become(
                .relatedPerson,
                .relatedPerson(try #require(RelatedPersonIdentifier("R")), match: .exact, of: [relation]))
        },
        Row("another patient learns nothing of it", "deny not_self R-PAT-1") {
            $0.become(.patient, .patient(try #require(PatientIdentifier("PAT-9")), match: .exact))
        },
        Row("nor does a relative without a mandate", "deny no_mandate R-REP-2") {
            $0.become(
                .relatedPerson,
                .relatedPerson(try #require(RelatedPersonIdentifier("R")), match: .exact, of: []))
        },
    ]

    @Test("the table of the rule", arguments: rows) func table(_ row: Row) throws {
        try row.check { $0.patient?.alive = false }
    }
}

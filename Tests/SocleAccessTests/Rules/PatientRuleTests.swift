// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import Testing

@Suite("Rule 5 · R-PAT-1, R-PAT-2, R-INVIS-1: patients read their own file, once identified")
struct PatientRuleTests {
    private static func patient(_ match: AccountLink.IdentityMatch, _ id: String = "PAT-1") throws
        -> AccountLink.Person
    {
        .patient(try #require(PatientIdentifier(id)), match: match)
    }

    static let rows: [Row] = [
        Row("their own", "permit self R-PAT-1") { $0.become(.patient, try patient(.exact)) },
        Row("a partial match", "deny identity_not_matched R-PAT-2") {
            $0.become(.patient, try patient(.partial))
        },
        Row("no match", "deny identity_not_matched R-PAT-2") {
            $0.become(.patient, try patient(.none))
        },
        Row("someone else's", "deny not_self R-PAT-1") {
            $0.become(.patient, try patient(.exact, "PAT-2"))
        },
        Row("an unknown file", "deny not_self R-PAT-1") {
            $0.become(.patient, try patient(.exact))
            $0.patient = nil
        },
        Row("no patient named", "deny not_self R-PAT-1") {
            $0.become(.patient, try patient(.exact))
            $0.question.resource.patient = nil
        },
        Row("an account that is a professional's", "deny client_not_entitled R-APP-1") {
            $0.become(.patient, .professional(try #require(RuleBench.nurse)))
            $0.registration.assertedSubjects = [.professional]
        },
        Row("waiting for its announcement", "deny hidden_from_patient R-INVIS-1") {
            $0.become(.patient, try patient(.exact))
            $0.question.resource.confidentiality = ["N", "INVISIBLE_PATIENT"]
        },
        Row("waiting, and said so by who does not hold it", "deny hidden_from_patient R-INVIS-1") {
            $0.become(.patient, try patient(.exact))
            $0.registration.heldTypes = []
            $0.question.resource.confidentiality = ["INVISIBLE_PATIENT"]
        },
        Row("masked from professionals, not from them", "permit self R-PAT-1") {
            $0.become(.patient, try patient(.exact))
            try $0.choose(.mask(.document("DOC-1")))
            $0.question.resource.confidentiality = ["MASQUE_PS"]
        },
        Row("their opposition closes nothing to themselves", "permit self R-PAT-1") {
            $0.become(.patient, try patient(.exact))
            try $0.choose(.oppositionToSharing)
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws {
        try row.check { $0.question.context.purpose = "PATRQT" }
    }

    @Test("a list comes without what waits for its announcement") func list() throws {
        var bench = try RuleBench()
        bench.become(.patient, try Self.patient(.exact))
        bench.question.context.purpose = "PATRQT"
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: [
                .init(id: "A"), .init(id: "B", confidentiality: ["INVISIBLE_PATIENT"]),
                .init(id: "C", confidentiality: ["MASQUE_PS"]),
            ])
        #expect(bench.decision.obligations == ["filter:B"])
    }
}

@Suite("Rule 6 · R-REP-1, R-REP-2, R-INVIS-2: parents of a minor, and carers with a mandate")
struct RelatedPersonRuleTests {
    private static let carer = RelatedPersonIdentifier("REL-1")

    private static func related(
        _ bench: inout RuleBench, legal: Bool = false, match: AccountLink.IdentityMatch = .exact,
        of patient: String = "PAT-1"
    ) throws {
        let relation = AccountLink.Relation(
            patient: try #require(PatientIdentifier(patient)), code: "MTH", legalRepresentative: legal)
        bench.become(.relatedPerson, .relatedPerson(try #require(carer), match: match, of: [relation]))
    }

    private static func minor(_ bench: inout RuleBench, born: String = "2016-05-09") throws {
        try related(&bench, legal: true)
        bench.patient?.capacity = .minor
        bench.patient?.birthDate = CalendarDate(born)
    }

    private static func mandate(
        _ bench: inout RuleBench, _ categories: Set<String> = ["document"],
        from: Instant = RuleBench.now - .days(1),
        to: Instant? = nil
    ) throws {
        try related(&bench)
        try bench.choose(.carerMandate(try #require(carer), categories: categories), from: from, to: to)
    }

    static let rows: [Row] = [
        Row("a parent of a minor", "permit legal_representative R-REP-1") { try minor(&$0) },
        Row("a parent not identified", "deny identity_not_matched R-PAT-2") {
            try minor(&$0)
            try related(&$0, legal: true, match: .partial)
        },
        Row("a relative who is no representative", "deny no_mandate R-REP-2") {
            try minor(&$0)
            try related(&$0)
        },
        Row("the parent of another", "deny no_mandate R-REP-2") {
            try minor(&$0)
            try related(&$0, legal: true, of: "PAT-2")
        },
        // 2026-11-02T09:00:00Z: the day of the eighteenth birthday, and the day before it.
        Row("a minor come of age today", "deny no_mandate R-REP-2") {
            try minor(&$0, born: "2008-11-02")
        },
        Row("a minor until tomorrow", "permit legal_representative R-REP-1") {
            try minor(&$0, born: "2008-11-03")
        },
        Row("the parent of an adult", "deny no_mandate R-REP-2") { try related(&$0, legal: true) },
        Row("a document the minor keeps", "deny minor_secret R-INVIS-2") {
            try minor(&$0)
            try $0.choose(.minorSecret(document: "DOC-1"))
        },
        Row("the secret of another document", "permit legal_representative R-REP-1") {
            try minor(&$0)
            try $0.choose(.minorSecret(document: "DOC-2"))
        },
        Row("a secret the instant it ends", "permit legal_representative R-REP-1") {
            try minor(&$0)
            try $0.choose(.minorSecret(document: "DOC-1"), to: RuleBench.now)
        },
        Row("a secret a millisecond before", "deny minor_secret R-INVIS-2") {
            try minor(&$0)
            try $0.choose(.minorSecret(document: "DOC-1"), to: RuleBench.now + .milliseconds(1))
        },
        Row("a document marked hidden from parents", "deny minor_secret R-INVIS-2") {
            try minor(&$0)
            $0.question.resource.confidentiality = ["INVISIBLE_REPRESENTANTS_LEGAUX"]
        },
        Row("a document that waits to be announced", "deny hidden_from_patient R-INVIS-1") {
            try minor(&$0)
            $0.question.resource.confidentiality = ["INVISIBLE_PATIENT"]
        },
        Row("a mandate that lists the category", "permit mandate R-REP-2") { try mandate(&$0) },
        Row("a mandate for another category", "deny mandate_scope R-REP-2") {
            try mandate(&$0, ["agenda"])
        },
        Row("a mandate for nothing", "deny mandate_scope R-REP-2") { try mandate(&$0, []) },
        Row("a mandate the instant it begins", "permit mandate R-REP-2") {
            try mandate(&$0, from: RuleBench.now)
        },
        Row("a mandate a millisecond before", "deny no_mandate R-REP-2") {
            try mandate(&$0, from: RuleBench.now + .milliseconds(1))
        },
        Row("a mandate the instant it ends", "deny no_mandate R-REP-2") {
            try mandate(&$0, to: RuleBench.now)
        },
        Row("a mandate a millisecond before its end", "permit mandate R-REP-2") {
            try mandate(&$0, to: RuleBench.now + .milliseconds(1))
        },
        Row("another carer's mandate", "deny no_mandate R-REP-2") {
            try mandate(&$0)
            $0.become(
                .relatedPerson,
                .relatedPerson(try #require(RelatedPersonIdentifier("REL-2")), match: .exact, of: []))
        },
        Row("a place in the circle is no mandate", "deny no_mandate R-REP-2") {
            try related(&$0)
            $0.memberships = [try $0.stay(.relatedPerson(try #require(carer)), .circle)]
        },
        Row(
            "a mandate, and a document that waits to be announced", "deny hidden_from_patient R-INVIS-1"
        ) {
            try mandate(&$0)
            $0.question.resource.confidentiality = ["INVISIBLE_PATIENT"]
        },
        Row("an unknown patient", "deny no_mandate R-REP-2") {
            try mandate(&$0)
            $0.patient = nil
        },
    ]

    @Test("the table of the rules", arguments: rows) func table(_ row: Row) throws {
        try row.check { $0.question.context.purpose = "PATRQT" }
    }

    @Test("a parent's list comes without the minor's secrets") func list() throws {
        var bench = try RuleBench()
        try Self.minor(&bench)
        bench.question.context.purpose = "PATRQT"
        try bench.choose(.minorSecret(document: "B"))
        bench.question.resource = .init(
            type: "document_list", id: "L", patient: "PAT-1",
            candidates: [
                .init(id: "A"), .init(id: "B"),
                .init(id: "C", confidentiality: ["INVISIBLE_REPRESENTANTS_LEGAUX"]),
            ])
        #expect(bench.decision.obligations == ["filter:B", "filter:C"])
    }
}

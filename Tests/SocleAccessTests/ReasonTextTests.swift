// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleConsent
import SocleIdentity
import Testing

@testable import SocleAccess

@Suite("Reasons · one French and one English sentence, fit for who reads it")
struct ReasonTextTests {
    /// Of the shipped policies, of policies that give none, and of Socle itself.
    private static let all: [String: ReasonText] = {
        var all = ReasonTexts.withoutPolicy.texts
        for (reason, text) in ReasonTexts.generic.texts { all["generic \(reason)"] = text }
        let shipped = (try? Shipped.program())?.texts.texts ?? [:]
        return all.merging(shipped) { $1 }
    }()

    @Test("every reason of a policy has its four sentences, and no sentence is without a policy") func everyReason()
        throws
    {
        let program = try Shipped.program()
        let given = Set(program.orderedRules.map(\.reason))
        #expect(given.count > 50)
        let told = Set(program.texts.texts.keys).subtracting(ReasonTexts.withoutPolicy.texts.keys)
        #expect(given.subtracting(told).isEmpty)
        let ids = Set(program.orderedRules.map(\.id))
        #expect(told.subtracting(given).isSubset(of: ids), "nobody gives these reasons any more")
    }

    @Test("a policy has sentences of its own only where those of its reason are another's too, and differ")
    func ownSentences() throws {
        let program = try Shipped.program()
        let rules = program.orderedRules
        #expect(Set(rules.map(\.id)).isDisjoint(with: rules.map(\.reason)))
        for rule in rules {
            guard let own = program.texts[rule.id] else { continue }
            #expect(own != program.texts[rule.reason], "\(rule.id)")
            #expect(rules.contains { $0.reason == rule.reason && program.texts[$0.id] == nil }, "\(rule.id)")
        }
    }

    @Test("who asks about nobody on record is told so, in the team or not, in an emergency too") func unknownPatient()
        throws
    {
        for (isEmergency, isKnown) in [(false, false), (true, false), (false, true)] {
            var bench = try RuleBench()
            if isEmergency { bench.emergency() }
            if isKnown { bench.memberships = [] } else { bench.patient = nil }
            let decision = bench.decision
            #expect(decision.reason == "not_in_care_team")
            let text = try #require(decision.text)
            #expect((text.userFrench == "Cette demande ne nomme aucun patient enregistré.") != isKnown)
            #expect(text.adminEnglish.hasPrefix("No patient on record is named") != isKnown)
        }
        var bench = try RuleBench()
        bench.question.resource.patient = nil
        #expect(bench.decision.text?.userEnglish == "This request names no patient on record.")
    }

    @Test("what waits to be announced is told to the patient as theirs, and to a parent as the patient's")
    func announced() throws {
        let patient = try #require(RuleBench.patientID)
        let parent = try #require(RelatedPersonIdentifier("REL-1"))
        let readers: [(SubjectKind, AccountLink.Person, String)] = [
            (.patient, .patient(patient, match: .exact), "vous annoncer"),
            (
                .relatedPerson,
                .relatedPerson(
                    parent, match: .exact, of: [.init(patient: patient, code: "MTH", legalRepresentative: true)]),
                "au patient"
            ),
        ]
        for (kind, person, words) in readers {
            var bench = try RuleBench()
            bench.become(kind, person)
            bench.patient?.capacity = .minor
            bench.question.resource.confidentiality = ["INVISIBLE_PATIENT"]
            #expect(bench.decision.reason == "hidden_from_patient")
            let text = try #require(bench.decision.text)
            #expect(text.userFrench.contains(words), "\(kind)")
        }
    }

    @Test("an opposition to regulation alone is not told to the SAMU as one to every emergency") func regulation()
        throws
    {
        let samu = Activity(structure: try #require(RuleBench.practice), kind: "samu", sector: "SA01", mode: "S")
        for (choice, purpose) in [
            (PatientChoice.Kind.oppositionToRegulation, "REG15"), (.oppositionInEmergency, "REG15"),
            (.oppositionInEmergency, "BTG"),
        ] {
            var bench = try RuleBench()
            bench.emergency()
            bench.question.context.purpose = purpose
            bench.professional?.profession = CodedConcept(code: "10", system: CodeSystem.healthProfessions)
            bench.professional?.activities = [samu]
            try bench.choose(choice)
            #expect(bench.decision.reason == "emergency_opposition")
            let text = try #require(bench.decision.text)
            for words in [text.userFrench, text.userEnglish] {
                #expect(words.contains("SAMU") == (purpose == "REG15"), "\(choice) \(purpose)")
            }
        }
    }

    @Test("no sentence promises a doctor that may not be known, a notice that nobody sends, or takes a reader's gender")
    func promises() throws {
        let texts = try Shipped.program().texts
        for reason in ["break_glass", "regulation_15"] {
            let text = try #require(texts[reason])
            #expect(text.userFrench.contains("s'il est connu") && text.userEnglish.contains("where one is known"))
        }
        let team = try #require(texts["team_member"])
        #expect(team.userFrench.contains("doit être prévenu") && team.userEnglish.contains("must be told"))
        for (reason, text) in Self.all {
            #expect(!text.userFrench.contains(/\bVous êtes (?:le|l'auteur)\b|vous a désigné\b/), "\(reason)")
            #expect(!text.userFrench.contains("ne vous a pas donné mandat"), "\(reason): it may have ended")
        }
    }

    @Test("every reason that the engine gives by itself has its sentences") func engineReasons() throws {
        let folder = Shipped.root.appending(path: "Sources/SocleAccess")
        var given: Set<String> = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where path.hasSuffix(".swift") {
            let source = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            for match in source.matches(of: /(?:\.refusal\(|refuse\(questions, )"(\w+)"/) {
                given.insert(String(match.1))
            }
        }
        #expect(given.contains("unavailable") && given.contains("conflict") && given.contains("policy_error"))
        let told = Set(ReasonTexts.withoutPolicy.texts.keys).union(ReasonTexts.generic.texts.keys)
        #expect(given.subtracting(told).isEmpty)
    }

    @Test("each text is one sentence, without a placeholder or a name of the program") func sentences() {
        #expect(Self.all.count > 60)
        for (reason, text) in Self.all {
            for (sentence, reader) in [
                (text.userFrench, Sentence.Reader.person), (text.userEnglish, .person),
                (text.adminFrench, .administrator), (text.adminEnglish, .administrator),
            ] {
                #expect(Sentence.faults(of: sentence, for: reader).isEmpty, "\(reason): \(sentence)")
            }
            #expect(text.userFrench != text.userEnglish && text.adminFrench != text.adminEnglish, "\(reason)")
        }
    }

    @Test(
        "a text that is not one plain sentence is found",
        arguments: [
            "", "   ", "Two. Sentences.", "No end", "no capital.", "What? Really.", "It ends twice..",
            "It is {hidden}.",
            "It is %s.", "See <a>this</a>.", "TODO.", "Rule R-OPP-1 refuses.", "The fact emergency_opposition holds.",
            "Purpose BTG is refused.", "A level of eidas1 is needed.", "Reason: XXX.", "A break-glass, `masked`.",
            "INVISIBLE_PATIENT is set.", " Leading space.", "Two  spaces.",
        ])
    func faults(text: String) {
        #expect(!Sentence.faults(of: text, for: .person).isEmpty)
    }

    @Test("an administrator may read codes and law, a person may not") func readers() {
        let exact = "Document INVISIBLE_PATIENT, purpose STAT (CSP L.1110-4 V, TRE_G15)."
        #expect(Sentence.faults(of: exact, for: .administrator).isEmpty)
        #expect(!Sentence.faults(of: exact, for: .person).isEmpty)
        #expect(!Sentence.faults(of: "The fact break_glass_duration is long.", for: .administrator).isEmpty)
        #expect(!Sentence.faults(of: "Rule R-APP-1 is not met.", for: .administrator).isEmpty)
    }

    @Test("a refusal by the matrix names its cell to the administrator, in the language of the sentence") func cell()
        throws
    {
        var bench = try RuleBench()
        bench.question.resource.typeCode = "T-SHUT"
        let text = try #require(bench.decision.text)
        #expect(
            text.adminFrench == "La matrice d'habilitation n'ouvre pas cette cellule (ligne 3 : 60 x T-SHUT, attestée)."
        )
        #expect(text.adminEnglish == "The habilitation matrix does not open this cell (line 3: 60 x T-SHUT, attested).")
        #expect(text.userFrench == "Votre profession n'a pas accès à ce type de document.")
        bench.question.resource.typeCode = "T-UNKNOWN"
        #expect(bench.decision.text?.adminFrench == "La matrice d'habilitation n'ouvre pas cette cellule.")
    }

    @Test("a consent that does not cover a category says so of the request, not of a document") func scope() throws {
        let text = try #require(try Shipped.program().texts["consent_scope"])
        #expect(!text.userFrench.contains("document") && !text.userEnglish.contains("document"))
    }
}

/// What makes a text something else than one sentence that its reader understands.
private enum Sentence {
    enum Reader { case person, administrator }

    static func faults(of text: String, for reader: Reader) -> [String] {
        var faults: [String] = []
        func refuse(_ fault: String, when holds: Bool) { if holds { faults.append(fault) } }
        refuse("a text is missing", when: text.allSatisfy(\.isWhitespace))
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        refuse("spaces", when: trimmed != text || text.contains("  "))
        refuse("no capital at the start", when: text.first?.isUppercase != true)
        refuse(
            "not one full stop, at the end",
            when: text.matches(of: /[.!?\u{2026}](?:\s|$)/).count != 1 || !text.hasSuffix("."))
        refuse("an ellipsis or two stops", when: text.hasSuffix(".."))
        refuse("a placeholder", when: text.contains(/[{}<>%$`]|TODO|XXX|FIXME/))
        refuse("the name of a rule", when: text.contains(/\bR-[A-Z]+-\d/))
        refuse("a name of the program", when: text.contains(/\b[a-z]+_[a-z_]+\b/))
        if reader == .person {
            let known: Set = ["SAMU", "INS", "DMP"]
            for match in text.matches(of: /\b[A-Z][A-Z0-9_]{2,}\b/) {
                refuse("a code", when: !known.contains(String(match.output)))
            }
            refuse("a code", when: text.contains(/\beidas\d|\bacr\b|\bCSP\b|\d/))
        }
        return faults
    }
}

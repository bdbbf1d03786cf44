// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import socle

@Suite("socle journal list · what the journal holds of a patient (RGPD art. 15)")
struct JournalListTests {
    @Test("the reading itself is found under the patient, and under nobody else") func journalled() throws {
        let prepared = try Prepared()
        func list(_ patient: String, _ options: String...) throws -> Binary.Outcome {
            try prepared.run(["journal", "list", "--patient", patient] + options)
        }
        #expect(try list("PAT-1").output == "0 entries\n")
        let second = try list("PAT-1").output.split(separator: "\n")
        #expect(second.count == 2)
        #expect(second.first?.hasSuffix(" operator: journal_listed") == true)
        #expect(try list("PAT-2").output == "0 entries\n")
        let french = try list("PAT-1", "--language", "fr").output.split(separator: "\n")
        #expect(french.first?.hasSuffix(" l’opérateur : journal consulté") == true && french.last == "2 entrées")
        let json = try JSONValue(parsing: list("PAT-1", "--json").output.trimmingCharacters(in: .newlines))
        #expect(json["events"]?.array?.count == 3)
        #expect(json["events"]?.array?.first?["resourceType"]?.string == "AuditEvent")
        #expect(try list("PAT-1", "--until", "2026-01-01T00:00:00+01:00").output == "0 entries\n")
        let usages = [
            ["PAT 1"], ["PAT-1", "--from", "yesterday"], ["PAT-1", "--until", "2026"], ["PAT-1", "--language", "de"],
        ]
        for arguments in usages {
            let outcome = try Binary.run(["journal", "list", "--data", "x", "--patient"] + arguments)
            #expect(outcome.status == 2 && outcome.output.isEmpty, "\(arguments)")
        }
    }

    @Test("each question is a line: who, where, through what, what, why, and the answer") func words() throws {
        let english = JournalWords(.en, PolicyText(files: [:]))
        func lines(_ item: JSONObject, _ words: JournalWords, _ names: JournalNames = JournalNames()) -> [String] {
            var chain = JournalChain(seed: [UInt8](repeating: 1, count: 16))
            let draft = EntryDraft(
                kind: .decision, instant: Instant(seconds: 0), actor: "portal", patient: PatientIdentifier("PAT-1"),
                details: ["client": "portal", "items": [.object(item)]])
            var names = names
            names.people["sub-1"] = ProfessionalIdentifier("899700100022").map(AccountLink.Person.professional)
            return EntryText(TracedEntry(chain.append(draft, stamp: Stamp(), salt: [])), names, words).lines
        }
        var item: JSONObject = [
            "subject": ["type": "professional", "id": "sub-1", "situation": "STR-1"], "action": "read",
            "resource": ["type": "document", "id": "D-1"], "patient": "PAT-1", "purpose": "BTG", "outcome": "permit",
            "reason": "break_glass", "rule": "R-BTG-1", "declared": ["justification": "seule\n\u{1B}[2J"],
        ]
        let when = "1970-01-01T00:00:00.000Z"
        #expect(
            lines(item, english) == [
                "\(when) professional 899700100022 in STR-1 by portal: read document D-1 for BTG: permit, break_glass "
                    + "(R-BTG-1), declared: seule  [2J"
            ])
        var names = JournalNames()
        let nurse = try #require(ProfessionalIdentifier("899700100022"))
        names.professionals[nurse] = "Paul Nadir"
        names.structures["STR-1"] = "Cabinet infirmier"
        let french = JournalWords(.fr, try PolicyFolder.read(nil))
        #expect(
            lines(item, french, names) == [
                "\(when) professionnel Paul Nadir (899700100022), à Cabinet infirmier (STR-1), par portal : lire un "
                    + "document D-1 en bris de glace : permis, Bris de glace déclaré, à contrôler a posteriori "
                    + "(R-BTG-1), déclaré : seule  [2J"
            ])
        #expect(lines(item, english, names).first?.contains("Paul Nadir (899700100022) in Cabinet") == true)
        item["subject"] = ["type": "system", "id": "portal"]
        item["declared"] = nil
        #expect(lines(item, english) == ["\(when) portal: read document D-1 for BTG: permit, break_glass (R-BTG-1)"])
        item = ["search": "subject", "subject": ["type": "professional"], "action": "read", "patient": "PAT-1"]
        item["resource"] = ["type": "document", "id": "D-1"]
        item["found"] = ["899700100022", "899700100033"]
        let said = "\(when) portal: search read document D-1: found "
        #expect(lines(item, english) == [said + "899700100022, 899700100033"])
        item["found"] = []
        #expect(lines(item, english) == [said + "nothing"])
        item["found"] = JSONValue((0..<25).map(String.init))
        #expect(lines(item, english) == [said + (0..<20).map(String.init).joined(separator: ", ") + " and 5 more"])
    }
}

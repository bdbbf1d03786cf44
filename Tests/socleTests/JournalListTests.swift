// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
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
        let json = try JSONValue(parsing: list("PAT-1", "--json").output.trimmingCharacters(in: .newlines))
        #expect(json["events"]?.array?.count == 2)
        #expect(json["events"]?.array?.first?["resourceType"]?.string == "AuditEvent")
        #expect(try list("PAT-1", "--until", "2026-01-01T00:00:00+01:00").output == "0 entries\n")
        let usages = [["PAT 1"], ["PAT-1", "--from", "yesterday"], ["PAT-1", "--until", "2026"]]
        for arguments in usages {
            let outcome = try Binary.run(["journal", "list", "--data", "x", "--patient"] + arguments)
            #expect(outcome.status == 2 && outcome.output.isEmpty, "\(arguments)")
        }
    }

    @Test("each question is a line: who, where, through what, what, why, and the answer") func words() throws {
        func lines(_ item: JSONObject) -> [String] {
            var chain = JournalChain(seed: [UInt8](repeating: 1, count: 16))
            let draft = EntryDraft(
                kind: .decision, instant: Instant(seconds: 0), actor: "portal", patient: PatientIdentifier("PAT-1"),
                details: ["client": "portal", "items": [.object(item)]])
            let people = ProfessionalIdentifier("899700100022").map {
                ["sub-1": AccountLink.Person.professional($0)]
            }
            return EntryText(TracedEntry(chain.append(draft, stamp: Stamp(), salt: [])), people ?? [:]).lines
        }
        var item: JSONObject = [
            "subject": ["type": "professional", "id": "sub-1", "situation": "STR-1"], "action": "read",
            "resource": ["type": "document", "id": "D-1"], "patient": "PAT-1", "purpose": "BTG", "outcome": "permit",
            "reason": "break_glass", "rule": "R-BTG-1", "declared": ["justification": "seule\n\u{1B}[2J"],
        ]
        let when = "1970-01-01T00:00:00.000Z"
        #expect(
            lines(item) == [
                "\(when) professional 899700100022 in STR-1 by portal: read document D-1 for BTG: permit, break_glass "
                    + "(R-BTG-1), declared: seule  [2J"
            ])
        item["subject"] = ["type": "system", "id": "portal"]
        item["declared"] = nil
        #expect(lines(item) == ["\(when) portal: read document D-1 for BTG: permit, break_glass (R-BTG-1)"])
        item = ["search": "subject", "subject": ["type": "professional"], "action": "read", "patient": "PAT-1"]
        item["resource"] = ["type": "document", "id": "D-1"]
        item["found"] = ["899700100022", "899700100033"]
        let said = "\(when) portal: search read document D-1: found "
        #expect(lines(item) == [said + "899700100022, 899700100033"])
        item["found"] = []
        #expect(lines(item) == [said + "nothing"])
        item["found"] = JSONValue((0..<25).map(String.init))
        #expect(lines(item) == [said + (0..<20).map(String.init).joined(separator: ", ") + " and 5 more"])
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleIdentity
import SocleJSON
import Testing

@Suite("An entry as it is read · each person is told of themselves")
struct TracedEntryTests {
    private func entry(
        _ kind: EntryDraft.Kind = .decision, actor: String = "app", of patients: [String], _ details: JSONObject
    ) -> TracedEntry {
        var chain = JournalChain(seed: [UInt8](repeating: 1, count: 16))
        let draft = EntryDraft(
            kind: kind, instant: Instant(seconds: 1), actor: actor,
            patients: Set(patients.compactMap { PatientIdentifier($0) }), details: details)
        return TracedEntry(chain.append(draft, stamp: Stamp(), salt: []))
    }

    private func ids(_ names: String...) -> Set<PatientIdentifier> { Set(names.compactMap { PatientIdentifier($0) }) }

    @Test("an entry about one person is told whole") func whole() throws {
        let entry = entry(of: ["p"], ["client": "app", "items": [["patient": "p"], ["outcome": "deny"]]])
        #expect(!entry.about(ids("p")).isPart)
        #expect(entry.about(ids("p")).items.count == 2)
    }

    @Test("of a call about several, each is told their own questions, and the merged those of each name")
    func questions() {
        var details: JSONObject = ["client": "app"]
        EntryItems.write(
            ["p", "q", "r", "q"].map { ["patient": .string($0), "outcome": "permit"] } + [["outcome": "deny"]],
            in: &details)
        let entry = entry(of: ["p", "q", "r"], details)
        let part = entry.about(ids("q"))
        #expect(part.isPart)
        #expect(part.patients == ["q"])
        #expect(part.items.map { $0["patient"] } == ["q", "q"])
        #expect(entry.about(ids("p", "r")).items.map { $0["patient"] } == ["p", "r"])
        #expect(entry.about(ids("s")).items.isEmpty)
    }

    @Test("of a search of patients, each is told that it found them") func found() {
        let details: JSONObject = [
            "client": "app", "search": "resource", "subject": ["id": "rpps:1"], "resource": ["type": "patient"],
            "found": ["p", "q"],
        ]
        let part = entry(of: ["p", "q"], details).about(ids("q"))
        #expect(part.items.map { $0["found"] } == [["q"]])
    }

    @Test("of resources of several, each is told their own; one alone is everybody's") func resources() {
        let patients = ids("p", "q")
        var details: JSONObject = ["interaction": "read"]
        EntryResources.write(
            [("Consent/1", PatientIdentifier("p")), ("Consent/2", PatientIdentifier("q")), ("Organization/3", nil)],
            of: patients, in: &details)
        let part = entry(.administration, of: ["p", "q"], details).about(ids("p"))
        #expect(part.resources.map(\.name) == ["Consent/1"])
        var one: JSONObject = ["interaction": "read"]
        EntryResources.write([("AuditEvent/1", nil)], of: patients, in: &one)
        let event = entry(.administration, of: ["p", "q"], one).about(ids("p"))
        #expect(event.resources.map(\.name) == ["AuditEvent/1"])
    }

    @Test("of entries written before the list was kept, only what names the person is told") func resourcesBefore() {
        let details: JSONObject = [
            "interaction": "read", "resources": ["Consent/1", "Patient/p/_history/2", "Patient/q"],
        ]
        let part = entry(.administration, of: ["p", "q"], details).about(ids("p"))
        #expect(part.resources.map(\.name) == ["Patient/p/_history/2"])
    }

    @Test("whoever asked is looked up as the decision did") func askers() {
        func asker(_ subject: JSONValue, actor: String = "app") -> TracedEntry.Asker {
            let entry = entry(actor: actor, of: ["p"], ["client": "app", "items": [["subject": subject]]])
            return entry.asker(of: entry.items[0])
        }
        let nurse = ProfessionalIdentifier("899700100022").map(TracedEntry.Asker.professional)
        #expect(asker(["type": "professional", "id": "rpps:899700100022", "proven": false]) == nurse)
        let numbered = ProfessionalIdentifier("810001234565").map(TracedEntry.Asker.professional)
        #expect(asker(["type": "professional", "id": "rpps:10001234565", "proven": false]) == numbered)
        #expect(asker(["type": "professional", "id": "sub-1", "proven": false]) == .account("sub-1"))
        #expect(asker(["type": "patient", "id": "rpps:x", "proven": true], actor: "sub-2") == .account("sub-2"))
        #expect(asker(["type": "system", "id": "app", "proven": false]) == .application)
        #expect(asker(["type": "professional"]) == .application)
        #expect(asker(["type": "professional"], actor: "sub-3") == .account("sub-3"))
    }
}

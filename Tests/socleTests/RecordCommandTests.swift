// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import Testing

@testable import socle

@Suite("Commands on records · review, events, patient")
struct RecordCommandTests {
    @Test("an application is subscribed, listed, and told nothing more") func events() throws {
        let prepared = try Prepared()
        let subscribe = ["events", "subscribe", "--endpoint", "https://a.example/events", "--client"]
        let unknown = try prepared.run(subscribe + ["portal"])
        #expect(unknown.status == 1 && unknown.error.contains("`portal` is not a client in use"))
        let notifier = try prepared.run([
            "notices", "register", "--client", "portal", "--endpoint", "https://a.example/notices",
        ])
        #expect(notifier.status == 1 && notifier.error.contains("`portal` is not a client in use"))
        let created = try prepared.run([
            "client", "create", "--id", "portal", "--name", "Portal", "--grant", "client_credentials",
        ])
        #expect(created.status == 0, "\(created.error)")
        let subscribed = try prepared.run(
            "events", "subscribe", "--client", "portal", "--endpoint", "https://a.example/events", "--kind", "choice",
            "--kind", "membership")
        #expect(subscribed.status == 0, "\(subscribed.error)")
        let list = try JSONValue(
            parsing: prepared.run("events", "list", "--json").output.trimmingCharacters(in: .newlines))
        #expect(
            list == [
                "subscriptions": [
                    [
                        "client": "portal", "endpoint": "https://a.example/events",
                        "audience": "https://a.example/events", "kinds": ["choice", "membership"],
                    ]
                ]
            ])
        let told = try prepared.json(
            prepared.run(
                "notices", "register", "--client", "portal", "--endpoint", "https://a.example/notices", "--subject",
                "break_glass", "--json"))
        #expect(
            told == [
                "done": "notifier_register", "client": "portal", "endpoint": "https://a.example/notices",
                "subjects": ["break_glass"],
            ])
        let waiting = try prepared.json(prepared.run("notices", "unregister", "--subject", "break_glass", "--json"))
        #expect(waiting == ["done": "notifier_unregister", "subject": "break_glass"])
        let ended = try prepared.json(prepared.run("events", "unsubscribe", "--client", "portal", "--json"))
        #expect(ended == ["done": "events_unsubscribe", "client": "portal"])
        let disabled = try prepared.json(prepared.run("client", "disable", "--id", "portal", "--json"))
        #expect(disabled == ["done": "client_disabled", "client": "portal"])
        let again = try prepared.run("events", "unsubscribe", "--client", "portal")
        #expect(again.status == 1 && again.error.contains("has no subscription"))
    }

    @Test("what is not there is refused, in words that say so") func absent() throws {
        let prepared = try Prepared()
        #expect(try prepared.run("review", "list").output == "0 to review\n")
        let closed = try prepared.run("review", "close", "E", "--by", "dpo", "--conclusion", "nothing")
        #expect(closed.status == 1 && closed.error.contains("`E` is not an episode"))
        let ended = try prepared.run(
            "patient", "refer", "PAT-1", "--from", "899700100011", "--to-structure", "S", "--until",
            "2026-01-02T10:15:00+01:00")
        #expect(ended.status == 1 && ended.error.contains("past already"))
        let unknown = try prepared.run("patient", "refer", "PAT-1", "--from", "899700100011", "--to", "899700100022")
        #expect(unknown.status == 1 && unknown.error.contains("`PAT-1` is not a patient on record"))
        let merged = try prepared.run("patient", "merge", "PAT-1", "PAT-2")
        #expect(merged.status == 1 && merged.error.contains("cannot be merged"))
        let split = try prepared.run("patient", "split", "PAT-1")
        #expect(split.status == 1 && split.error.contains("was merged into nothing"))
    }

    @Test("the end of a review is found in the journal of the patient it was about") func reviewed() async throws {
        let prepared = try Prepared()
        let patient = try #require(PatientIdentifier("PAT-1"))
        let nurse = try #require(ProfessionalIdentifier("899700100022"))
        try await Installation.using(Configuration(file: prepared.file)) { node in
            let episode = EmergencyEpisode(
                id: "E-1",
                address: .init(kind: .breakGlass, patient: patient, professional: nurse, service: "portal"),
                opened: node.clock(), until: node.clock() + .hours(4), justification: "coma")
            try await node.commit(
                [EmergencyChange.open(episode)],
                EntryDraft(kind: .administration, instant: node.clock(), actor: "test", patient: patient, details: [:]),
                refusal: "no episode")
        }
        let closed = try prepared.json(
            prepared.run("review", "close", "E-1", "--by", "dpo", "--conclusion", "justified", "--json"))
        #expect(
            closed == ["done": "review_closed", "episode": "E-1", "reviewer": "dpo", "conclusion": "justified"])
        #expect(try prepared.run("journal", "list", "--patient", "PAT-1").output.contains("review_closed"))
        #expect(try !prepared.run("journal", "list", "--patient", "PAT-2").output.contains("review_closed"))
        #expect(try prepared.run("review", "close", "E-1", "--by", "dpo", "--conclusion", "again").status == 1)
    }

    @Test(
        "wrong usage exits 2",
        arguments: [
            ["patient", "refer", "PAT-1", "--from", "8 9", "--to", "899700100022"],
            ["patient", "refer", "PAT-1", "--from", "899700100011"],
            ["patient", "refer", "PAT-1", "--from", "899700100011", "--to", "899700100011"],
            ["patient", "refer", "PAT-1", "--from", "899700100011", "--to", "899700100022", "--to-structure", "S"],
            ["patient", "refer", "PAT-1", "--from", "899700100011", "--to", "STR 1"],
            ["patient", "refer", "PAT-1", "--from", "899700100011", "--to-structure", "S", "--since", "yesterday"],
            [
                "patient", "refer", "PAT-1", "--from", "899700100011", "--to-structure", "S", "--since",
                "2026-11-02T10:15:00+01:00", "--until", "2026-11-02T10:15:00+01:00",
            ],
            ["events", "subscribe", "--client", "a", "--endpoint", "http://a.example/"],
            ["events", "subscribe", "--client", "a", "--endpoint", "https://a.example/", "--kind", "all"],
            ["review", "close", "E", "--by", "", "--conclusion", "x"], ["review", "close", "E", "--by", "x"],
            ["patient", "merge", "PAT 1", "PAT-2"], ["patient", "merge", "PAT-1"], ["patient", "split", "a b"],
        ])
    func usage(arguments: [String]) throws {
        let outcome = try Binary.run(arguments + ["--data", "x"])
        #expect(outcome.status == 2 && outcome.output.isEmpty)
    }
}

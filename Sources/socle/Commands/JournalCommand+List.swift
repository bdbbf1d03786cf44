// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleStore

extension JournalCommand {
    /// `socle journal list`: what a data protection officer answers a patient with (RGPD art. 15).
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what the journal holds of a patient: when, who, what and why, the newest first.",
            discussion: "The reading is journalled under that patient. With --json each entry is a FHIR AuditEvent.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("The patient, by any of their identifiers.", valueName: "id")) var patient: String
        @Option(help: ArgumentHelp("Since when, as 2026-11-02T10:15:00+01:00.", valueName: "instant")) var from: String?
        @Option(help: ArgumentHelp("Until when, excluded.", valueName: "instant")) var until: String?
        @Flag(help: "Print one JSON object.") var json = false

        private static let page = 500

        func validate() throws {
            guard PatientIdentifier(patient) != nil else { throw ValidationError("not an identifier of a patient") }
            for (name, text) in [("--from", from), ("--until", until)] {
                if let text, Instant(iso8601: text) == nil {
                    throw ValidationError("\(name) is not an instant with its offset")
                }
            }
        }

        func run() async throws {
            guard let patient = PatientIdentifier(patient) else { return }
            let configuration = try installation.configuration()
            try await Installation.using(configuration) { installation in
                let records = StoredFHIRRecords(database: installation.database)
                var events: [JSONValue] = []
                var (count, before): (Int, JournalPlace?) = (0, nil)
                repeat {
                    let (trail, people) = try await page(of: patient, before: before, records)
                    if before == nil {
                        try await installation.journal(reading: "journal_listed", of: trail.identifiers, span)
                    }
                    for entry in trail.entries.map({ TracedEntry($0).about(trail.identifiers) }) {
                        if json {
                            let event = AuditEvent(entry, people: people, base: "\(configuration.issuer)/fhir")
                            events.append(.object(event.json))
                        } else {
                            for line in EntryText(entry, people).lines { Console.print(line) }
                        }
                    }
                    count += trail.entries.count
                    before = trail.entries.count < Self.page ? nil : trail.entries.last.map { JournalPlace($0) }
                } while before != nil
                if json {
                    Console.print(json: ["patient": .string(patient.value), "events": .array(events)])
                } else {
                    Console.print("\(count) entries")
                }
            }
        }

        private func page(
            of patient: PatientIdentifier, before: JournalPlace?, _ records: StoredFHIRRecords
        ) async throws -> (PatientTrail, [String: AccountLink.Person]) {
            do throws(FHIRUnavailable) {
                let trail = try await records.trail(
                    of: patient, from: from.flatMap { Instant(iso8601: $0) },
                    to: until.flatMap { Instant(iso8601: $0) }, before: before, limit: Self.page)
                let entries = trail.entries.map { TracedEntry($0).about(trail.identifiers) }
                return (trail, try await records.people(of: Set(entries.flatMap(\.accounts))))
            } catch {
                throw CommandFailure("the journal cannot be read: \(error.detail)")
            }
        }

        private var span: JSONObject {
            var details = JSONObject()
            details["from"] = from.map(JSONValue.string)
            details["until"] = until.map(JSONValue.string)
            return details
        }
    }
}

/// An entry in words, a line for each question.
struct EntryText {
    /// How many results of a search a line names.
    private static let found = 20

    private let entry: TracedEntry
    private let people: [String: AccountLink.Person]

    init(_ entry: TracedEntry, _ people: [String: AccountLink.Person]) {
        self.entry = entry
        self.people = people
    }

    var lines: [String] {
        guard entry.isDecision, !entry.items.isEmpty else { return [line("\(actor): \(act)")] }
        return entry.items.map { line("\(who($0)): \(what($0))") }
    }

    /// One line, whatever was sent: a terminal obeys control characters.
    private func line(_ text: String) -> String {
        var line = "\(entry.instant) "
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line
    }

    private var actor: String { entry.actor.map { $0 == entry.client ? $0 : name(.account($0)) } ?? "unknown" }

    private var act: String {
        let word = ["event", "action", "interaction"].lazy.compactMap { entry.details[$0]?.string }.first ?? entry.kind
        return ([word] + entry.resources.map(\.name)).joined(separator: " ")
    }

    private func who(_ item: JSONObject) -> String {
        let asker = entry.asker(of: item)
        let client = entry.client ?? "unknown"
        guard asker != .application else { return client }
        let place = item["subject"]?["situation"]?.string.map { " in \($0)" } ?? ""
        return "\(name(asker))\(place) by \(client)"
    }

    private func name(_ asker: TracedEntry.Asker) -> String {
        switch asker {
        case .application: entry.client ?? "unknown"
        case .professional(let id): "professional \(id.value)"
        case .account(let account):
            switch entry.person(account, people) {
            case .professional(let id): "professional \(id.value)"
            case .patient(let id, _): "patient \(id.value)"
            case .relatedPerson(let id, _, _): "related person \(id.value)"
            case .administrator, nil: account
            }
        }
    }

    private func what(_ item: JSONObject) -> String {
        let resource = [item["resource"]?["type"], item["resource"]?["id"]].compactMap { $0?.string }
        var words = [item["search"] == nil ? nil : "search", item["action"]?.string].compactMap(\.self) + resource
        if let purpose = item["purpose"]?.string { words.append("for \(purpose)") }
        var text = words.joined(separator: " ")
        if let found = item["found"]?.array {
            let shown = found.prefix(Self.found).compactMap(\.string)
            text += ": found " + (found.isEmpty ? "nothing" : shown.joined(separator: ", "))
            if found.count > shown.count { text += " and \(found.count - shown.count) more" }
        }
        if let outcome = item["outcome"]?.string {
            text += ": \(outcome), \(item["reason"]?.string ?? "") (\(item["rule"]?.string ?? ""))"
        }
        if let justification = item["declared"]?["justification"]?.string { text += ", declared: \(justification)" }
        return text
    }
}

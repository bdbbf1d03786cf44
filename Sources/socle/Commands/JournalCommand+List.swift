// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
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
            discussion: """
                The reading is journalled under that patient. People and places are named as the records name them \
                today, beside their numbers. With --json each entry is a FHIR AuditEvent.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("The patient, by any of their identifiers.", valueName: "id")) var patient: String
        @Option(help: ArgumentHelp("Since when, as 2026-11-02T10:15:00+01:00.", valueName: "instant")) var from: String?
        @Option(help: ArgumentHelp("Until when, excluded.", valueName: "instant")) var until: String?
        @Option(help: ArgumentHelp("Tell entries in French (fr) or English (en).", valueName: "language"))
        var language: FactLanguage = .en
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
                let words = try await words(installation)
                var names = JournalNames()
                var (count, before): (Int, JournalPlace?) = (0, nil)
                repeat {
                    let (trail, people) = try await page(of: patient, before: before, records)
                    if before == nil {
                        try await installation.journal(reading: "journal_listed", of: trail.identifiers, span)
                    }
                    let entries = trail.entries.map { TracedEntry($0).about(trail.identifiers) }
                    if !json { try await names.learn(entries, people: people, in: installation) }
                    for entry in entries {
                        if json {
                            let event = AuditEvent(entry, people: people, base: "\(configuration.issuer)/fhir")
                            events.append(.object(event.json))
                        } else {
                            for line in EntryText(entry, names, words).lines { Console.print(line) }
                        }
                    }
                    count += trail.entries.count
                    before = trail.entries.count < Self.page ? nil : trail.entries.last.map { JournalPlace($0) }
                } while before != nil
                if json {
                    Console.print(json: ["patient": .string(patient.value), "events": .array(events)])
                } else {
                    Console.print(language.say(en: "\(count) entries", fr: "\(count) entrées"))
                }
            }
        }

        /// Of the version in force, or else of the build: its reasons may be the region's own.
        private func words(_ node: Installation) async throws -> JournalWords {
            guard language == .fr else { return JournalWords(language, PolicyText(files: [:])) }
            return JournalWords(language, try await node.policyInForce()?.text ?? PolicyFolder.read(nil))
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
    static let found = 20

    private let entry: TracedEntry
    private let names: JournalNames
    private let words: JournalWords

    init(_ entry: TracedEntry, _ names: JournalNames, _ words: JournalWords) {
        self.entry = entry
        self.names = names
        self.words = words
    }

    var lines: [String] {
        guard entry.isDecision, !entry.items.isEmpty else { return [line("\(actor)\(colon) \(act)")] }
        return entry.items.map { line("\(who($0))\(colon) \(what($0))") }
    }

    private var colon: String { say(en: ":", fr: " :") }

    private func say(en: String, fr: String) -> String { words.language.say(en: en, fr: fr) }

    /// One line, whatever was sent: a terminal obeys control characters.
    private func line(_ text: String) -> String {
        var line = "\(entry.instant) "
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line
    }

    private var actor: String {
        entry.actor.map { $0 == entry.client ? $0 : name(.account($0)) } ?? words.actor("unknown")
    }

    private var client: String { entry.client ?? words.actor("unknown") }

    private var act: String {
        let word = ["event", "action", "interaction"].lazy.compactMap { entry.details[$0]?.string }.first ?? entry.kind
        return ([words.act(word)] + entry.resources.map(\.name)).joined(separator: " ")
    }

    private func who(_ item: JSONObject) -> String {
        let asker = entry.asker(of: item)
        guard asker != .application else { return client }
        let place = item["subject"]?["situation"]?.string.map { id in
            let named = names.named(structure: id)
            return say(en: " in \(named)", fr: ", à \(named)")
        }
        return name(asker) + (place ?? "") + say(en: " by \(client)", fr: ", par \(client)")
    }

    private func name(_ asker: TracedEntry.Asker) -> String {
        switch asker {
        case .application: client
        case .professional(let id): say(en: "professional", fr: "professionnel") + " \(names.named(id))"
        case .account(let account):
            switch entry.person(account, names.people) {
            case .professional(let id): name(.professional(id))
            case .patient(let id, _): "patient \(names.named(id))"
            case .relatedPerson(let id, _, _):
                say(en: "related person", fr: "proche") + " \(names.named(id.value, ofAccount: account))"
            case .administrator, nil: words.actor(names.named(account: account))
            }
        }
    }

    private func what(_ item: JSONObject) -> String {
        var parts = [
            item["search"] == nil ? nil : say(en: "search", fr: "recherche :"),
            item["action"]?.string.map(words.action), item["resource"]?["type"]?.string.map(words.resource),
            item["resource"]?["id"]?.string,
        ].compactMap(\.self)
        if let purpose = item["purpose"]?.string { parts.append(words.purpose(purpose)) }
        var text = parts.joined(separator: " ")
        if let found = item["found"]?.array {
            let shown = found.prefix(Self.found).compactMap(\.string).map(names.named(found:))
            let list = found.isEmpty ? say(en: "nothing", fr: "rien") : shown.joined(separator: ", ")
            text += say(en: ": found \(list)", fr: " : a trouvé \(list)")
            let rest = found.count - shown.count
            if rest > 0 { text += say(en: " and \(rest) more", fr: " et \(rest) autres") }
        }
        if let outcome = item["outcome"]?.string {
            let reason = item["reason"]?.string.map(words.reason) ?? ""
            text += "\(colon) \(words.outcome(outcome)), \(reason) (\(item["rule"]?.string ?? ""))"
        }
        if let justification = item["declared"]?["justification"]?.string {
            text += say(en: ", declared: \(justification)", fr: ", déclaré : \(justification)")
        }
        return text
    }
}

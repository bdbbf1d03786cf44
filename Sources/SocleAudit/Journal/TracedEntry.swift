// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// What an entry tells, as those who read it need it: who acted, whom it is about, what was asked, one by one.
package struct TracedEntry: Sendable {
    package let position: EntryPosition
    package let instant: Instant
    package let kind: String
    package let actor: String?
    /// The application, where there is one.
    package let client: String?
    /// The rest of the body.
    package let details: JSONObject
    /// The people whose records the answers rest on.
    package let people: Set<String>
    package private(set) var patients: [String]
    /// The questions with their outcomes. A search is one, with what it found.
    package private(set) var items: [JSONObject]
    package private(set) var resources: [(name: String, patients: [String])]
    /// Whether something of the entry was left out.
    package private(set) var isPart = false

    /// An entry whose body was erased by retention keeps its instant and kind.
    package init(_ entry: JournalEntry) {
        let body = entry.body.flatMap(EntryBody.object) ?? JSONObject()
        let details = body["details"]?.object ?? JSONObject()
        position = entry.position
        instant = entry.instant
        kind = entry.kind
        self.details = details
        actor = body["actor"]?.string
        client = details["client"]?.string ?? (details["interaction"] == nil ? nil : body["actor"]?.string)
        people = Set(
            (body["revisions"]?.object?.names ?? []).filter { $0.hasPrefix("person/") }.map { String($0.dropFirst(7)) })
        let items = EntryItems.read(details) ?? TracedEntry.search(details, of: entry.patient).map { [$0] } ?? []
        // Entries written before they were listed name them in their items alone.
        patients =
            body["patients"]?.strings ?? entry.patient.map { [$0] }
            ?? Set(items.compactMap { $0["patient"]?.string }).sorted()
        self.items = items
        resources = EntryResources.read(details, of: patients)
    }

    package var isDecision: Bool { kind == EntryDraft.Kind.decision.rawValue }

    /// The same entry, as far as it is about somebody: what one call asked about several people is told to each of them
    /// without the others.
    /// - Parameter identifiers: those of one person.
    package func about(_ identifiers: Set<PatientIdentifier>) -> TracedEntry {
        let own = Set(identifiers.map(\.value))
        guard !patients.allSatisfy(own.contains) else { return self }
        var part = self
        part.isPart = true
        part.patients = patients.filter(own.contains)
        part.items = items.compactMap { item in
            if item["search"] != nil {
                // Only a search of patients is about several: it found them.
                var item = item
                item["found"] = .array((item["found"]?.array ?? []).filter { $0.string.map(own.contains) ?? false })
                return item
            }
            return item["patient"]?.string.map(own.contains) == true ? item : nil
        }
        part.resources = resources.compactMap { resource in
            let patients = resource.patients.filter(own.contains)
            return patients.isEmpty ? nil : (resource.name, patients)
        }
        return part
    }

    private static func search(_ details: JSONObject, of patient: String?) -> JSONObject? {
        guard details["search"] != nil else { return nil }
        var item = JSONObject()
        for name in ["search", "subject", "action", "resource", "purpose", "found", "ignored"] {
            item[name] = details[name]
        }
        item["patient"] = patient.map(JSONValue.string)
        return item
    }
}

extension TracedEntry {
    /// Who asked one of the questions.
    package enum Asker: Hashable, Sendable {
        /// The account of a person's own token, or the one that an application asserts.
        case account(String)
        /// By the national identifier, where the application is entitled to it.
        case professional(ProfessionalIdentifier)
        /// The application, for itself.
        case application
    }

    /// As the decision looked them up. A search of who can has nobody but the application to ask it.
    package func asker(of item: JSONObject) -> Asker {
        let subject = item["subject"]
        if subject?["proven"]?.bool == true, let actor { return .account(actor) }
        guard let id = subject?["id"]?.string else {
            // Searches told nothing of their token before.
            return actor.map { $0 == client ? .application : .account($0) } ?? .application
        }
        if subject?["type"]?.string == "system" { return .application }
        if let professional = ProfessionalIdentifier(prefixed: id) { return .professional(professional) }
        return .account(id)
    }

    /// Those whose persons tell who it was.
    package var accounts: Set<String> {
        var accounts = Set(
            items.compactMap { item in if case .account(let account) = asker(of: item) { account } else { nil } })
        if let actor, actor != client { accounts.insert(actor) }
        return accounts
    }
}

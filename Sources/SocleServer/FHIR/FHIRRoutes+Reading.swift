// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleAudit
import SocleFHIR
import SocleIdentity
import SocleJSON

extension FHIRRoutes {
    private static let notFound = FHIRRefusal(404, .notFound, "there is no such resource")
    private static let unavailable = FHIRRefusal(503, .transient, "the records cannot be reached for now")

    func read(
        _ reference: Reference, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        switch reference.type {
        case "Device":
            guard reference.id == "socle" else { throw Self.notFound }
            return .fhir(AuditEvent.device)
        case "AuditEvent":
            guard let position = AuditEvent.position(of: reference.id) else { throw Self.notFound }
            let entry = try await reach { () async throws(FHIRUnavailable) in try await records.entry(position) }
            guard let entry else { throw Self.notFound }
            guard let event = try await events([TracedEntry(entry)]).first else { throw Self.notFound }
            // All that it tells, of all whom it names.
            try await journalRead([(reference.text, nil)], event.patients, caller)
            return .fhir(.object(event.json))
        default:
            let version = try await reach { () async throws(FHIRUnavailable) in
                try await presenter.present(reference)
                return try await records.current(reference)
            }
            guard let version else { throw Self.notFound }
            // That nothing changed tells of the patient too.
            try await journalRead([version], caller)
            if request.headers[.ifNoneMatch].flatMap(EntityTag.version) == version.version {
                return .empty(.notModified, headers: [.eTag: EntityTag.text(version.version)])
            }
            return .version(version)
        }
    }

    func versionRead(
        _ reference: Reference, _ number: Int64, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        let version = try await reach { () async throws(FHIRUnavailable) in
            try await presenter.present(reference)
            return try await records.version(reference, number)
        }
        guard let version else { throw Self.notFound }
        try await journalRead([version], caller)
        return .version(version)
    }

    func history(
        _ reference: Reference, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        let form = try Self.form { () throws(FormError) in try Form(query: request.query) }
        let query = try HistoryQuery(form)
        var versions = try await reach { () async throws(FHIRUnavailable) in
            try await presenter.present(reference)
            return try await records.history(reference, before: query.before, limit: query.count + 1)
        }
        guard !versions.isEmpty || query.before != nil else { throw Self.notFound }
        let link = "\(base)/\(reference.text)/_history"
        let asked = form.fields.filter { $0.name != "_page" }.map { ($0.name, $0.value) }
        var next: String?
        if versions.count > query.count {
            versions.removeLast()
            next = versions.last.map { page(link, asked, PageToken.text(after: String($0.version))) }
        }
        // A resource may have been about somebody else before.
        if !versions.isEmpty { try await journalRead(versions, caller) }
        return .fhir(Bundles.history(versions, base: base, link: page(link, asked, nil), next: next))
    }

    func search(_ type: String, _ form: Form, _ caller: FHIRCaller) async throws(FHIRRefusal) -> WebResponse {
        guard let type = ResourceType(rawValue: type) else { return try await events(form, caller) }
        let said = try SearchQuery(type, parameters: form.fields.map { ($0.name, $0.value) }, base: base)
        var (query, versions, incomplete) = try await reach { () async throws(FHIRUnavailable) in
            // What is recorded of one person is decided on together, and shown so.
            var merges: [PatientIdentifier: [PatientIdentifier]] = [:]
            for patient in said.patients(base: base) { merges[patient] = try await records.identifiers(of: patient) }
            let query = said.following(merges, base: base)
            let incomplete = try await presenter.present(for: query)
            return (query, try await records.search(query), incomplete)
        }
        let more = versions.count > query.count
        if more { versions.removeLast(versions.count - query.count) }
        let link = "\(base)/\(type.rawValue)"
        let asked = form.fields.filter { $0.name != "_page" }.map { ($0.name, $0.value) }
        let next = more ? versions.last.map { page(link, asked, PageToken.text(after: $0.reference.id)) } : nil
        var found: [EntryResources.Named] = versions.map { ($0.reference.text, patient(of: $0)) }
        // Of whom nothing is found, that is told.
        let named = query.patients(base: base).subtracting(found.compactMap(\.patient))
        found += named.sorted { $0.value < $1.value }.map { (type.rawValue, $0) }
        try await journalRead(
            found.isEmpty ? [(type.rawValue, nil)] : found, Set(found.compactMap(\.patient)), caller)
        return .fhir(
            Bundles.searchSet(
                versions.map(\.content), base: base, link: page(link, asked, nil), next: next,
                incomplete: incomplete))
    }

    private func page(_ link: String, _ asked: [(name: String, value: String)], _ token: String?) -> String {
        let pairs = asked + (token.map { [(name: "_page", value: $0)] } ?? [])
        return pairs.isEmpty ? link : "\(link)?\(Form.encode(pairs))"
    }

    /// What the journal holds of one patient, and of nobody else: no search of it goes without naming one.
    private func events(_ form: Form, _ caller: FHIRCaller) async throws(FHIRRefusal) -> WebResponse {
        let query = try AuditEventQuery(form, base: base)
        var trail = try await reach { () async throws(FHIRUnavailable) in
            try await records.trail(
                of: query.patient, from: query.from, to: query.to, before: query.before, limit: query.count + 1)
        }
        let more = trail.entries.count > query.count
        if more { trail.entries.removeLast() }
        let events = try await events(trail.entries.map { TracedEntry($0).about(trail.identifiers) })
        let link = "\(base)/AuditEvent"
        let asked = form.fields.filter { $0.name != "_page" }.map { ($0.name, $0.value) }
        let next = more ? events.last.map { page(link, asked, AuditEventQuery.token($0.place)) } : nil
        try await journalRead([("AuditEvent", nil)], trail.identifiers, caller)
        return .fhir(Bundles.searchSet(events.map(\.json), base: base, link: page(link, asked, nil), next: next))
    }

    private func events(_ entries: [TracedEntry]) async throws(FHIRRefusal) -> [AuditEvent] {
        let people = try await reach { () async throws(FHIRUnavailable) in
            try await records.people(of: Set(entries.flatMap(\.accounts)))
        }
        return entries.map { AuditEvent($0, people: people, base: base) }
    }

    // MARK: The journal

    private func journalRead(_ versions: [StoredVersion], _ caller: FHIRCaller) async throws(FHIRRefusal) {
        let read: [EntryResources.Named] = versions.map {
            ("\($0.reference.text)/_history/\($0.version)", patient(of: $0))
        }
        try await journalRead(read, Set(read.compactMap(\.patient)), caller)
    }

    /// Nothing about a patient leaves before the journal holds who asked for it. Places and professionals are public.
    private func journalRead(
        _ resources: [EntryResources.Named], _ patients: Set<PatientIdentifier>, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) {
        let about = ["Patient", "Consent", "CareTeam", "RelatedPerson", "AuditEvent"]
        guard !patients.isEmpty || resources.contains(where: { read in about.contains { read.name.hasPrefix($0) } })
        else { return }
        var details: JSONObject = ["interaction": "read"]
        EntryResources.write(resources, of: patients, in: &details)
        let entry = EntryDraft(
            kind: .administration, instant: clock(), actor: caller.client, patients: patients,
            details: details)
        guard
            case .committed = try? await lane.commit(Submission(entry: entry, stamp: caller.stamp))
        else { throw Self.unavailable }
    }

    private func patient(of version: StoredVersion) -> PatientIdentifier? {
        if version.reference.type == "Patient" { return PatientIdentifier(version.reference.id) }
        let element = version.content["patient"] ?? version.content["subject"]
        return element?["reference"]?.string.flatMap { Reference($0, base: base) }
            .flatMap { $0.type == "Patient" ? PatientIdentifier($0.id) : nil }
    }

    private func reach<Value>(
        _ read: () async throws(FHIRUnavailable) -> Value
    ) async throws(FHIRRefusal) -> Value {
        do throws(FHIRUnavailable) {
            return try await read()
        } catch {
            logger.error("the records cannot be read", metadata: ["detail": "\(error.detail)"])
            throw Self.unavailable
        }
    }
}

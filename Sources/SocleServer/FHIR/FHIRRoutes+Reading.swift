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
    private static let historyPage = 50
    private static let eventPage = 50

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
            let event = AuditEvent(entry, base: base)
            try await journalRead([reference.text], event.patients, caller)
            return .fhir(.object(event.json))
        default:
            let version = try await reach { () async throws(FHIRUnavailable) in
                try await presenter.present(reference)
                return try await records.current(reference)
            }
            guard let version else { throw Self.notFound }
            if request.headers[.ifNoneMatch].flatMap(EntityTag.version) == version.version {
                return .empty(.notModified, headers: [.eTag: EntityTag.text(version.version)])
            }
            try await journalRead(version, caller)
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
        try await journalRead(version, caller)
        return .version(version)
    }

    /// Paged by version: `_page` is the last version of the page before.
    func history(
        _ reference: Reference, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        var before: Int64?
        if let token = request.query.flatMap({ try? Form(query: $0) })?["_page"] {
            guard let number = PageToken.id(of: token).flatMap({ Int64($0) }) else {
                throw FHIRRefusal(400, .value, "`_page` is no page of ours")
            }
            before = number
        }
        let start = before
        var versions = try await reach { () async throws(FHIRUnavailable) in
            try await presenter.present(reference)
            return try await records.history(reference, before: start, limit: Self.historyPage + 1)
        }
        guard !versions.isEmpty || before != nil else { throw Self.notFound }
        let link = "\(base)/\(reference.text)/_history"
        var next: String?
        if versions.count > Self.historyPage {
            versions.removeLast()
            next = versions.last.map { "\(link)?_page=\(PageToken.text(after: String($0.version)))" }
        }
        if let newest = versions.first { try await journalRead(newest, caller) }
        return .fhir(Bundles.history(versions, base: base, link: link, next: next))
    }

    func search(_ type: String, _ form: Form, _ caller: FHIRCaller) async throws(FHIRRefusal) -> WebResponse {
        guard let type = ResourceType(rawValue: type) else { return try await events(type, form, caller) }
        let query = try SearchQuery(type, parameters: form.fields.map { ($0.name, $0.value) }, base: base)
        var (versions, incomplete) = try await reach { () async throws(FHIRUnavailable) in
            let incomplete = try await presenter.present(for: query)
            return (try await records.search(query), incomplete)
        }
        let more = versions.count > query.count
        if more { versions.removeLast(versions.count - query.count) }
        let link = "\(base)/\(type.rawValue)"
        let asked = form.fields.filter { $0.name != "_page" }.map { ($0.name, $0.value) }
        let next = more ? versions.last.map { page(link, asked, PageToken.text(after: $0.reference.id)) } : nil
        try await journalRead(
            versions.isEmpty ? [type.rawValue] : versions.map(\.reference.text),
            Set(versions.compactMap { patient(of: $0) }), caller)
        return .fhir(
            Bundles.searchSet(
                versions.map(\.content), base: base, link: page(link, asked, nil), next: next,
                incomplete: incomplete))
    }

    private func page(_ link: String, _ asked: [(name: String, value: String)], _ token: String?) -> String {
        let pairs = asked + (token.map { [(name: "_page", value: $0)] } ?? [])
        return pairs.isEmpty ? link : "\(link)?\(Form.encode(pairs))"
    }

    /// What the journal holds of one patient: no search of it goes without naming one.
    private func events(_ type: String, _ form: Form, _ caller: FHIRCaller) async throws(FHIRRefusal) -> WebResponse {
        guard type == "AuditEvent" else {
            return .fhir(
                Bundles.searchSet(
                    [AuditEvent.device.object].compactMap(\.self), base: base, link: "\(base)/Device", next: nil))
        }
        let query = try AuditEventQuery(form, base: base)
        var entries = try await reach { () async throws(FHIRUnavailable) in
            try await records.entries(
                of: query.patient, from: query.from, to: query.to, before: query.before, limit: Self.eventPage + 1)
        }
        let more = entries.count > Self.eventPage
        if more { entries.removeLast() }
        let events = entries.map { AuditEvent($0, base: base) }
        let link = "\(base)/AuditEvent"
        let asked = form.fields.filter { $0.name != "_page" }.map { ($0.name, $0.value) }
        let next = more ? events.last.map { page(link, asked, AuditEventQuery.token($0.place)) } : nil
        // An event about several patients tells of each.
        try await journalRead(["AuditEvent"], events.reduce([query.patient]) { $0.union($1.patients) }, caller)
        return .fhir(Bundles.searchSet(events.map(\.json), base: base, link: page(link, asked, nil), next: next))
    }

    // MARK: The journal

    private func journalRead(_ version: StoredVersion, _ caller: FHIRCaller) async throws(FHIRRefusal) {
        try await journalRead(
            ["\(version.reference.text)/_history/\(version.version)"], patient(of: version).map { [$0] } ?? [], caller)
    }

    /// Nothing about a patient leaves before the journal holds who asked for it. Places and professionals are public.
    private func journalRead(
        _ resources: [String], _ patients: Set<PatientIdentifier>, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) {
        let about = ["Patient", "Consent", "CareTeam", "RelatedPerson", "AuditEvent"]
        guard !patients.isEmpty || resources.contains(where: { name in about.contains { name.hasPrefix($0) } }) else {
            return
        }
        let entry = EntryDraft(
            kind: .administration, instant: clock(), actor: caller.client, patients: patients,
            details: ["interaction": "read", "resources": JSONValue(resources)])
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

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// What the records call those whom entries name by a number. Nobody is called by a name they had then: it is today's.
struct JournalNames: Sendable {
    var people: [String: AccountLink.Person] = [:]
    var professionals: [ProfessionalIdentifier: String] = [:]
    var patients: [PatientIdentifier: String] = [:]
    var structures: [String: String] = [:]
    /// By `sub`.
    var accounts: [String: String] = [:]

    func named(_ professional: ProfessionalIdentifier) -> String {
        Self.both(professionals[professional], professional.value)
    }

    func named(_ patient: PatientIdentifier) -> String { Self.both(patients[patient], patient.value) }

    func named(structure: String) -> String { Self.both(structures[structure], structure) }

    func named(account: String) -> String { Self.both(accounts[account], account) }

    /// Of those close to a patient the records hold no name but their account's.
    func named(_ id: String, ofAccount account: String) -> String { Self.both(accounts[account], id) }

    /// A result of a search is a professional, a structure, or a thing of no name.
    func named(found: String) -> String {
        let number = found.hasPrefix("rpps:") ? String(found.dropFirst(5)) : found
        let name = ProfessionalIdentifier(number).flatMap { professionals[$0] } ?? structures[found]
        return Self.both(name, found)
    }

    private static func both(_ name: String?, _ id: String) -> String {
        name.map { $0.isEmpty ? id : "\($0) (\(id))" } ?? id
    }
}

extension JournalNames {
    /// Looks up whom these entries name, once each.
    mutating func learn(
        _ entries: [TracedEntry], people: [String: AccountLink.Person], in node: Installation
    ) async throws(CommandFailure) {
        self.people.merge(people) { $1 }
        let records = StoredAccessRecords(database: node.database)
        do throws(SocleAccess.RecordsUnavailable) {
            for entry in entries {
                for account in entry.accounts { try await learn(entry.person(account, people), account, node) }
                for item in entry.items {
                    if case .professional(let id) = entry.asker(of: item) { try await learn(id, records) }
                    if let place = item["subject"]?["situation"]?.string { try await learn(place, records) }
                    for found in (item["found"]?.array ?? []).compactMap(\.string).prefix(EntryText.found) {
                        let number = found.hasPrefix("rpps:") ? String(found.dropFirst(5)) : found
                        if let id = ProfessionalIdentifier(number) { try await learn(id, records) }
                        try await learn(found, records)
                    }
                }
            }
        } catch {
            throw CommandFailure("the names cannot be read: \(error.detail)")
        }
    }

    private mutating func learn(
        _ person: AccountLink.Person?, _ account: String, _ node: Installation
    ) async throws(SocleAccess.RecordsUnavailable) {
        let records = StoredAccessRecords(database: node.database)
        switch person {
        case .professional(let id): try await learn(id, records)
        case .patient(let id, _):
            if patients[id] == nil { patients[id] = try await records.file(of: id).patient?.name ?? "" }
        case .relatedPerson, .administrator, nil:
            guard accounts[account] == nil else { return }
            let known = try? await StoredAccounts(node.database).account(subject: account)
            accounts[account] = known?.displayName ?? ""
        }
    }

    private mutating func learn(
        _ professional: ProfessionalIdentifier, _ records: StoredAccessRecords
    ) async throws(SocleAccess.RecordsUnavailable) {
        guard professionals[professional] == nil else { return }
        professionals[professional] = try await records.professional(professional)?.name ?? ""
    }

    private mutating func learn(
        _ structure: String, _ records: StoredAccessRecords
    ) async throws(SocleAccess.RecordsUnavailable) {
        guard structures[structure] == nil, let id = StructureIdentifier(structure) else { return }
        structures[structure] = try await records.structure(id)?.name ?? ""
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// The region, the services and the accounts of a demonstration, put into an installation.
struct Demonstration: Sendable {
    let installation: Installation
    let secrets: DemoSecrets

    /// Loads what is not there yet, everything journalled: a second start finds all of it and writes nothing; a start
    /// after an interrupted one completes it.
    func load() async throws {
        async let loaded: Void = loadRecords()
        async let accounts: Void = loadAccounts()
        _ = try await (loaded, accounts)
    }

    /// Patients of the crowd are numbered from here on when there are more than the region has by itself.
    static let firstOfMore = 1001

    /// Loads as many more patients, for measuring: a part at a time, so that a million never stand in memory.
    func load(morePatients count: Int) async throws {
        let region = try Region()
        let records = StoredAccessRecords(database: installation.database)
        let last = Self.firstOfMore + count - 1
        for first in stride(from: Self.firstOfMore, through: last, by: 5_000) {
            let numbers = first...min(first + 4_999, last)
            let known = try await records.file(of: try Region.patient("PAT-\(numbers.upperBound)")).patient
            guard known == nil else { continue }
            try await commit(
                try region.patients(numbered: numbers).patientSubmissions(at: installation.clock()))
        }
    }

    private func loadRecords() async throws {
        let clients = StoredClients(installation.database)
        var missing: [DemoService] = []
        for service in DemoService.all where try await clients.client(service.id) == nil { missing.append(service) }
        guard !missing.isEmpty else { return }
        try await installation.publishFirstPolicies()
        // Before the services: their presence says that the region is there, whole.
        try await commit(try Region().submissions(at: installation.clock()))
        try await commit(try missing.map { try submission(of: $0) })
    }

    private func submission(of service: DemoService) throws(CommandFailure) -> Submission {
        let secret = secrets.clients[service.id].map { Secret($0) }
        let registration = service.clientRegistration(secret: secret)
        guard let client = registration.client(vault: installation.vault, random: installation.random) else {
            throw CommandFailure("the client `\(service.id)`: " + registration.faults.joined(separator: ", "))
        }
        return Submission(
            changes: [OAuthChange.createClient(client), AccessChange.register(service.registration)],
            entry: EntryDraft(
                kind: .administration, instant: installation.clock(), actor: "operator",
                details: [
                    "event": "client_created", "client": .string(service.id), "access": service.registration.json,
                ]))
    }

    private func loadAccounts() async throws {
        let records = StoredAccounts(installation.database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for account in DemoAccount.all {
                guard let login = Login(account.login), let secret = secrets.accounts[account.login],
                    try await records.account(login: login) == nil
                else { continue }
                let new = NewAccount(
                    subject: secret.subject, login: login, displayName: account.name, password: secret.password,
                    seed: secret.totpSeed,
                    person: account.professional.flatMap { ProfessionalIdentifier($0) }.map { .professional($0) }
                        ?? .administrator(roles: account.adminRoles))
                // One task each: a password's hash takes 40 ms, and nothing else runs on these threads yet.
                group.addTask {
                    let changes = new.changes(
                        vault: installation.vault, random: installation.random, displayName: account.name,
                        now: installation.clock())
                    try await commit([
                        Submission(
                            changes: changes,
                            entry: EntryDraft(
                                kind: .administration, instant: installation.clock(), actor: "operator",
                                details: new.entry))
                    ])
                }
            }
            try await group.waitForAll()
        }
    }

    /// All at once, so that the lane commits them in few transactions. What is refused is there already.
    private func commit(_ submissions: [Submission]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for submission in submissions {
                group.addTask { _ = try await installation.lane.commit(submission) }
            }
            try await group.waitForAll()
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleStore

/// An installation opened by one process, server or command: its store, keys, and the lane with a chain of its own.
/// Everything a process writes goes through that lane.
struct Installation: Sendable {
    let configuration: Configuration
    let database: any WritableDatabase
    let keys: KeyDirectory
    let lane: StoreLane
    /// Seals client secrets and TOTP seeds.
    let vault: Vault
    let random: SecureRandom
    let clock: @Sendable () -> Instant

    /// Opens all of it, in the order in which each needs the one before: a fault says which.
    /// - Parameter checkpoints: of an embedded store, who makes them.
    /// - Throws: `CommandFailure`, with the cure where there is one.
    static func open(
        _ configuration: Configuration, random: SecureRandom = .system,
        clock: @escaping @Sendable () -> Instant = SystemClock.now, checkpoints: SQLiteDatabase.Checkpoints = .own
    ) async throws(CommandFailure) -> Installation {
        let master = try MasterKey.read(configuration.keys.master)
        let keys = try KeyDirectory(configuration.keys, master: master, clock: clock)
        do {
            let database = try openDatabase(configuration.database, checkpoints: checkpoints)
            try database.assertDurable()
            try database.migrate()
            let lane = try await StoreLane.open(
                database, signer: try journalSigner(keys), random: random, clock: clock)
            let vault = try await DataKey.loadOrCreate(
                database: database, lane: lane, masterKey: Vault(key: master.unredacted), random: random, at: clock())
            return Installation(
                configuration: configuration, database: database, keys: keys, lane: lane, vault: vault,
                random: random, clock: clock)
        } catch let error as CommandFailure {
            throw error
        } catch let error as StoreError {
            throw CommandFailure("the database: \(error.detail)")
        } catch {
            throw CommandFailure("the installation cannot be opened: \(error)")
        }
    }

    static func openDatabase(
        _ storage: Configuration.Storage, checkpoints: SQLiteDatabase.Checkpoints
    ) throws(StoreError) -> any WritableDatabase {
        switch storage {
        case .sqlite(let path): try SQLiteDatabase(path: path, checkpoints: checkpoints)
        case .postgresql(let conninfo): try PostgresDatabase(conninfo: conninfo)
        }
    }

    /// Openings and checkpoints are signed by the journal's own key.
    static func journalSigner(_ keys: KeyDirectory) throws(CommandFailure) -> JournalSigner {
        let (id, key) = try keys.journalKey()
        return JournalSigner(
            keyID: id, sign: { try key.sign($0) },
            verify: { id, message, signature in
                keys.journalVerificationKey(id)?.verify(signature, message, algorithm: .edDSA)
            })
    }

    /// The chain's closing entry and a last checkpoint: to be called once, after everything else has stopped.
    func close() async {
        await lane.close()
        guard let failures = lane.takeFailures(), failures.unsigned > 0 else { return }
        Console.warn("the journal's last entries have no checkpoint: \(failures.detail)")
    }

    /// Opens for the time of one command.
    static func using<Value>(
        _ configuration: Configuration, _ body: (Installation) async throws -> Value
    ) async throws -> Value {
        let installation = try await open(configuration, checkpoints: .left)
        do {
            let value = try await body(installation)
            await installation.close()
            return value
        } catch {
            await installation.close()
            throw error
        }
    }
}

extension Installation {
    /// One submission of a command.
    /// - Throws: `refusal` when a change found its precondition false.
    func commit(
        _ changes: [any RecordChange], _ entry: EntryDraft, refusal: @autoclosure () -> String
    ) async throws(CommandFailure) {
        let outcome: CommitOutcome
        do throws(LaneUnavailable) {
            outcome = try await lane.commit(Submission(changes: changes, entry: entry))
        } catch {
            throw CommandFailure("nothing was written: \(error.detail)")
        }
        guard case .committed = outcome else { throw CommandFailure(refusal()) }
    }

    /// Nothing is shown of patients before the journal holds that it was.
    func journal(
        reading event: String, of patients: Set<PatientIdentifier>, _ details: JSONObject = [:]
    ) async throws(CommandFailure) {
        guard !patients.isEmpty else { return }
        var details = details
        details["event"] = .string(event)
        try await commit(
            [],
            EntryDraft(
                kind: .administration, instant: clock(), actor: "operator", patients: patients, details: details),
            refusal: "nothing was written")
    }
}

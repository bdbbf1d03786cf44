// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleStore

/// `socle journal`: says what the journal proves, gives the checkpoint to keep outside, and tells what it holds of one
/// patient. Only the last writes anything: who was told.
struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "Verify the journal, keep its checkpoint, list what it holds of a patient.",
        subcommands: [Verify.self, LastCheckpoint.self, List.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the whole journal and say what it proves.",
            discussion: "Exit status 1 when an entry, a chain or a checkpoint is not as it was written.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("A checkpoint that was kept outside.", valueName: "file"))
        var checkpoint: String?
        @Option(help: ArgumentHelp("How old an entry is before its body may be erased.", valueName: "years"))
        var retention = JournalRetention.usual.years
        @Flag(help: "Print one JSON object.") var json = false

        func validate() throws {
            guard JournalRetention(years: retention) != nil else {
                throw ValidationError("--retention must be from 1 to 100 years")
            }
        }

        func run() async throws {
            let outside = try checkpoint.map(JournalCommand.readCheckpoint)
            let source = try JournalCommand.source(installation)
            let verifier = JournalVerifier(
                verify: source.verification, outside: outside, retention: JournalRetention(years: retention) ?? .usual,
                at: SystemClock.now())
            let report: JournalReport
            do throws(StoreError) {
                report = try await JournalReader(source.database).verify(with: verifier) { count in
                    if count > 0, count.isMultiple(of: 100_000) { Console.warn("\(count) entries read") }
                }
            } catch {
                throw CommandFailure("the journal cannot be read: \(error.detail)")
            }
            if json { Console.print(json: report.json) } else { Console.print(report.text) }
            guard report.isSound else { throw ExitCode.failure }
        }
    }

    struct LastCheckpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint",
            abstract: "Print the last signed checkpoint, to be kept where this installation cannot change it.")

        @OptionGroup var installation: InstallationOptions
        @OptionGroup var form: AlwaysJSON

        func run() async throws {
            let source = try JournalCommand.source(installation)
            let last: SignedCheckpoint?
            do throws(StoreError) {
                last = try await JournalReader(source.database).lastCheckpoint()
            } catch {
                throw CommandFailure("the journal cannot be read: \(error.detail)")
            }
            guard let last else { throw CommandFailure("the journal holds no checkpoint yet") }
            Console.print(json: last.json)
        }
    }

    private static func source(
        _ installation: InstallationOptions
    ) throws -> (database: any WritableDatabase, verification: JournalSigner.Verification) {
        let configuration = try installation.configuration()
        let master = try MasterKey.read(configuration.keys.master)
        let keys = try KeyDirectory(configuration.keys, master: master, clock: SystemClock.now)
        let database: any WritableDatabase
        do throws(StoreError) {
            database = try Installation.openDatabase(configuration.database, checkpoints: .left)
        } catch {
            throw CommandFailure("the database: \(error.detail)")
        }
        return (
            database,
            { id, message, signature in
                keys.journalVerificationKey(id)?.verify(signature, message, algorithm: .edDSA)
            }
        )
    }

    private static func readCheckpoint(_ path: String) throws -> SignedCheckpoint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path): cannot be read")
        }
        guard let json = try? JSONValue(parsing: Array(data)), let checkpoint = SignedCheckpoint(json: json) else {
            throw CommandFailure("\(path): is not a checkpoint: `socle journal checkpoint` prints one")
        }
        return checkpoint
    }
}

extension JournalReport {
    var text: String {
        var lines = [
            "\(entries) entries in \(chains) chains (\(openChains) not closed), \(checkpoints) checkpoints"
        ]
        if erasedBodies > 0 { lines.append("\(erasedBodies) bodies erased after \(retention.years) years") }
        lines += faults.map(\.description)
        lines.append(conclusion)
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        func proof(_ proof: Proof?) -> JSONValue {
            proof.map { ["checkpoint": .integer($0.checkpoint), "instant": .string($0.instant.description)] } ?? .null
        }
        return [
            "sound": .bool(isSound), "entries": .integer(entries), "chains": .integer(Int64(chains)),
            "open_chains": .integer(Int64(openChains)), "erased_bodies": .integer(erasedBodies),
            "retention_years": .integer(Int64(retention.years)),
            "checkpoints": .integer(checkpoints), "last_checkpoint": proof(lastCheckpoint), "proved": proof(outside),
            "faults": .array(faults.map(\.json)), "conclusion": .string(conclusion),
        ]
    }
}

extension JournalFault {
    var json: JSONValue {
        switch place {
        case .entry(let position):
            [
                "chain": .string(position.chain), "sequence": .integer(position.sequence),
                "fault": .string(kind.rawValue),
            ]
        case .checkpoint(let number): ["checkpoint": .integer(number), "fault": .string(kind.rawValue)]
        }
    }
}

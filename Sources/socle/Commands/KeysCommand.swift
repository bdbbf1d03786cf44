// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleJSON

/// `socle keys`: the signing keys of an installation, listed and rotated. A running server needs no restart.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "List and rotate the signing keys.", subcommands: [List.self, Rotate.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show each key: identifier, algorithm, use, state and since when.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            KeysCommand.show(try KeysCommand.directory(installation), json: json)
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn the token keys: next becomes current, current becomes previous, a next one is made.",
            discussion: """
                An algorithm without a next key only gets one: rotate again once clients have read it. A previous key
                is published for seven days, so that what it signed still verifies. A server turns its keys by itself
                (`keys.rotation`); keys in a hardware module turn there, and in `keys.pkcs11`.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: ArgumentHelp("Only this algorithm (ES256, RS256, ECDH-ES…); may be repeated."))
        var algorithm: [KeyAlgorithm] = []
        @Flag(help: "Print JSON.") var json = false

        func run() async throws {
            let algorithms = algorithm.isEmpty ? nil : algorithm
            let (waiting, keys) = try await Installation.using(installation.configuration()) { node in
                // Before the files: an entry that tells of a turn that then failed is better than a turn untold.
                try await node.commit(
                    [], EntryDraft(kind: .keyUse, instant: node.clock(), actor: "operator", details: entry),
                    refusal: "the rotation cannot be journalled")
                return (try node.keys.rotate(algorithms), node.keys)
            }
            KeysCommand.show(keys, json: json)
            for algorithm in waiting {
                Console.warn(
                    "\(algorithm.name): a next key is published; rotate again once clients have read it")
            }
        }

        private var entry: JSONObject {
            ["event": "keys_rotated", "algorithms": algorithm.isEmpty ? "all" : JSONValue(algorithm.map(\.name))]
        }
    }

    private static func directory(_ installation: InstallationOptions) throws -> KeyDirectory {
        let keys = try installation.configuration().keys
        let master = try MasterKey.read(keys.master)
        return try KeyDirectory(keys, master: master, clock: SystemClock.now)
    }

    private static func show(_ keys: KeyDirectory, json: Bool) {
        let records = keys.records
        if json {
            Console.print(json: ["keys": .array(records.map(\.json) + keys.hardware.keys.map(\.json))])
            return
        }
        for key in keys.hardware.keys {
            Console.print(
                [key.id, key.key.algorithm.rawValue, "tokens", key.state.rawValue, key.uri].joined(separator: "  "))
        }
        for record in records {
            Console.print(
                [
                    record.id, record.algorithm.name, record.use.rawValue, record.state.rawValue,
                    record.since.description,
                ].joined(separator: "  "))
        }
    }
}

extension SignatureAlgorithm: ExpressibleByArgument {}

extension KeyAlgorithm: ExpressibleByArgument {
    package init?(argument: String) { self.init(name: argument) }
}

extension HardwareKeys.Key {
    fileprivate var json: JSONValue {
        [
            "id": .string(id), "algorithm": .string(key.algorithm.rawValue), "use": "tokens",
            "state": .string(state.rawValue), "uri": .string(uri),
        ]
    }
}

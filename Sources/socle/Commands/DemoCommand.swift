// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Logging
import SocleAccess
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// Where a demonstration lives.
struct DemoPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Directory of the demonstration, made when absent; without it, a temporary one, removed at exit.",
            valueName: "dir"))
    var data: String?
}

/// A group, as the place is: of a flag of its own in each, the command would take what its subcommand was given.
struct DemoForm: ParsableArguments {
    @Flag(help: "Print one JSON object: of the demonstration, on its first line once the port accepts connections.")
    var json = false
}

/// `socle demo`: a whole region on one machine, in one command.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run Socle over a synthetic region, on this machine only.",
        subcommands: [DemoCodeCommand.self])

    @OptionGroup var place: DemoPlace
    @Option(help: "Port on loopback; 0 picks a free one.")
    var port = 8080
    @OptionGroup var form: DemoForm
    @Option(help: ArgumentHelp("Patients to load besides those of the region.", visibility: .hidden))
    var morePatients = 0
    @Option(help: ArgumentHelp("MB for the facts kept in memory.", visibility: .hidden))
    var factsMemory: Int?
    @Option(help: ArgumentHelp("Questions a second of one application.", visibility: .hidden))
    var rate: Int?

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be from 0 to 65535") }
        guard (1...1_000_000).contains(rate ?? 1) else { throw ValidationError("--rate must be from 1 to 1000000") }
    }

    func run() async throws {
        LogLines.start(level: .warning)
        let directory = try DemoDirectory(making: place.data)
        defer { if directory.isTemporary { directory.remove() } }
        let secrets = try DemoSecrets.loadOrCreate(directory, random: .system)
        var configuration = try directory.configuration(port: LoopbackPort.choose(port))
        if let factsMemory { configuration.decisions.factsMemory = factsMemory << 20 }
        if let rate { configuration.decisions.rate = rate }
        let installation = try await Installation.open(configuration)
        let (node, summary): (Node, DemoSummary)
        do {
            let demonstration = Demonstration(installation: installation, secrets: secrets)
            try await demonstration.load()
            if morePatients > 0 { try await demonstration.load(morePatients: morePatients) }
            node = try Node(installation, logger: Logger(label: "socle"))
            summary = try await node.summary(directory, secrets)
        } catch {
            await installation.close()
            throw error
        }
        let json = form.json
        try await node.run { _ in
            if json {
                Console.print(json: summary.json)
            } else {
                Console.print(summary.text)
            }
        }
        if json {
            // The last line, for whoever measures.
            let (hits, misses, bytes) = node.facts.figures
            Console.print(json: [
                "facts_memory": [
                    "hits": .integer(Int64(hits)), "misses": .integer(Int64(misses)), "bytes": .integer(Int64(bytes)),
                ]
            ])
        }
    }
}

/// `socle demo code LOGIN --data DIR`: the second factor, for those without a telephone at hand.
struct DemoCodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "code", abstract: "Print the current one-time code of a demonstration account.")

    @Argument(help: "The account's login.")
    var login: String
    @OptionGroup var place: DemoPlace
    @OptionGroup var form: DemoForm

    func validate() throws {
        guard place.data != nil else { throw ValidationError("give --data, the directory of the demonstration") }
    }

    func run() async throws {
        let secrets = try DemoSecrets.load(DemoDirectory(existing: place.data ?? ""))
        guard let account = secrets.accounts[login], let totp = TOTP(seed: account.totpSeed) else {
            let known = secrets.accounts.keys.sorted().joined(separator: ", ")
            throw CommandFailure("no account `\(login)` here: there are \(known)")
        }
        let code = totp.code(at: TOTP.step(at: SystemClock.now().seconds))
        if form.json {
            Console.print(json: ["login": .string(login), "code": .string(code)])
        } else {
            Console.print(code)
        }
    }
}

extension Node {
    /// What to print: the accounts with their situations, as the sign-in would offer them.
    func summary(_ directory: DemoDirectory, _ secrets: DemoSecrets) async throws -> DemoSummary {
        var accounts: [DemoSummary.Account] = []
        let records = StoredAccounts(installation.database)
        for person in DemoAccount.all {
            guard let login = Login(person.login), let secret = secrets.accounts[person.login],
                let account = try await records.account(login: login)
            else { continue }
            accounts.append(
                DemoSummary.Account(
                    account: person, secret: secret,
                    situations: try await registry.situations(of: account, at: installation.clock())))
        }
        return DemoSummary(
            issuer: installation.configuration.issuer.description, directory: directory, accounts: accounts,
            secrets: secrets.clients)
    }
}

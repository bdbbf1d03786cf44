// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Logging

/// `socle serve --config FILE`: the production form.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve, as a configuration file says.",
        discussion: "Stop with SIGTERM: requests under way are answered first. docs/operations.md tells every setting.")

    @Option(help: ArgumentHelp("A YAML file; SOCLE_* variables go over it.", valueName: "file"))
    var config: String

    func run() async throws {
        let configuration = try Configuration(file: config)
        LogLines.start(level: configuration.log.level)
        let logger = Logger(label: "socle")
        for name in configuration.unknownVariables {
            logger.warning("a variable names no setting", metadata: ["variable": "\(name)"])
        }
        let installation = try await Installation.open(configuration)
        let node: Node
        do {
            // Another policy directory is no version of the region's.
            if configuration.access == nil { try await installation.publishFirstPolicies() }
            node = try Node(installation, logger: logger)
        } catch {
            await installation.close()
            throw error
        }
        try await node.run { port in
            logger.notice("ready", metadata: ["issuer": "\(configuration.issuer)", "port": "\(port)"])
        }
    }
}

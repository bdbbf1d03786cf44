// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser

/// `--data DIR` or `--config FILE`: which installation a command works on.
struct InstallationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Directory of a `socle demo`.", valueName: "dir"))
    var data: String?
    @Option(help: ArgumentHelp("Configuration file of a `socle serve`.", valueName: "file"))
    var config: String?

    func validate() throws {
        guard (data == nil) != (config == nil) else { throw ValidationError("give either --data or --config") }
    }

    /// Read anew by each command: the same values as the server's, whatever the port.
    func configuration() throws -> Configuration {
        if let config { return try Configuration(file: config) }
        let directory = try DemoDirectory(existing: data ?? "")
        return try directory.configuration(port: 0)
    }
}

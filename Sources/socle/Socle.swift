// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser

@main struct Socle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "socle")
    func run() async throws {}
}

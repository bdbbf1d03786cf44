// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleCedar
import SocleJSON

/// `socle cedar format`: the same policies, laid out; comments are kept.
struct CedarFormat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format", abstract: "Lay out policies in the text form.",
        discussion: "Prints the result; with --check, prints nothing and exits with status 1 when it would differ.")

    @Option(help: ArgumentHelp("Policies in the text form.", valueName: "file")) var policies: String
    @Flag(help: "Only tell whether the file is laid out so.") var check = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let text = try CedarFile.text(policies)
        let formatted: String
        do { formatted = try PolicyFormatter.format(text) } catch { throw CedarFile.failure(policies, error) }
        let same = formatted.utf8.elementsEqual(text.utf8)
        if json {
            Console.print(json: check ? ["formatted": .bool(same)] : ["policies": .string(formatted)])
        } else if !check {
            FileHandle.standardOutput.write(Data(formatted.utf8))
        }
        if check, !same { throw ExitCode(1) }
    }
}

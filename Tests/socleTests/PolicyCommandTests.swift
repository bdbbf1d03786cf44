// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import Testing

@testable import socle

@Suite("Commands on policies · check, test, diff")
struct PolicyCommandTests {
    /// The policies of the build in a folder, one file changed.
    private func folder(in prepared: Prepared, _ file: String, _ change: (String) -> String) throws -> String {
        var text = try PolicyFolder.read(nil)
        text.files[file] = change(text.files[file] ?? "")
        let folder = prepared.folder.path + "/policies"
        try FileManager.default.createDirectory(
            atPath: folder + "/invariants", withIntermediateDirectories: true)
        for (name, contents) in text.files {
            try contents.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
        }
        return folder
    }

    @Test("a file that holds no scenario proves nothing, and is refused", arguments: ["", "\n \n"])
    func noScenario(text: String) throws {
        let prepared = try Prepared()
        let file = try prepared.write(text, as: "scenarios.jsonl")
        let outcome = try Binary.run(["policy", "test", file])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.error.contains("\(file): holds no scenario"))
    }

    @Test("a parameter given twice, or to what can be no service, is refused with its line")
    func parameters() throws {
        let prepared = try Prepared()
        let folder = try folder(in: prepared, "parameters.csv") {
            $0 + "portal,circle,consent,\nportal,circle,information,\npoint acces,circle,consent,\n"
        }
        let outcome = try Binary.run(["policy", "check", "--policies", folder])
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.error.contains("`circle` of `portal` is given again"))
        #expect(outcome.error.contains("`point acces` can be no service"))
    }

    @Test("a service that no application belongs to is told, where an installation is given") func stranger() throws {
        let prepared = try Prepared()
        let created = try prepared.run("client", "create", "--id", "a", "--service", "portal")
        #expect(created.status == 0, "\(created.error)")
        let folder = try folder(in: prepared, "parameters.csv") {
            $0 + "portal,circle,consent,\nportail,circle,consent,\n"
        }
        let alone = try Binary.run(["policy", "check", "--policies", folder])
        #expect(alone.status == 0 && alone.error.isEmpty)
        let checked = try prepared.run("policy", "check", "--policies", folder)
        #expect(checked.status == 0)
        #expect(checked.error == "parameters.csv: no application belongs to the service `portail`\n")
    }

    @Test("a parameter or a cell that differs is said to change answers, whatever the count of combinations")
    func heading() throws {
        let prepared = try Prepared()
        let settings = try folder(in: prepared, "parameters.csv") { $0 + "portal,block_stops_emergency,false,\n" }
        let flipped = try Binary.run(["policy", "diff", "build", settings]).output.split(separator: "\n")
        let none = "combinations of facts compared: the policies answer 0 of them otherwise"
        #expect(flipped.first?.hasSuffix(none) == true)
        #expect(flipped.dropFirst().first == "and answers change by what is not in that count: parameters: 1")
        let cells = try folder(in: prepared, "matrix.csv") { $0.replacing(",allow,", with: ",deny,") }
        let closed = try Binary.run(["policy", "diff", "build", cells]).output
        #expect(closed.contains("not in that count: cells of the matrix: "))
        let same = try Binary.run(["policy", "diff", "build", "build"]).output
        #expect(!same.contains("answers change"))
    }

    @Test("in French everything is, save what a version says in its own words") func french() throws {
        let prepared = try Prepared()
        let wrong = try folder(in: prepared, "13-opposition.cedar") {
            $0.replacing("&& context.opposition\n", with: "&& context.opposition && action != Action::\"search\"\n")
        }
        let checked = try Binary.run(["policy", "check", "--policies", wrong, "--language", "fr"])
        #expect(checked.status == 1)
        for words in [
            " politiques, ", " combinaisons", "ÉCHEC opposition :", "en défaut à ", "par exemple :", "là : ",
            " autorise",
            " en échec", "ok   order : la première politique",
        ] { #expect(checked.output.contains(words), "\(words)") }
        for words in ["FAIL", "broken", "there", "proved", "combinations", "permits"] {
            #expect(!checked.output.contains(words), "\(words)")
        }
        let told = try Binary.run(["policy", "diff", "build", wrong, "--language", "fr"]).output
        for words in ["faits comparées : les politiques", "OUVRE ", "refusé ", "politiques : 1", "NON VÉRIFIÉ "] {
            #expect(told.contains(words), "\(words)")
        }
        for words in ["OPENS", "refused", "permitted", "policies", "NOT CHECKED", "otherwise"] {
            #expect(!told.contains(words), "\(words)")
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess

/// The policies a command works on: those of a folder, or those the binary carries.
enum PolicyFolder {
    static func read(_ folder: String?) throws(CommandFailure) -> PolicyText {
        guard let folder else {
            return PolicyText(files: EmbeddedResources.folder("policies").filter { isPolicyFile($0.key) })
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CommandFailure("\(folder): cannot be read: give a folder of policies")
        }
        let invariants = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/invariants")) ?? []
        var text = PolicyText(files: [:])
        for name in names + invariants.map({ "invariants/\($0)" })
        where isPolicyFile(name) {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                let contents = String(data: data, encoding: .utf8)
            else { throw CommandFailure("\(folder)/\(name): is not readable as UTF-8 text") }
            text.files[name] = contents
        }
        return text
    }

    private static func isPolicyFile(_ name: String) -> Bool {
        [".cedar", ".csv", ".cedarschema"].contains(where: name.hasSuffix)
    }
}

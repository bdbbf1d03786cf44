// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleStore

extension Installation {
    /// Puts the policies of the build, or of the configured folder, in force as version 1 where none was ever
    /// published. Later versions are people's affair: two of them, and never a restart.
    func publishFirstPolicies() async throws {
        let records = StoredAccessRecords(database: database)
        guard try await records.activePolicy() == nil else { return }
        let text = PolicyText(files: try Self.policyFiles(configuration.policies))
        do {
            let submission = try PolicyPublication.submission(
                text, number: 1, author: "build", approver: "operator", at: clock())
            // Refused when another node was first: its version is in force then.
            _ = try await lane.commit(submission)
        } catch let faults as PolicyFaults {
            throw CommandFailure("the policies cannot be published: \(faults)")
        }
    }

    /// The files of a folder of policies by name; those of the build without one.
    static func policyFiles(_ folder: String?) throws(CommandFailure) -> [String: String] {
        guard let folder else { return EmbeddedResources.folder("policies") }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CommandFailure("\(folder): cannot be read: give a folder of policies")
        }
        var files: [String: String] = [:]
        for name in names.sorted() where !name.hasPrefix(".") {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            guard let text = String(data: data, encoding: .utf8) else {
                throw CommandFailure("\(folder)/\(name): is not UTF-8 text")
            }
            files[name] = text
        }
        return files
    }
}

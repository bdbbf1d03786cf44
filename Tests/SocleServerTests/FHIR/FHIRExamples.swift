// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON
import Testing

/// The published examples, beside the project.
enum FHIRExamples {
    /// Nil when the shared data is not there: a skip, and a failure where CI says so.
    static func folder(_ name: String) throws -> [(name: String, json: JSONValue)]? {
        let environment = ProcessInfo.processInfo.environment
        let shared =
            environment["SOCLE_VECTORS"].map { URL(filePath: $0) } ?? SharedData.root.appending(path: "../shared")
        let folder = shared.appending(path: "domain/fhir-examples/\(name)")
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            if environment["CI"] == "true" { Issue.record("no shared data at \(folder.path)") }
            print("skipped: no shared data at \(folder.path); set SOCLE_VECTORS")
            return nil
        }
        return try files.sorted().map { file in
            (file, try JSONValue(parsing: try Data(contentsOf: folder.appending(path: file))))
        }
    }
}

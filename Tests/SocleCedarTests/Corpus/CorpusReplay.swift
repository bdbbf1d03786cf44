// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCedar
import Testing

/// Replays whole folders of cases and counts them.
struct CorpusReplay {
    var cases = 0
    var requests = 0

    init(_ files: [URL], relativeTo root: URL) throws {
        for file in files.sorted(by: { $0.path < $1.path }) {
            do {
                let corpusCase = try CorpusCase(file, relativeTo: root)
                for mismatch in try corpusCase.mismatches() { Issue.record(Comment(rawValue: mismatch)) }
                cases += 1
                requests += corpusCase.requests.count
            } catch {
                Issue.record("\(file.lastPathComponent): \(error)")
            }
        }
    }

    /// The files below a folder whose name satisfies the condition.
    static func files(below folder: URL, where isWanted: (String) -> Bool) throws -> [URL] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter(isWanted).map {
            folder.appendingPathComponent($0)
        }
    }
}

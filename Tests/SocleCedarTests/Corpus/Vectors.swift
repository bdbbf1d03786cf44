// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import TestSupport

/// Where the published Cedar data lies: `$SOCLE_VECTORS/vectors/cedar`, by default `../shared` beside the package.
enum Vectors {
    /// Nil when the data is not there; the suites that need it are then skipped, except in CI, where they fail.
    static let folder: URL? = {
        let base: URL
        if let named = ProcessInfo.processInfo.environment["SOCLE_VECTORS"] {
            base = URL(fileURLWithPath: named, isDirectory: true)
        } else {
            let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            base = package.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
        }
        let folder = base.appendingPathComponent("vectors/cedar", isDirectory: true)
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// False lets a suite be skipped with its reason; in CI the suite runs and fails on the missing data.
    static let isReplayed = folder != nil || ProcessInfo.processInfo.environment["CI"] == "true"

    static let absence = "the Cedar data is absent: set SOCLE_VECTORS to the folder that holds `vectors/cedar`"

    struct Absent: Error, CustomStringConvertible { var description: String { Vectors.absence } }

    static func required() throws -> URL {
        guard let folder else { throw Absent() }
        return folder
    }

    static func text(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: required().appendingPathComponent(path)), as: UTF8.self)
    }

    /// What `tar` or `gzip` makes of a packed file, in a temporary folder the caller removes.
    static func unpacked(_ archive: String) throws -> URL {
        let target = FileManager.default.temporaryDirectory.appendingPathComponent("socle-cedar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        try Program.output("tar", ["-xzf", try required().appendingPathComponent(archive).path, "-C", target.path])
        return target
    }

    static func lines(gzipped path: String) throws -> [String] {
        let output = try Program.output("gzip", ["-dc", try required().appendingPathComponent(path).path])
        return output.split(separator: "\n").map(String.init)
    }

}

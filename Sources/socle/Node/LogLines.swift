// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Logging
import SocleIdentity
import SocleJSON

/// One JSON object a line on standard error: `time`, `level`, `logger`, `message`, and the metadata beside them.
/// Standard output is left to what a command answers.
struct LogLines: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    static func start(level: Logger.Level) {
        LoggingSystem.bootstrap { LogLines(label: $0, level: level) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: JSONObject = [
            "time": .string(SystemClock.now().description), "level": .string(event.level.rawValue),
            "logger": .string(label), "message": .string(event.message.description),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where line[key] == nil {
            line[key] = .string(value.description)
        }
        // One write a line: lines of several threads do not mix below the size of a pipe's buffer.
        // Where it cannot be written, on a full disk, what it tells of goes on all the same.
        try? FileHandle.standardError.write(contentsOf: Data(JSONValue.object(line).bytes + [0x0A]))
    }
}

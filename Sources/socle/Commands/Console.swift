// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON
import Synchronization

/// What commands read and write beside their own files: standard input and output.
enum Console {
    /// Written at once, even into a pipe: another program may be waiting for the line.
    static func print(_ line: String) {
        write(Data((line + "\n").utf8))
    }

    static func print(json value: JSONValue) {
        write(Data(value.bytes + [0x0A]))
    }

    /// Nothing tells of a standard error that cannot be written.
    static func warn(_ line: String) {
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Why standard output took no more: what a command does still ends as it should, and then it has failed.
    static var failure: CommandFailure? { lost.withLock { $0 } }

    private static let lost = Mutex<CommandFailure?>(nil)

    private static func write(_ bytes: Data) {
        guard failure == nil else { return }
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            lost.withLock { $0 = CommandFailure("standard output cannot be written: \(error.localizedDescription)") }
        }
    }

    /// A secret given on standard input: its first line, without the line end.
    /// - Throws: when there is none, or it is longer than `limit` bytes or not UTF-8.
    static func secretLine(_ name: String, limit: Int = 1024) throws(CommandFailure) -> String {
        guard let line = readLine(strippingNewline: true), !line.isEmpty else {
            throw CommandFailure("no \(name) on standard input: give it as one line")
        }
        guard line.utf8.count <= limit else {
            throw CommandFailure("the \(name) is longer than \(limit) bytes")
        }
        return line
    }
}

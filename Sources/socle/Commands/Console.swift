// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleJSON

/// What commands read and write beside their own files: standard input and output.
enum Console {
    /// Written at once, even into a pipe: another program may be waiting for the line.
    static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func print(json value: JSONValue) {
        FileHandle.standardOutput.write(Data(value.bytes + [0x0A]))
    }

    static func warn(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
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

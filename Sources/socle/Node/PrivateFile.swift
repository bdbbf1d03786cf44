// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto

/// A file only its owner may read, written whole or not at all.
enum PrivateFile {
    /// Writes beside the file, makes that durable, and renames it into place: a reader sees the old or the new text.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                close(descriptor)
                throw failure(path)
            }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(draft, path) == 0 else { throw failure(path) }
    }

    /// A secret that stands alone on the file's one line, which other users of the machine must not be able to read.
    static func secretLine(_ path: String, what: String) throws(CommandFailure) -> Secret {
        var status = stat()
        guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure("\(path): cannot be read: it must hold \(what)")
        }
        guard status.st_mode & 0o007 == 0 else {
            throw CommandFailure("\(path): every user of this machine may read it: `chmod 600 \(path)`")
        }
        let line = data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else { throw CommandFailure("\(path): must hold \(what) on its first line") }
        return Secret(Array(line))
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
}

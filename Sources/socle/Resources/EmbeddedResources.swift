// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CResources

/// The files the binary carries, so that it runs from any directory.
enum EmbeddedResources {
    /// The bytes of one file; nil when nothing of that path is embedded.
    static func bytes(_ path: String) -> [UInt8]? {
        all.first { String(cString: $0.path) == path }.map {
            Array(UnsafeBufferPointer(start: $0.bytes, count: $0.count))
        }
    }

    static func text(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The files of a folder, by their names within it.
    static func folder(_ name: String) -> [String: String] {
        let prefix = name + "/"
        var files: [String: String] = [:]
        for resource in all {
            let path = String(cString: resource.path)
            guard path.hasPrefix(prefix) else { continue }
            let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.count)
            files[String(path.dropFirst(prefix.count))] = String(decoding: bytes, as: UTF8.self)
        }
        return files
    }

    private static var all: UnsafeBufferPointer<socle_resource> {
        var count = 0
        let first = socle_resources(&count)
        return UnsafeBufferPointer(start: first, count: count)
    }
}

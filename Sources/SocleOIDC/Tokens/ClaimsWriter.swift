// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// Writes the members of one JSON object as bytes: tokens are issued too often to build a tree for each.
package struct ClaimsWriter {
    private var bytes: [UInt8] = []

    package init(reservingCapacity capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
        bytes.append(UInt8(ascii: "{"))
    }

    package mutating func write(_ name: StaticString, _ value: String) {
        start(name)
        JSONValue.string(value).write(to: &bytes)
    }

    /// Nothing for nil.
    package mutating func write(_ name: StaticString, _ value: String?) {
        if let value { write(name, value) }
    }

    /// As a NumericDate (RFC 7519 §2): whole seconds.
    package mutating func write(_ name: StaticString, _ value: Instant) { write(name, value.seconds) }

    package mutating func write(_ name: StaticString, _ value: Int64) {
        start(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func write(_ name: StaticString, _ value: Bool) {
        start(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    package mutating func write(_ name: StaticString, _ values: [String]) {
        start(name)
        bytes.append(UInt8(ascii: "["))
        for (index, value) in values.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONValue.string(value).write(to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Members of an object, whose names the caller knows to differ from those written.
    package mutating func write(_ object: JSONObject) {
        for member in object.members {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            JSONValue.string(member.name).write(to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.write(to: &bytes)
        }
    }

    package consuming func finish() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Names are ours and need no escape.
    private mutating func start(_ name: StaticString) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\":".utf8)
    }
}

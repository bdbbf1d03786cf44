// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One JSON value as its compact text: made once, then journalled, hashed or sent as it is.
package struct JSONText: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(_ value: JSONValue) { bytes = value.bytes }
    package init(_ object: JSONObject) { self.init(.object(object)) }

    /// An object, written member by member: no tree is made of what nobody will look at as one.
    package init(object write: (inout Members) -> Void) {
        var members = Members()
        members.bytes.reserveCapacity(960)
        members.open()
        write(&members)
        members.close()
        bytes = members.bytes
    }

    /// The members of an object that is being written.
    package struct Members: JSONMembers {
        fileprivate var bytes: [UInt8] = []
        private var isFirst = true

        package mutating func append(unique name: String, _ value: JSONValue) {
            begin(name)
            value.write(to: &bytes)
        }

        package mutating func append(unique name: String, _ value: String?) {
            guard let value else { return }
            begin(name)
            JSONValue.write(value, to: &bytes)
        }

        package mutating func append(unique name: String, _ values: [String]) {
            begin(name)
            bytes.append(UInt8(ascii: "["))
            for index in values.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONValue.write(values[index], to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }

        package mutating func append(unique name: String, object write: (inout Members) -> Void) {
            begin(name)
            open()
            write(&self)
            close()
        }

        package mutating func append(_ part: Part) {
            guard !part.bytes.isEmpty else { return }
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(contentsOf: part.bytes)
        }

        package mutating func append(unique name: String, _ texts: [JSONText]) {
            begin(name)
            bytes.append(UInt8(ascii: "["))
            for index in texts.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: texts[index].bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }

        /// A list of one object.
        package mutating func append(unique name: String, listing write: (inout Members) -> Void) {
            begin(name)
            bytes.append(UInt8(ascii: "["))
            open()
            write(&self)
            close()
            bytes.append(UInt8(ascii: "]"))
        }

        private mutating func begin(_ name: String) {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONValue.write(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        }

        fileprivate mutating func open() {
            bytes.append(UInt8(ascii: "{"))
            isFirst = true
        }

        fileprivate mutating func close() {
            bytes.append(UInt8(ascii: "}"))
            isFirst = false
        }
    }

    /// Some members of an object, written once for the many objects that will have them.
    package struct Part: Sendable {
        fileprivate let bytes: [UInt8]

        package init(_ write: (inout Members) -> Void) {
            var members = Members()
            write(&members)
            bytes = members.bytes
        }
    }

    /// The value again, for who must look into it; nil is never of a text that was made here.
    package var value: JSONValue? {
        try? JSONValue(parsing: bytes, limits: JSONLimits(bytes: bytes.count, depth: 64, values: bytes.count))
    }

    package subscript(name: String) -> JSONValue? { value?[name] }

    package var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// What members are appended to, in order: a tree, or its text.
package protocol JSONMembers {
    /// - Precondition: the name is not there yet, here and below.
    mutating func append(unique name: String, _ value: JSONValue)
    /// Nothing for nil.
    mutating func append(unique name: String, _ value: String?)
    mutating func append(unique name: String, _ values: [String])
    mutating func append(unique name: String, object write: (inout Self) -> Void)
}

extension JSONObject: JSONMembers {
    package mutating func append(unique name: String, _ values: [String]) { append(unique: name, JSONValue(values)) }

    package mutating func append(unique name: String, object write: (inout JSONObject) -> Void) {
        var object = JSONObject(reservingCapacity: 4)
        write(&object)
        append(unique: name, .object(object))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a reader accepts. The defaults suit a request body.
package struct JSONLimits: Sendable {
    package var bytes: Int
    /// How many arrays and objects may stand around a value.
    package var depth: Int
    /// Values in all, so that a small body cannot become a large tree.
    package var values: Int

    package init(bytes: Int = 1 << 20, depth: Int = 32, values: Int = 100_000) {
        self.bytes = bytes
        self.depth = depth
        self.values = values
    }
}

/// Why a text is not acceptable JSON, and at which byte.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package enum Fault: String, Sendable {
        case tooLarge = "the text is too long"
        case tooDeep = "nested too deeply"
        case tooManyValues = "too many values"
        case unexpectedEnd = "the text ends early"
        case unexpectedByte = "unexpected character"
        case invalidString = "invalid string"
        case invalidNumber = "invalid number"
        case invalidUTF8 = "invalid UTF-8"
        case duplicateMember = "duplicate member"
        case trailingText = "text after the value"
    }

    package var fault: Fault
    package var offset: Int
    package var description: String { "\(fault.rawValue) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON text, whole (RFC 8259; I-JSON's unique members, RFC 7493 §2.3).
    package init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        guard bytes.count <= limits.bytes else { throw JSONError(fault: .tooLarge, offset: limits.bytes) }
        var reader = JSONReader(bytes: Array(bytes), limits: limits)
        self = try reader.text()
    }

    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }
}

/// A recursive-descent reader over bytes; recursion is bounded by `limits.depth`.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    var offset = 0
    var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func text() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw error(.trailingText) }
        return value
    }

    private func error(_ fault: JSONError.Fault) -> JSONError { JSONError(fault: fault, offset: offset) }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard offset < bytes.count else { throw error(.unexpectedEnd) }
        return bytes[offset]
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= limits.depth else { throw error(.tooDeep) }
        values += 1
        guard values <= limits.values else { throw error(.tooManyValues) }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let count = text.utf8CodeUnitCount
        let matches = text.withUTF8Buffer { bytes[offset...].prefix(count).elementsEqual($0) }
        guard matches else { throw error(.unexpectedByte) }
        offset += count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        offset += 1
        var object = JSONObject(reservingCapacity: 4)
        var names: Set<String> = []
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            offset += 1
            return object
        }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let start = offset
            let name = try string()
            // A set only once it pays: most objects have a handful of members.
            let repeated =
                object.members.count < 8
                ? object.members.contains { $0.name == name }
                : !names.insert(name).inserted
            if object.members.count == 7 { names.formUnion(object.members.map(\.name) + [name]) }
            guard !repeated else { throw JSONError(fault: .duplicateMember, offset: start) }
            skipSpace()
            guard try peek() == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
            offset += 1
            object.append(unique: name, try value(depth: depth + 1))
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                return object
            default: throw error(.unexpectedByte)
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        offset += 1
        var array: [JSONValue] = []
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            offset += 1
            return array
        }
        while true {
            array.append(try value(depth: depth + 1))
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                offset += 1
                return array
            default: throw error(.unexpectedByte)
            }
        }
    }

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let text = try checked(bytes.span.extracting(start..<offset))
                offset += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error(.invalidString) }
            offset += 1
        }
        throw error(.unexpectedEnd)
    }

    /// A third of the time of `String(validating:as:)`, whose generic code looks its types up at each call.
    private func checked(_ text: Span<UInt8>) throws(JSONError) -> String {
        do { return String(copying: try UTF8Span(validating: text)) } catch { throw self.error(.invalidUTF8) }
    }

    /// The rest of a string that holds at least one escape; `offset` is on the first.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                let string = try checked(text.span)
                offset += 1
                return string
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &text)
            case 0..<0x20: throw error(.invalidString)
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw error(.unexpectedEnd)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let byte = try peek()
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = UInt32(try hexUnit())
            if (0xD800..<0xDC00).contains(scalar) {
                guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                    bytes[offset + 1] == UInt8(ascii: "u")
                else { throw error(.invalidString) }
                offset += 2
                let low = UInt32(try hexUnit())
                guard (0xDC00..<0xE000).contains(low) else { throw error(.invalidString) }
                scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let unicode = Unicode.Scalar(scalar) else { throw error(.invalidString) }
            text.append(contentsOf: UTF8.encode(unicode).map { Array($0) } ?? [])
        default: throw error(.invalidString)
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard offset + 4 <= bytes.count else { throw error(.unexpectedEnd) }
        var unit: UInt16 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error(.invalidString)
            }
            unit = unit << 4 | UInt16(digit)
        }
        offset += 4
        return unit
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        func digit(_ i: Int) -> Bool { i < bytes.count && (0x30...0x39).contains(bytes[i]) }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        guard digit(offset) else { throw error(offset == start ? .unexpectedByte : .invalidNumber) }
        if bytes[offset] == UInt8(ascii: "0") {
            offset += 1
            guard !digit(offset) else { throw error(.invalidNumber) }
        } else {
            while digit(offset) { offset += 1 }
        }
        var whole = true
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            whole = false
            offset += 1
            guard digit(offset) else { throw error(.invalidNumber) }
            while digit(offset) { offset += 1 }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            whole = false
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            guard digit(offset) else { throw error(.invalidNumber) }
            while digit(offset) { offset += 1 }
        }
        guard offset - start <= 64 else { throw error(.invalidNumber) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if whole {
            guard let integer = Int64(text) else { throw error(.invalidNumber) }
            return .integer(integer)
        }
        guard let double = Double(text), double.isFinite else { throw error(.invalidNumber) }
        return .double(double)
    }
}

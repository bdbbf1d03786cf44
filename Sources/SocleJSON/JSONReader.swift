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
        self = try JSONView(parsing: bytes, limits: limits).value
    }

    package init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }
}

/// A recursive-descent reader over bytes, which checks everything and notes where each value stands; recursion is
/// bounded by `limits.depth`.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSONLimits
    var offset = 0
    var values = 0
    /// In the order of the text, members before what they hold.
    var nodes: [JSONNode] = []

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
        // A kilobyte: what most questions take, and the most that is quick to allocate.
        nodes.reserveCapacity(min(bytes.count / 8, 56) + 2)
    }

    mutating func text() throws(JSONError) {
        // What a node can point at.
        guard bytes.count < Int(UInt32.max) else { throw error(.tooLarge) }
        try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw error(.trailingText) }
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

    private mutating func value(depth: Int) throws(JSONError) {
        guard depth <= limits.depth else { throw error(.tooDeep) }
        values += 1
        guard values <= limits.values else { throw error(.tooManyValues) }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: try number()
        }
    }

    private mutating func note(
        _ kind: JSONNode.Kind, from start: Int, to end: Int, _ spelling: JSONNode.Spelling = .ascii
    ) {
        nodes.append(
            JSONNode(
                kind: kind, spelling: spelling, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1)))
    }

    private mutating func literal(_ text: StaticString, _ kind: JSONNode.Kind) throws(JSONError) {
        let count = text.utf8CodeUnitCount
        let matches = text.withUTF8Buffer { bytes[offset...].prefix(count).elementsEqual($0) }
        guard matches else { throw error(.unexpectedByte) }
        note(kind, from: offset, to: offset + count)
        offset += count
    }

    private mutating func object(depth: Int) throws(JSONError) {
        let place = nodes.count
        note(.object, from: offset, to: 0)
        offset += 1
        var count = 0
        var names: Set<String> = []
        skipSpace()
        if try peek() == UInt8(ascii: "}") {
            offset += 1
            return
        }
        while true {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let start = offset
            let name = nodes.count
            try string()
            // A set only once it pays: most objects have a handful of members.
            if count < 8 {
                var other = place + 1
                while other < name {
                    guard !areSame(nodes[other], nodes[name]) else {
                        throw JSONError(fault: .duplicateMember, offset: start)
                    }
                    if count == 7 { names.insert(nodes[other].string(in: bytes)) }
                    other = Int(nodes[other + 1].next)
                }
                if count == 7 { names.insert(nodes[name].string(in: bytes)) }
            } else if !names.insert(nodes[name].string(in: bytes)).inserted {
                throw JSONError(fault: .duplicateMember, offset: start)
            }
            count += 1
            skipSpace()
            guard try peek() == UInt8(ascii: ":") else { throw error(.unexpectedByte) }
            offset += 1
            try value(depth: depth + 1)
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                close(place, count)
                return
            default: throw error(.unexpectedByte)
            }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) {
        let place = nodes.count
        note(.array, from: offset, to: 0)
        offset += 1
        var count = 0
        skipSpace()
        if try peek() == UInt8(ascii: "]") {
            offset += 1
            return
        }
        while true {
            try value(depth: depth + 1)
            count += 1
            skipSpace()
            switch try peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                offset += 1
                close(place, count)
                return
            default: throw error(.unexpectedByte)
            }
        }
    }

    private mutating func close(_ place: Int, _ count: Int) {
        nodes[place].end = UInt32(count)
        nodes[place].next = UInt32(nodes.count)
    }

    private func areSame(_ a: JSONNode, _ b: JSONNode) -> Bool {
        guard a.spelling == .ascii, b.spelling == .ascii else { return a.string(in: bytes) == b.string(in: bytes) }
        guard a.end - a.start == b.end - b.start else { return false }
        return bytes[Int(a.start)..<Int(a.end)].elementsEqual(bytes[Int(b.start)..<Int(b.end)])
    }

    private mutating func string() throws(JSONError) {
        offset += 1
        let start = offset
        var seen: UInt8 = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                if seen >= 0x80 { try check(bytes.span.extracting(start..<offset)) }
                note(.string, from: start, to: offset, seen < 0x80 ? .ascii : .utf8)
                offset += 1
                return
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error(.invalidString) }
            seen |= byte
            offset += 1
        }
        throw error(.unexpectedEnd)
    }

    private func check(_ text: Span<UInt8>) throws(JSONError) {
        do { _ = try UTF8Span(validating: text) } catch { throw self.error(.invalidUTF8) }
    }

    /// The rest of a string that holds at least one escape; `offset` is on the first.
    private mutating func escapedString(from start: Int) throws(JSONError) {
        var escapes = JSONEscapes(bytes: bytes, offset: offset)
        while escapes.offset < bytes.count {
            let byte = bytes[escapes.offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset = escapes.offset
                // An escape is ASCII, so that the text is UTF-8 as it stands if what it says is.
                try check(bytes.span.extracting(start..<offset))
                note(.string, from: start, to: offset, .escaped)
                offset += 1
                return
            case UInt8(ascii: "\\"):
                do throws(JSONError) { _ = try escapes.next() } catch {
                    offset = error.offset
                    throw error
                }
            case 0..<0x20: throw JSONError(fault: .invalidString, offset: escapes.offset)
            default: escapes.offset += 1
            }
        }
        throw JSONError(fault: .unexpectedEnd, offset: escapes.offset)
    }

    private mutating func number() throws(JSONError) {
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
        note(whole ? .integer : .double, from: start, to: offset)
        let node = nodes[nodes.count - 1]
        guard whole ? node.integer(in: bytes) != nil : node.double(in: bytes) != nil else {
            throw error(.invalidNumber)
        }
    }
}

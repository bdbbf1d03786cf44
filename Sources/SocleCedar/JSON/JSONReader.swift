// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Reads JSON: no fraction, no duplicate name, bounded nesting; time and memory in proportion to the text.
struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private let maximumDepth: Int
    /// How many objects and arrays may stand in one another, when nothing else is said.
    static let usualDepth = 512

    static func read(_ text: String, maximumDepth: Int = usualDepth) throws(JSONFault) -> JSON {
        var reader = JSONReader(bytes: Array(text.utf8), maximumDepth: maximumDepth)
        let value = try reader.value(0)
        reader.skipBlanks()
        guard reader.index == reader.bytes.count else { throw reader.fault("more text after the value") }
        return value
    }

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private func fault(_ what: String) -> JSONFault {
        JSONFault(path: .root, message: "\(what) (byte \(index))")
    }

    private mutating func skipBlanks() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[index...].starts(with: word.utf8) else { return false }
        index += word.utf8.count
        return true
    }

    private mutating func value(_ depth: Int) throws(JSONFault) -> JSON {
        guard depth <= maximumDepth else { throw fault("more than \(maximumDepth) levels of nesting") }
        skipBlanks()
        guard index < bytes.count else { throw fault("the text ends where a value is expected") }
        switch Unicode.Scalar(bytes[index]) {
        case "{": return .object(try members(depth))
        case "[": return .array(try elements(depth))
        case "\"": return .string(try string())
        case "-", "0"..."9": return .integer(try integer())
        default:
            if takeWord("true") { return .bool(true) }
            if takeWord("false") { return .bool(false) }
            if takeWord("null") { return .null }
            throw fault("this is not a value")
        }
    }

    private mutating func elements(_ depth: Int) throws(JSONFault) -> [JSON] {
        _ = take("[")
        skipBlanks()
        var elements: [JSON] = []
        if take("]") { return elements }
        repeat {
            elements.append(try value(depth + 1))
            skipBlanks()
        } while take(",")
        guard take("]") else { throw fault("`,` or `]` is expected") }
        return elements
    }

    private mutating func members(_ depth: Int) throws(JSONFault) -> [(name: String, value: JSON)] {
        _ = take("{")
        skipBlanks()
        var members: [(name: String, value: JSON)] = []
        var names: Set<Text> = []
        if take("}") { return members }
        repeat {
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw fault("a name is expected") }
            let name = try string()
            guard names.insert(Text(name)).inserted else { throw fault("the name `\(name)` is given twice") }
            skipBlanks()
            guard take(":") else { throw fault("`:` is expected") }
            members.append((name, try value(depth + 1)))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw fault("`,` or `}` is expected") }
        return members
    }

    private mutating func integer() throws(JSONFault) -> Int64 {
        let isNegative = take("-")
        let digits = bytes[index...].prefix { (0x30...0x39).contains($0) }
        index = digits.endIndex
        guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw fault("this is not a number")
        }
        if index < bytes.count, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[index]) {
            throw fault("a number with a fraction or an exponent has no meaning here")
        }
        guard let magnitude = Digits.unsigned(digits), let value = Digits.signed(magnitude, isNegative: isNegative)
        else { throw fault("this number does not fit in 64 bits") }
        return value
    }

    private mutating func string() throws(JSONFault) -> String {
        index += 1
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: Array(String(try escape()).utf8))
            case ..<0x20: throw fault("a control character in a string")
            default: text.append(byte)
            }
        }
        throw fault("this string is not closed")
    }

    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        guard index < bytes.count else { throw fault("this string is not closed") }
        let letter = Unicode.Scalar(bytes[index])
        index += 1
        switch letter {
        case "\"", "\\", "/": return letter
        case "b": return "\u{8}"
        case "f": return "\u{c}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u":
            let unit = try unit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // A high surrogate is worth nothing without the low one that follows it.
            guard unit < 0xDC00, takeWord("\\u") else { throw fault("half of a character") }
            let low = try self.unit()
            guard (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            else { throw fault("half of a character") }
            return scalar
        default: throw fault("`\\\(letter)` is not an escape in JSON")
        }
    }

    private mutating func unit() throws(JSONFault) -> UInt32 {
        guard index + 4 <= bytes.count else { throw fault("four hexadecimal digits are expected") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let nibble = StringLiteral.hexadecimal(byte) else {
                throw fault("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(nibble)
        }
        index += 4
        return value
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The characters between two quotes of a Cedar text: escapes out and in.
///
/// - Source: Cedar language reference, strings: the escapes of Rust (`\n \r \t \\ \0 \' \" \x7F \u{10FFFF}`), and
///   `\*` in the pattern of `like`.
enum StringLiteral {
    /// A character read from a literal, and whether it is a star written `\*`: any other star of a pattern stands for
    /// a run of characters, even one written as a code (`\u{2a}`).
    struct Element {
        var scalar: Unicode.Scalar
        var isLiteralStar = false
    }

    enum Fault: Error { case invalid(escape: String) }

    /// What the source denotes, one element per code point.
    static func elements(_ source: String, allowingStar: Bool) throws(Fault) -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(source.utf8.count)
        var scalars = source.unicodeScalars[...]
        while let first = scalars.popFirst() {
            switch first {
            case "\\" where allowingStar && scalars.first == "*":
                scalars.removeFirst()
                elements.append(Element(scalar: "*", isLiteralStar: true))
            case "\\": elements.append(Element(scalar: try escape(&scalars)))
            // A bare carriage return changes with the editor that saved the file, and the meaning with it.
            case "\r": throw .invalid(escape: "carriage return")
            default: elements.append(Element(scalar: first))
            }
        }
        return elements
    }

    static func unescaped(_ source: String) throws(Fault) -> String {
        guard source.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\r") }) else {
            return source
        }
        var text = String.UnicodeScalarView()
        for element in try elements(source, allowingStar: false) { text.append(element.scalar) }
        return String(text)
    }

    private static func escape(_ rest: inout Substring.UnicodeScalarView) throws(Fault) -> Unicode.Scalar {
        guard let letter = rest.popFirst() else { throw .invalid(escape: "\\") }
        switch letter {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "0": return "\0"
        case "\\", "'", "\"": return letter
        case "x":
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = number(digits), value < 0x80, let scalar = Unicode.Scalar(value)
            else { throw .invalid(escape: "\\x\(String(digits))") }
            rest = rest.dropFirst(2)
            return scalar
        case "u":
            let shown = "\\u\(String(rest.prefix(9)))"
            guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}") else { throw .invalid(escape: shown) }
            let digits = rest[..<end].filter { $0 != "_" }
            guard rest.first != "_", (1...6).contains(digits.count), let value = number(digits),
                let scalar = Unicode.Scalar(value)
            else { throw .invalid(escape: shown) }
            rest = rest[end...].dropFirst()
            return scalar
        default: throw .invalid(escape: "\\\(letter)")
        }
    }

    private static func number(_ digits: some Sequence<Unicode.Scalar>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard digit.isASCII, let nibble = hexadecimal(UInt8(digit.value)) else { return nil }
            value = value << 4 | UInt32(nibble)
        }
        return value
    }

    static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }

    /// Between quotes, with what a reader could not see written as escapes.
    static func quoted(_ text: String) -> String { "\"\(escaped(text.unicodeScalars))\"" }

    static func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var source = String.UnicodeScalarView()
        for scalar in scalars {
            switch scalar {
            case "\n": source.append(contentsOf: "\\n".unicodeScalars)
            case "\r": source.append(contentsOf: "\\r".unicodeScalars)
            case "\t": source.append(contentsOf: "\\t".unicodeScalars)
            case "\0": source.append(contentsOf: "\\0".unicodeScalars)
            case "\\", "\"": source.append(contentsOf: ["\\", scalar])
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator:
                    source.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
                default: source.append(scalar)
                }
            }
        }
        return String(source)
    }
}

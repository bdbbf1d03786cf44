// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// The XHTML of a narrative: what a resource says to whoever renders it, so nothing in it may run.
///
/// - Source: HL7 FHIR R4 §2.4.0 (txt-1, txt-2). What is not known to be harmless is refused; nothing is cleaned.
enum Narrative {
    /// Whether a text is one `<div>` of the elements and attributes below, well formed, with something to read in it.
    static func isOne(_ text: String) -> Bool {
        var reader = NarrativeReader(bytes: Array(text.utf8))
        return reader.readsNarrative()
    }

    static let elements: Set<String> = [
        "a", "abbr", "acronym", "address", "b", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code",
        "col", "colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6",
        "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
    ]
    /// Of these, `cite`, `href`, `src` and `style` are looked at further.
    static let attributes: Set<String> = [
        "abbr", "align", "alt", "axis", "bgcolor", "border", "cellpadding", "cellspacing", "char", "charoff", "cite",
        "class", "clear", "color", "colspan", "compact", "datetime", "dir", "face", "frame", "headers", "height",
        "href",
        "hreflang", "id", "lang", "name", "noshade", "nowrap", "rel", "rowspan", "rules", "scope", "size", "span",
        "src",
        "start", "style", "summary", "title", "type", "valign", "value", "width", "xml:lang", "xmlns",
    ]

    static func allows(_ attribute: String, _ value: String) -> Bool {
        guard attributes.contains(attribute) else { return false }
        switch attribute {
        case "xmlns": return value == "http://www.w3.org/1999/xhtml"
        case "href", "cite": return isHarmless(link: value, ["http", "https", "mailto", "tel"])
        case "src": return isHarmless(link: value, ["http", "https"]) || isImage(value)
        case "style": return value.split(separator: ";").allSatisfy(isHarmless(declaration:))
        default: return true
        }
    }

    /// A link of those schemes, or one within the site. One that hides its letters is none.
    private static func isHarmless(link: String, _ schemes: Set<String>) -> Bool {
        let entities = link.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        guard link.utf8.allSatisfy({ $0 > 0x20 }), entities.allSatisfy({ $0.hasPrefix("amp;") }) else { return false }
        let start = link.prefix { !"/?#".contains($0) }
        guard let colon = start.firstIndex(of: ":") else { return true }
        return schemes.contains(start[..<colon].lowercased())
    }

    private static func isImage(_ link: String) -> Bool {
        ["png", "jpeg", "gif"].contains { kind in
            let prefix = "data:image/\(kind);base64,"
            return link.hasPrefix(prefix)
                && Primitive.base64Binary.fault(of: .string(String(link.dropFirst(prefix.count)))) == nil
        }
    }

    /// How text looks within its place: nothing that fetches, runs, covers or hides.
    private static let properties: Set<String> = [
        "background-color", "border", "border-collapse", "border-spacing", "color", "font", "font-family", "font-size",
        "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height", "list-style-type",
        "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "min-width", "padding",
        "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration",
        "text-indent", "text-transform", "vertical-align", "white-space", "width",
    ]

    /// `name: words`, the words without functions, marks or escapes.
    private static func isHarmless(declaration: Substring) -> Bool {
        let parts = declaration.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else { return true }
        guard parts.count == 2 else { return false }
        let name = parts[0].filter { !$0.isWhitespace }.lowercased()
        return properties.contains(name)
            && parts[1].utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: " \t\n\r#%.,-!'".utf8.contains(byte)
                }
            }
    }
}

/// Reads the XML of a narrative: elements, attributes, text, comments; nothing else is in it.
private struct NarrativeReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func readsNarrative() -> Bool {
        var open: [String] = []
        var saysSomething = false
        skipSpace()
        repeat {
            if skips("<!--") {
                guard skipsComment() else { return false }
            } else if skips("</") {
                guard let name = name(), open.popLast() == name else { return false }
                skipSpace()
                guard skips(">") else { return false }
            } else if skips("<") {
                guard let name = name(), Narrative.elements.contains(name), !open.isEmpty || name == "div",
                    let isClosed = readsAttributes()
                else { return false }
                if name == "img" { saysSomething = true }
                if !isClosed { open.append(name) }
            } else {
                guard !open.isEmpty, let isBlank = readsText() else { return false }
                if !isBlank { saysSomething = true }
            }
        } while position < bytes.count && !open.isEmpty
        skipSpace()
        return open.isEmpty && position == bytes.count && saysSomething
    }

    private mutating func skips(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Letters, digits and `:`.
    private mutating func name() -> String? {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case 0x61...0x7A, 0x30...0x3A: position += 1
            default: return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
            }
        }
        return nil
    }

    /// To the `>` of a tag. nil for an attribute that is not allowed; otherwise whether the element is closed at once.
    private mutating func readsAttributes() -> Bool? {
        var seen: Set<String> = []
        while true {
            let start = position
            skipSpace()
            if skips("/>") { return true }
            if skips(">") { return false }
            guard position > start, let name = name(), seen.insert(name).inserted else { return nil }
            skipSpace()
            guard skips("=") else { return nil }
            skipSpace()
            guard let value = quoted(), Narrative.allows(name, value) else { return nil }
        }
    }

    private mutating func quoted() -> String? {
        guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 else { return nil }
        let quote = bytes[position]
        let start = position + 1
        position = start
        while position < bytes.count, bytes[position] != quote {
            guard bytes[position] != UInt8(ascii: "<") else { return nil }
            if bytes[position] == UInt8(ascii: "&") { guard skipsEntity() else { return nil } } else { position += 1 }
        }
        guard position < bytes.count else { return nil }
        position += 1
        return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
    }

    /// To the next tag; nil when an entity is none.
    private mutating func readsText() -> Bool? {
        var isBlank = true
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
            if skips("]]>") { return nil }
            if !isSpace(bytes[position]) { isBlank = false }
            if bytes[position] == UInt8(ascii: "&") { guard skipsEntity() else { return nil } } else { position += 1 }
        }
        return isBlank
    }

    /// `&eacute;`, `&#233;`, `&#xE9;`.
    private mutating func skipsEntity() -> Bool {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ";") { position += 1 }
        guard position < bytes.count else { return false }
        var name = String(decoding: bytes[start..<position], as: UTF8.self)[...]
        position += 1
        let isNumber = name.first == "#"
        if isNumber { name.removeFirst() }
        guard name.utf8.first != nil,
            name.utf8.allSatisfy({ byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: false
                }
            })
        else { return false }
        guard isNumber else { return true }
        let code = name.first == "x" ? UInt32(name.dropFirst(), radix: 16) : UInt32(name)
        // XML has no other character below a space (XML 1.0 §2.2).
        return code.flatMap(Unicode.Scalar.init).map { $0.value >= 0x20 || [0x09, 0x0A, 0x0D].contains($0.value) }
            ?? false
    }

    /// A comment without brackets or dashes in it: it ends at one place, whoever reads it.
    private mutating func skipsComment() -> Bool {
        while position < bytes.count {
            if skips("-->") { return true }
            guard bytes[position] != UInt8(ascii: "<"), bytes[position] != UInt8(ascii: ">"), !skips("--") else {
                return false
            }
            position += 1
        }
        return false
    }
}

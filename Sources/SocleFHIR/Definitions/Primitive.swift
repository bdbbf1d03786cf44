// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJSON

/// The primitive types of FHIR R4 (§2.24.0.1) and the shape of each.
enum Primitive: String, CaseIterable, Sendable {
    case boolean, integer, decimal, unsignedInt, positiveInt
    case string, markdown, xhtml, code, id, uri, url, canonical, oid, uuid
    case date, dateTime, instant, time, base64Binary

    /// Bytes of the longest text kept; FHIR's own limit is a million characters.
    static let longest = 64 * 1024

    /// What is wrong with a value, as the end of "must be ..."; nil for a good one.
    func fault(of value: JSONValue) -> String? {
        switch self {
        case .boolean: return value.bool == nil ? "true or false" : nil
        case .integer: return within(value, Int64(Int32.min)...Int64(Int32.max))
        case .unsignedInt: return within(value, 0...Int64(Int32.max))
        case .positiveInt: return within(value, 1...Int64(Int32.max))
        case .decimal:
            switch value {
            case .integer, .double: return nil
            default: return "a number"
            }
        default: break
        }
        guard let text = value.string else { return "a text" }
        guard !text.isEmpty else { return "a text that is not empty" }
        guard text.utf8.count <= Primitive.longest else { return "a text of at most \(Primitive.longest) bytes" }
        // PostgreSQL text cannot hold NUL, and FHIR allows no control character but tab and line ends.
        let controls = text.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        guard !controls else { return "a text without control characters" }
        return isShaped(text) ? nil : shape
    }

    private func within(_ value: JSONValue, _ range: ClosedRange<Int64>) -> String? {
        guard let integer = value.integer, range.contains(integer) else {
            return "an integer from \(range.lowerBound) to \(range.upperBound)"
        }
        return nil
    }

    private func isShaped(_ text: String) -> Bool {
        switch self {
        case .id: Primitive.isIdentifier(text)
        case .code:
            // No space at either end, and no two in a row.
            !text.hasPrefix(" ") && !text.hasSuffix(" ") && !text.contains("  ")
                && !text.utf8.contains { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        case .uri, .url, .canonical: !text.utf8.contains { $0 <= 0x20 }
        case .oid:
            text.hasPrefix("urn:oid:")
                && text.dropFirst(8).split(separator: ".", omittingEmptySubsequences: false)
                    .allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        case .uuid: Primitive.isUUID(text)
        case .date: !text.utf8.contains(UInt8(ascii: "T")) && FHIRDate(text) != nil
        case .dateTime: FHIRDate(text) != nil
        case .instant: text.utf8.count > 10 && Instant(iso8601: text) != nil
        case .time:
            text.utf8.count >= 8 && text.utf8.count <= 18 && Instant(iso8601: "2000-01-01T\(text)Z") != nil
        case .base64Binary: Primitive.isBase64(text)
        case .xhtml: Narrative.isOne(text)
        default: true
        }
    }

    private var shape: String {
        switch self {
        case .id: "an id: 1 to 64 letters, digits, `-` and `.`"
        case .code: "a code, without spaces around it"
        case .uri, .url, .canonical: "a URI, without spaces"
        case .oid: "an OID as `urn:oid:1.2.3`"
        case .uuid: "a UUID as `urn:uuid:...`, in lower case"
        case .date: "a date: `2026`, `2026-11` or `2026-11-02`"
        case .dateTime: "a date, or a date and time with seconds and a zone: `2026-11-02T10:15:00+01:00`"
        case .instant: "an instant with seconds and a zone: `2026-11-02T10:15:00.000+01:00`"
        case .time: "a time: `10:15:00`"
        case .base64Binary: "base64"
        case .xhtml: "one XHTML `<div>` of text, lists, tables, links and images, nothing that runs (txt-1, txt-2)"
        default: "a text"
        }
    }

    static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
                default: false
                }
            }
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8.dropFirst(9))
        guard text.hasPrefix("urn:uuid:"), bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            switch (index, byte) {
            case (8, _), (13, _), (18, _), (23, _): byte == UInt8(ascii: "-")
            case (_, 0x30...0x39), (_, 0x61...0x66): true
            default: false
            }
        }
    }

    private static func isBase64(_ text: String) -> Bool {
        let bytes = text.utf8.filter { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        guard bytes.count % 4 == 0 else { return false }
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return padding <= 2
            && bytes.dropLast(padding).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
                default: false
                }
            }
    }
}

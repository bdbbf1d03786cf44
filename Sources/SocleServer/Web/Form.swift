// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Names and values of a query or of an `application/x-www-form-urlencoded` body, decoded strictly.
///
/// - Shape: at most `Limits.fields` pairs, each name and value bounded, UTF-8, no NUL (PostgreSQL text cannot hold it).
/// - Throws: `FormError`, which routes answer in the form their own RFC gives (`invalid_request` mostly).
/// - Source: WHATWG URL §5.1 for the format; RFC 6749 §3.1 for repeated and empty parameters.
package struct Form: Sendable {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package struct Limits: Sendable {
        /// Pairs in one form.
        package var fields = 64
        /// Bytes of one decoded name.
        package var name = 128
        /// Bytes of one decoded value.
        package var value = 16 * 1024

        package init(fields: Int = 64, name: Int = 128, value: Int = 16 * 1024) {
            self.fields = fields
            self.name = name
            self.value = value
        }
    }

    /// In the order sent, empty values included.
    package let fields: [Field]

    /// Reads a query as sent, without its question mark.
    package init(query: String?, limits: Limits = Limits()) throws(FormError) {
        try self.init(bytes: (query ?? "").utf8, limits: limits)
    }

    /// Reads a request's body, which must be declared as a form.
    package init(body request: WebRequest, limits: Limits = Limits()) throws(FormError) {
        guard request.hasMediaType("application/x-www-form-urlencoded") else { throw .wrongContentType }
        try self.init(bytes: request.body, limits: limits)
    }

    package init(bytes: some Collection<UInt8>, limits: Limits = Limits()) throws(FormError) {
        var fields: [Field] = []
        for pair in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            guard fields.count < limits.fields else { throw .tooMany }
            let separator = pair.firstIndex(of: UInt8(ascii: "="))
            let name = try Form.decode(pair[..<(separator ?? pair.endIndex)], upTo: limits.name)
            let value = try separator.map { index throws(FormError) in
                try Form.decode(pair[pair.index(after: index)...], upTo: limits.value)
            }
            fields.append(Field(name: name, value: value ?? ""))
        }
        self.fields = fields
    }

    /// Names sent more than once. Every OAuth endpoint refuses them, save for the parameters allowed to repeat.
    package var duplicates: Set<String> {
        var seen: Set<String> = []
        return Set(fields.lazy.map(\.name).filter { !seen.insert($0).inserted })
    }

    /// The only value sent under a name; nil when there is none, and when it is empty (RFC 6749 §3.1: a parameter
    /// without a value is treated as omitted). A repeated name gives nil: nothing may depend on which one wins.
    package subscript(name: String) -> String? {
        var found: String?
        for field in fields where field.name == name {
            guard found == nil else { return nil }
            found = field.value
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values sent under a name, in order.
    package func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    private static func decode(_ bytes: some Collection<UInt8>, upTo limit: Int) throws(FormError) -> String {
        // Most values, tokens above all, hold nothing to decode.
        if !bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") || $0 == 0 }) {
            guard bytes.count <= limit else { throw .tooLong }
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
            return text
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(min(bytes.count, limit))
        var index = bytes.startIndex
        while index != bytes.endIndex {
            var byte = bytes[index]
            bytes.formIndex(after: &index)
            if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            } else if byte == UInt8(ascii: "%") {
                var value: UInt8 = 0
                for _ in 0..<2 {
                    guard index != bytes.endIndex, let digit = hexDigit(bytes[index]) else { throw .badEscape }
                    value = value << 4 | digit
                    bytes.formIndex(after: &index)
                }
                byte = value
            }
            guard byte != 0 else { throw .badEscape }
            guard decoded.count < limit else { throw .tooLong }
            decoded.append(byte)
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

/// Why a form cannot be read. The description is fit for a client: it never repeats what was sent.
package enum FormError: Error, Equatable, CustomStringConvertible {
    case wrongContentType, badEscape, invalidUTF8, tooMany, tooLong

    package var description: String {
        switch self {
        case .wrongContentType: "the body must be application/x-www-form-urlencoded"
        case .badEscape: "a parameter is not correctly percent-encoded"
        case .invalidUTF8: "a parameter is not valid UTF-8"
        case .tooMany: "too many parameters"
        case .tooLong: "a parameter is too long"
        }
    }
}

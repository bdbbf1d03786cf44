// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Form {
    /// Writes pairs as a query or form body: all but the unreserved characters of RFC 3986 §2.3 is escaped, so that
    /// the text is safe in a `Location`, in HTML and in any parser.
    package static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(escape($0.name))=\(escape($0.value))" }.joined(separator: "&")
    }

    package static func escape(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.append(byte)
            default:
                result.append(UInt8(ascii: "%"))
                result.append(hex[Int(byte >> 4)])
                result.append(hex[Int(byte & 15)])
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Adds pairs to the query of a URI that may already have one (RFC 6749 §4.1.2 keeps the registered query).
    package static func append(_ pairs: [(name: String, value: String)], to uri: String) -> String {
        guard !pairs.isEmpty else { return uri }
        let separator = !uri.contains("?") ? "?" : uri.hasSuffix("?") || uri.hasSuffix("&") ? "" : "&"
        return uri + separator + encode(pairs)
    }

    private static let hex = Array("0123456789ABCDEF".utf8)
}

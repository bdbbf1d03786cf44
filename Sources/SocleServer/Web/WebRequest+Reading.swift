// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import HTTPTypes

extension WebRequest {
    /// Whether the body is declared as a media type, parameters aside (`charset=utf-8` changes nothing: it is UTF-8).
    package func hasMediaType(_ type: String) -> Bool {
        guard let field = headers.joined(.contentType) else { return false }
        if field == type { return true }
        let name = field.utf8.prefix { $0 != UInt8(ascii: ";") }
        return name.lazy.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            .map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
            .elementsEqual(type.utf8)
    }

    /// The credentials of an `Authorization` field of one scheme, nil for none, another scheme, or several fields.
    package func authorization(_ scheme: String) -> String? {
        let fields = headers[values: .authorization]
        guard fields.count == 1, let field = fields.first else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == scheme.lowercased() else { return nil }
        let credentials = parts[1].drop { $0 == " " }
        return credentials.isEmpty ? nil : String(credentials)
    }
}

extension HTTPFields {
    /// What `subscript` gives, without its lazy list: most fields are there once.
    func joined(_ name: HTTPField.Name) -> String? {
        let values = self[values: name]
        return values.count > 1 ? values.joined(separator: ", ") : values.first
    }
}

extension HTTPField.Name {
    static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a field name: \(name)") }
        return name
    }
    package static let forwardedFor = known("X-Forwarded-For")
    package static let fetchSite = known("Sec-Fetch-Site")
    package static let referrerPolicy = known("Referrer-Policy")
    package static let requestID = known("X-Request-Id")
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The parameters of one request, decoded, in the order sent.
///
/// A name sent twice makes the request invalid (RFC 6749 §3.1, §3.2); a name sent without a value counts as not sent.
package struct Parameters: Sendable {
    package let pairs: [(name: String, value: String)]

    package init(_ pairs: [(name: String, value: String)]) { self.pairs = pairs }

    /// The value of a parameter; nil when it is absent or empty.
    /// - Throws: `invalid_request` when it is repeated or longer than the limit, in bytes.
    package func value(_ name: String, limit: Int = Limit.text) throws(ProtocolError) -> String? {
        var found: String?
        for pair in pairs where pair.name == name {
            guard found == nil else { throw ProtocolError(.invalidRequest, "`\(name)` is repeated") }
            guard pair.value.utf8.count <= limit else { throw ProtocolError(.invalidRequest, "`\(name)` is too long") }
            found = pair.value
        }
        return found.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Throws: `invalid_request` when it is absent too.
    package func required(_ name: String, limit: Int = Limit.text) throws(ProtocolError) -> String {
        guard let value = try value(name, limit: limit) else {
            throw ProtocolError(.invalidRequest, "`\(name)` is missing")
        }
        return value
    }

    /// The values of a parameter that may be sent several times, at most eight; empty ones are not sent.
    package func values(_ name: String, limit: Int = Limit.text) throws(ProtocolError) -> [String] {
        let values = pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
        guard values.count <= 8, values.allSatisfy({ $0.utf8.count <= limit }) else {
            throw ProtocolError(.invalidRequest, "`\(name)` is too long, or sent too often")
        }
        return values
    }

    package func contains(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    /// Refuses any repeated name, known or not: two readers of one request must not see two requests.
    /// - Parameter allowed: the one that may be sent several times, where there is one (`resource`, RFC 8707 §2).
    package func refuseRepeated(save allowed: String? = nil) throws(ProtocolError) {
        for (index, pair) in pairs.enumerated()
        where pair.name != allowed && pairs[..<index].contains(where: { $0.name == pair.name }) {
            throw ProtocolError(.invalidRequest, "a parameter is repeated")
        }
    }

    /// The longest value accepted, in bytes, by what it holds.
    package enum Limit {
        package static let identifier = 128
        package static let secret = 512
        package static let text = 512
        package static let scope = 1024
        package static let uri = 2048
        package static let state = 2048
        package static let token = 16 * 1024
    }
}

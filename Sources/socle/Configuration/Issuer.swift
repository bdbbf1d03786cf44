// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The address this server is known by: the `iss` of every token, and the prefix of every endpoint.
///
/// - Shape: `https://host[:port]`, without path, query or fragment; `http` only for a loopback host.
/// - Source: OpenID Connect Discovery 1.0 §3 and §4.1; RFC 8414 §2.
struct Issuer: Hashable, Sendable, CustomStringConvertible {
    let description: String
    let isSecure: Bool

    static let loopbackHosts = ["localhost", "127.0.0.1", "[::1]"]

    /// - Throws: the sentence an operator reads.
    init(_ text: String) throws(CommandFailure) {
        let rest: Substring
        if text.hasPrefix("https://") {
            isSecure = true
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            isSecure = false
            rest = text.dropFirst(7)
        } else {
            throw CommandFailure("must start with `https://`")
        }
        if rest.hasSuffix("/") { throw CommandFailure("must not end with `/`") }
        let (host, port) = try Issuer.split(rest)
        if !isSecure, !Issuer.loopbackHosts.contains(host) {
            throw CommandFailure("must be `https`: only a loopback host may use `http`")
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let plain = labels.allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-")
                }
        }
        guard plain || host == "[::1]" else {
            throw CommandFailure(
                "the host must be lower-case letters, digits, `-` and `.`, with nothing after the port")
        }
        if let port {
            guard let number = Int(port), (1...65535).contains(number), String(number) == port else {
                throw CommandFailure("the port must be a number from 1 to 65535")
            }
        }
        description = text
    }

    private static func split(_ rest: Substring) throws(CommandFailure) -> (host: String, port: String?) {
        let afterAddress = rest.hasPrefix("[") ? rest.firstIndex(of: "]") : nil
        guard let colon = rest[(afterAddress ?? rest.startIndex)...].firstIndex(of: ":") else {
            return (String(rest), nil)
        }
        return (String(rest[..<colon]), String(rest[rest.index(after: colon)...]))
    }
}

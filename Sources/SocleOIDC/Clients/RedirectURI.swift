// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The form of a redirect URI and how a presented one is matched against the registered ones.
///
/// - Shape: absolute; `https`, or `http` on a loopback address or `localhost` (development, RFC 8252 §7.3); no
///   fragment, no user information, no wildcard, no dot segment, printable ASCII only, at most 2,048 bytes.
/// - Source: RFC 6749 §3.1.2; RFC 9700 §2.1 and §4.1.3: exact string comparison, never a pattern, never decoded first.
package enum RedirectURI {
    private static let loopback = ["127.0.0.1", "[::1]"]

    /// The fault an administrator reads; nil when the URI may be registered.
    package static func fault(of uri: String) -> String? {
        guard uri.utf8.count <= Parameters.Limit.uri else { return "is too long" }
        // Nothing but printable ASCII: a browser reads a backslash as a slash and drops tabs and line ends.
        guard uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) }) else {
            return "holds a character that must be percent-encoded"
        }
        guard !uri.contains("*") else { return "must not hold a wildcard" }
        guard !uri.contains("#") else { return "must not have a fragment" }
        guard let parts = Parts(uri) else { return "must start with `https://` (or `http://` for a loopback address)" }
        guard !parts.authority.contains("@") else { return "must not hold user information" }
        guard parts.hasPlainAuthority else { return "has a malformed host or port" }
        guard parts.isSecure || loopback.contains(parts.host) || parts.host == "localhost" else {
            return "must be `https`: only a loopback address may use `http`"
        }
        guard !parts.hasDotSegment else { return "must not hold a `.` or `..` segment" }
        return nil
    }

    /// Whether the client may be answered at the URI presented.
    ///
    /// - Exactly a registered one, byte for byte. For a public client, a registered `http` URI on a loopback *address*
    ///   also matches with any port: an application on the person's machine takes the port it gets (RFC 8252 §7.3).
    package static func matches(_ presented: String, client: Client) -> Bool {
        if isRegistered(presented, in: client.redirectURIs) { return true }
        guard client.isPublic, fault(of: presented) == nil, let parts = Parts(presented), !parts.isSecure,
            loopback.contains(parts.host)
        else { return false }
        return client.redirectURIs.contains { uri in
            guard let registered = Parts(uri), !registered.isSecure else { return false }
            return registered.host == parts.host && registered.rest.utf8.elementsEqual(parts.rest.utf8)
        }
    }

    /// Whether it leads to an application on the person's own machine (RFC 8252 §7.3).
    package static func isLoopback(_ uri: String) -> Bool {
        Parts(uri).map { loopback.contains($0.host) } ?? false
    }

    /// Byte for byte: two Swift strings are equal when canonically equivalent, as `K` and the Kelvin sign are.
    package static func isRegistered(_ presented: String, in uris: [String]) -> Bool {
        uris.contains { $0.utf8.elementsEqual(presented.utf8) }
    }

    /// `scheme://host[:port]` as a browser sends it in `Origin`.
    package static func origin(of uri: String) -> String? {
        guard let parts = Parts(uri) else { return nil }
        let standard = parts.isSecure ? "443" : "80"
        let port = parts.port.flatMap { $0 == standard || $0.isEmpty ? nil : ":\($0)" } ?? ""
        return "\(parts.isSecure ? "https" : "http")://\(parts.host.lowercased())\(port)"
    }

    /// A URI cut at its first delimiters, nothing decoded.
    private struct Parts {
        var isSecure: Bool
        var authority: Substring
        var host: String
        var port: String?
        /// Path and query.
        var rest: Substring

        init?(_ uri: String) {
            let afterScheme: Substring
            if uri.hasPrefix("https://") {
                isSecure = true
                afterScheme = uri.dropFirst(8)
            } else if uri.hasPrefix("http://") {
                isSecure = false
                afterScheme = uri.dropFirst(7)
            } else {
                return nil
            }
            let end = afterScheme.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? afterScheme.endIndex
            authority = afterScheme[..<end]
            rest = afterScheme[end...]
            let bracket = authority.hasPrefix("[") ? authority.firstIndex(of: "]") : nil
            if let colon = authority[(bracket ?? authority.startIndex)...].firstIndex(of: ":") {
                host = String(authority[..<colon])
                port = String(authority[authority.index(after: colon)...])
            } else {
                host = String(authority)
            }
        }

        var hasPlainAuthority: Bool {
            if let port {
                guard let number = UInt16(port), number > 0, String(number) == port else { return false }
            }
            if host == "[::1]" { return true }
            return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty
                    && label.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
                    }
            }
        }

        var hasDotSegment: Bool {
            let path = rest.prefix { $0 != "?" }.lowercased().replacing("%2e", with: ".")
            return path.split(separator: "/").contains { $0 == "." || $0 == ".." }
        }
    }
}

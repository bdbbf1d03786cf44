// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The form of an address that Socle fetches or shows because a client registered it: `jwks_uri`, `request_uris`,
/// `sector_identifier_uri`, `logo_uri` and the rest.
///
/// - Shape: `https`, a host name with a dot, no user information, printable ASCII, at most 2,048 bytes. Never an IP
///   address or a name of this machine: what a name resolves to is checked again by whoever connects.
/// - Source: CVE-2020-10770 (a `request_uri` makes the server call inside its own network); RFC 9101 §10.4.
package enum FetchedURI {
    package static func fault(of uri: String, fragment: Bool = false) -> String? {
        let plain = fragment ? String(uri.prefix { $0 != "#" }) : uri
        if let fault = RedirectURI.fault(of: plain) { return fault }
        guard let host = host(of: plain) else { return "must start with `https://`" }
        guard host.contains("."), !host.hasSuffix("."),
            host.split(separator: ".").last?.contains(where: isLetter) == true
        else { return "must name a host by its full name, not by an address" }
        let name = host.lowercased()
        guard !isOfOneNetwork(name) else { return "must not name a host of this network" }
        return nil
    }

    /// The host of an `https` URI; nil for any other.
    package static func host(of uri: String) -> String? {
        guard uri.hasPrefix("https://"), let origin = RedirectURI.origin(of: uri) else { return nil }
        let authority = origin.dropFirst("https://".count)
        return String(authority.prefix { $0 != ":" })
    }

    /// Names that never leave a network (RFC 6761, RFC 6762, RFC 8375).
    private static func isOfOneNetwork(_ name: String) -> Bool {
        ["localhost", "local", "internal", "home.arpa", "localdomain"].contains { name.hasSuffix("." + $0) }
    }

    private static func isLetter(_ character: Character) -> Bool { character.isLetter }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The parameter `resource`: for which protected resource a token is asked (RFC 8707).
///
/// - Shape: an absolute URI without fragment, sent up to eight times; one that is registered for the client, or Socle's
///   own access interface.
/// - A token is for one resource: who asks for several at once at the token endpoint is told to ask one by one
///   (§2.2: a token good at two places can be replayed from one to the other).
enum Resources {
    /// Those of an authorization request.
    /// - Throws: `invalid_target` for any that is not the client's.
    static func asked(
        _ parameters: Parameters, client: Client, endpoints: Endpoints
    ) throws(ProtocolError) -> [String] {
        var resources: [String] = []
        for resource in try parameters.values("resource", limit: Parameters.Limit.uri) {
            guard
                resource == endpoints.accessInterface
                    || RedirectURI.isRegistered(resource, in: client.metadata.resources)
            else { throw ProtocolError(.invalidTarget, "`resource` is not one this application may ask for") }
            if !resources.contains(resource) { resources.append(resource) }
        }
        return resources
    }

    /// The audience of one token.
    /// - Parameter granted: what the grant allows, in its order; nil when the client acts for itself.
    static func audience(
        asked: [String], granted: [String]?, client: Client, endpoints: Endpoints
    ) throws(ProtocolError) -> String {
        guard asked.count <= 1 else { throw ProtocolError(.invalidTarget, "ask for one `resource` at a time") }
        let granted = granted.map { $0.isEmpty ? [endpoints.accessInterface] : $0 }
        guard let resource = asked.first else { return granted?.first ?? endpoints.accessInterface }
        let allowed = granted ?? [endpoints.accessInterface] + client.metadata.resources
        guard RedirectURI.isRegistered(resource, in: allowed) else {
            throw ProtocolError(.invalidTarget, "`resource` was not granted")
        }
        return resource
    }

    /// The fault an administrator reads; nil when the URI may be registered (RFC 8707 §2).
    static func fault(of uri: String) -> String? {
        guard uri.utf8.count <= Parameters.Limit.uri, uri.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return "is too long, or holds a character that must be percent-encoded"
        }
        guard let colon = uri.firstIndex(of: ":"), uri.first?.isLetter == true, uri[colon...].count > 1 else {
            return "must be an absolute URI"
        }
        return uri.contains("#") ? "must not have a fragment" : nil
    }
}

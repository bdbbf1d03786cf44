// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto

/// What an administrator writes to register a client, and every fault of it at once.
package struct ClientRegistration: Sendable {
    package var id: String
    package var name: String?
    package var authentication: Client.Authentication
    /// nil for a public client.
    package var secret: Secret?
    package var redirectURIs: [String]
    package var postLogoutRedirectURIs: [String]
    package var grantTypes: Set<Client.GrantType>
    package var scopes: Set<String>
    package var idTokenAlgorithm: SignatureAlgorithm
    package var metadata: ClientMetadata

    package init(
        id: String, name: String? = nil, authentication: Client.Authentication = .basic, secret: Secret? = nil,
        redirectURIs: [String] = [], postLogoutRedirectURIs: [String] = [], grantTypes: Set<Client.GrantType>,
        scopes: Set<String>, idTokenAlgorithm: SignatureAlgorithm = .rs256,
        metadata: ClientMetadata = ClientMetadata()
    ) {
        self.id = id
        self.name = name
        self.authentication = authentication
        self.secret = secret
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.grantTypes = grantTypes
        self.scopes = scopes
        self.idTokenAlgorithm = idTokenAlgorithm
        self.metadata = metadata
    }

    /// What is wrong, in sentences an administrator reads; empty when the client may be registered.
    package var faults: [String] {
        var faults: [String] = []
        func require(_ condition: Bool, _ fault: @autoclosure () -> String) {
            if !condition { faults.append(fault()) }
        }
        require(
            Self.isIdentifier(id),
            "the identifier must be 1 to 128 letters, digits, `-`, `.`, `_`, `~` or `:`")
        require((name ?? id).utf8.count <= 200, "the name is longer than 200 bytes")
        require(!grantTypes.isEmpty, "at least one grant type is needed")
        require(
            authentication != .none || !grantTypes.contains(.clientCredentials),
            "a public client cannot hold `client_credentials`")
        require(
            !grantTypes.contains(.refreshToken) || grantTypes.contains(.authorizationCode),
            "`refresh_token` needs `authorization_code`")
        require(
            grantTypes.contains(.authorizationCode) == !redirectURIs.isEmpty,
            grantTypes.contains(.authorizationCode)
                ? "`authorization_code` needs a redirect URI" : "a redirect URI needs `authorization_code`")
        require(redirectURIs.count <= 32 && postLogoutRedirectURIs.count <= 32, "more than 32 URIs")
        for uri in redirectURIs + postLogoutRedirectURIs {
            if let fault = RedirectURI.fault(of: uri) { faults.append("the URI `\(uri)` \(fault)") }
        }
        for algorithm in [idTokenAlgorithm, metadata.accessTokenAlgorithm ?? .es256]
        where !ProviderMetadata.algorithms.contains(algorithm) {
            faults.append("tokens are not signed with `\(algorithm.rawValue)`")
        }
        faults += metadata.logoutFaults(redirectURIs: redirectURIs)
        for scope in scopes.filter({ !Scope.isKnown($0) }).sorted() {
            faults.append("the scope `\(scope)` is unknown")
        }
        require(
            !scopes.contains(Scope.offlineAccess) || grantTypes.contains(.refreshToken),
            "the scope `offline_access` needs `refresh_token`")
        require(
            authentication != .none || !scopes.contains(where: Scope.isOfApplications),
            "a public client cannot hold \(Scope.ofApplications.sorted().map { "`\($0)`" }.joined(separator: ", ")), "
                + "nor a `system/` scope")
        // It names people by the `sub` it was told, from which nothing leads back to an account.
        require(
            metadata.sector == nil || !scopes.contains(Scope.assert),
            "a client with pairwise subjects cannot hold `\(Scope.assert)`")
        switch (authentication, secret) {
        case (.none, .some): faults.append("a public client holds no secret")
        case (.privateKeyJWT, .some): faults.append("a client with a key of its own holds no secret")
        case (.basic, nil), (.post, nil), (.secretJWT, nil): faults.append("a secret is needed")
        case (.secretJWT, let secret?) where secret.unredacted.count < 32:
            faults.append("a secret that keys JWTs must be at least 32 bytes")
        case (_, let secret?):
            require(
                (8...Parameters.Limit.secret).contains(secret.unredacted.count)
                    && secret.unredacted.allSatisfy { $0 >= 0x20 && $0 < 0x7F },
                "the secret must be 8 to 512 printable ASCII characters")
        case (.none, nil), (.privateKeyJWT, nil): break
        }
        return faults
    }

    /// The client to store.
    /// - Returns: nil when the registration has faults.
    package func client(vault: Vault, random: SecureRandom) -> Client? {
        guard faults.isEmpty else { return nil }
        return Client(
            id: id, name: name ?? id, authentication: authentication,
            sealedSecret: secret.map {
                vault.seal($0.unredacted, context: Client.secretContext(id), random: random)
            },
            redirectURIs: redirectURIs, postLogoutRedirectURIs: postLogoutRedirectURIs, grantTypes: grantTypes,
            scopes: scopes, idTokenAlgorithm: idTokenAlgorithm, metadata: metadata)
    }

    /// Whether a client may be named so.
    package static func isIdentifier(_ text: String) -> Bool {
        (1...Parameters.Limit.identifier).contains(text.utf8.count) && text.utf8.allSatisfy(isIdentifierByte)
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}

extension Client {
    /// What the vault binds the secret to: a sealed secret copied to another client does not open.
    package static func secretContext(_ id: String) -> String { "client-secret:\(id)" }
}

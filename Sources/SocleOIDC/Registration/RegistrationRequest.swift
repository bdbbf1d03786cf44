// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
import SocleJSON

/// The metadata of an application, its own word or an administrator's, read and checked (RFC 7591 §2, OpenID Connect
/// Registration §2).
///
/// What is not understood is ignored (RFC 7591 §2); what is understood and not allowed is refused by name, never
/// silently left out: a client must not believe itself protected by a setting that was dropped.
struct RegistrationRequest {
    var authentication: Client.Authentication
    var name: String?
    var redirectURIs: [String]
    var postLogoutRedirectURIs: [String]
    var grantTypes: Set<Client.GrantType>
    var scopes: Set<String>
    var idTokenAlgorithm: SignatureAlgorithm
    var metadata: ClientMetadata

    private let object: JSONObject
    private let policy: RegistrationPolicy

    init(_ object: JSONObject, policy: RegistrationPolicy) throws(RegistrationRefusal) {
        self.object = object
        self.policy = policy
        metadata = ClientMetadata()
        authentication =
            try Self.choice(object, "token_endpoint_auth_method", Client.Authentication.init(rawValue:)) ?? .basic
        name = try Self.text(object, "client_name", limit: 200)
        redirectURIs = try Self.texts(object, "redirect_uris", limit: policy.redirectURIs) ?? []
        postLogoutRedirectURIs = try Self.texts(object, "post_logout_redirect_uris", limit: policy.redirectURIs) ?? []
        grantTypes = try Self.grantTypes(object, policy)
        scopes = try Self.scopes(object, policy, grantTypes)
        idTokenAlgorithm =
            try Self.choice(object, "id_token_signed_response_alg", Self.offered) ?? .rs256
        try checkURIs()
        try readMetadata()
    }

    private func checkURIs() throws(RegistrationRefusal) {
        guard !redirectURIs.isEmpty || !grantTypes.contains(.authorizationCode) else {
            throw RegistrationRefusal(.invalidRedirectURI, "`redirect_uris` is missing")
        }
        for uri in redirectURIs + postLogoutRedirectURIs {
            // The URI itself is not repeated: the answer may end on a page.
            if let fault = RedirectURI.fault(of: uri) {
                throw RegistrationRefusal(.invalidRedirectURI, "a redirect URI \(fault)")
            }
        }
        // OpenID Connect Registration §2: a web application is on the web, a native one on the person's own machine.
        let loopback = redirectURIs.filter { !$0.hasPrefix("https://") }
        switch try Self.text(object, "application_type") ?? "web" {
        case "web":
            guard loopback.isEmpty || policy.isVouchedFor else {
                throw RegistrationRefusal(.invalidRedirectURI, "the redirect URIs of a web application must be `https`")
            }
        case "native": break
        default: throw .metadata("`application_type` must be `web` or `native`")
        }
    }

    private static func grantTypes(
        _ object: JSONObject, _ policy: RegistrationPolicy
    ) throws(RegistrationRefusal) -> Set<Client.GrantType> {
        let types = try texts(object, "grant_types", limit: 8) ?? [Client.GrantType.authorizationCode.rawValue]
        let known = types.compactMap(Client.GrantType.init(rawValue:))
        guard known.count == types.count, policy.grantTypes.isSuperset(of: known),
            known.contains(.authorizationCode) || policy.isVouchedFor
        else { throw .metadata("`grant_types` may hold `authorization_code`, and `refresh_token` with it") }
        guard try texts(object, "response_types", limit: 8) ?? ["code"] == ["code"] else {
            throw .metadata("`response_types` must be `code` alone")
        }
        return Set(known)
    }

    private static func scopes(
        _ object: JSONObject, _ policy: RegistrationPolicy, _ grants: Set<Client.GrantType>
    ) throws(RegistrationRefusal) -> Set<String> {
        var allowed = policy.scopes
        if !grants.contains(.refreshToken) { allowed.remove(Scope.offlineAccess) }
        guard let text = try text(object, "scope", limit: Parameters.Limit.scope) else { return allowed }
        guard let asked = try? Scope.parse(text) else { throw .metadata("`scope` is malformed") }
        // One that is unknown is a fault to an administrator, who would otherwise believe it given.
        guard !policy.isVouchedFor else { return Set(asked) }
        let known = asked.filter(Scope.known.contains)
        guard policy.scopes.isSuperset(of: known) else {
            throw .metadata("`scope` holds one that an administrator has to give")
        }
        return Set(known).intersection(allowed)
    }
}

// MARK: Everything else

extension RegistrationRequest {
    private mutating func readMetadata() throws(RegistrationRefusal) {
        metadata.isThirdParty = !policy.isVouchedFor
        metadata.logoURI = try address("logo_uri")
        metadata.homeURI = try address("client_uri")
        metadata.policyURI = try address("policy_uri")
        metadata.termsURI = try address("tos_uri")
        metadata.initiateLoginURI = try address("initiate_login_uri")
        metadata.contacts = try Self.texts(object, "contacts", limit: 8) ?? []
        metadata.requestURIs = try Self.texts(object, "request_uris", limit: 16) ?? []
        for uri in metadata.requestURIs {
            if let fault = FetchedURI.fault(of: uri, fragment: true) {
                throw .metadata("a `request_uris` address \(fault)")
            }
        }
        try readKeys()
        metadata.requestObjectAlgorithm = try Self.choice(object, "request_object_signing_alg") { name in
            name == "none" || SignatureAlgorithm(rawValue: name) != nil ? name : nil
        }
        metadata.requestObjectEncryption = try encryption("request_object_encryption")
        metadata.userInfoAlgorithm = try Self.choice(
            object, "userinfo_signed_response_alg", Self.offered)
        metadata.introspectionAlgorithm = try Self.choice(
            object, "introspection_signed_response_alg", Self.offered)
        metadata.accessTokenAlgorithm = try Self.choice(
            object, "access_token_signed_response_alg", Self.offered)
        metadata.idTokenEncryption = try encryption("id_token_encrypted_response", toClient: true)
        metadata.userInfoEncryption = try encryption("userinfo_encrypted_response", toClient: true)
        metadata.introspectionEncryption = try encryption("introspection_encrypted_response", toClient: true)
        // Without assertions it has nothing to say, and some libraries say it all the same.
        if !authentication.assertionAlgorithms.isEmpty {
            metadata.assertionAlgorithm = try Self.choice(object, "token_endpoint_auth_signing_alg") {
                [authentication] name in
                authentication.assertionAlgorithms.contains(name) ? name : nil
            }
        }
        if let age = object["default_max_age"], !age.isNull {
            guard let seconds = age.integer, (0...9_999_999_999).contains(seconds) else {
                throw .metadata("`default_max_age` must be a number of seconds")
            }
            metadata.defaultMaximumAge = seconds
        }
        metadata.defaultACRValues = try Self.texts(object, "default_acr_values", limit: 8) ?? []
        try readLogout()
        try readSector()
        for name in Self.notOffered where object[name].map({ !$0.isNull }) == true {
            throw .metadata("`\(name)` is not supported")
        }
    }

    /// Where the application is told that a session ended (Back-Channel Logout 1.0 §2.2, Front-Channel Logout 1.0 §2).
    /// Socle calls the first and frames the second: neither is on this network, unless an administrator says so.
    private mutating func readLogout() throws(RegistrationRefusal) {
        func uri(_ name: String) throws(RegistrationRefusal) -> String? {
            // Checked below, as every client's are.
            guard !policy.isVouchedFor else { return try Self.text(object, name, limit: Parameters.Limit.uri) }
            return try address(name)
        }
        metadata.backChannelLogoutURI = try uri("backchannel_logout_uri")
        metadata.backChannelLogoutSessionRequired = try Self.flag(object, "backchannel_logout_session_required")
        metadata.frontChannelLogoutURI = try uri("frontchannel_logout_uri")
        metadata.frontChannelLogoutSessionRequired = try Self.flag(object, "frontchannel_logout_session_required")
        guard metadata.logoutFaults(redirectURIs: redirectURIs).isEmpty else {
            throw .metadata(
                "the logout addresses must be `https`, `frontchannel_logout_uri` of the origin of a redirect URI, and "
                    + "neither `session_required` without its address")
        }
    }

    /// Settings that would protect the client, and that it must not believe in force.
    private static let notOffered = [
        "tls_client_certificate_bound_access_tokens", "dpop_bound_access_tokens",
        "require_pushed_authorization_requests", "tls_client_auth_subject_dn",
    ]

    private mutating func readKeys() throws(RegistrationRefusal) {
        metadata.keysURI = try address("jwks_uri")
        if let value = object["jwks"], !value.isNull {
            guard metadata.keysURI == nil else { throw .metadata("`jwks` and `jwks_uri` exclude each other") }
            guard let set = value.object, value.bytes.count <= 16 * 1024, let parsed = try? JWKSet(set),
                !parsed.keys.isEmpty, parsed.keys.count == set["keys"]?.array?.count
            else { throw .metadata("`jwks` must hold public keys of kinds that are offered") }
            metadata.keys = set
        }
        let needed = authentication == .privateKeyJWT
        guard !needed || metadata.keys != nil || metadata.keysURI != nil else {
            throw .metadata("`private_key_jwt` needs `jwks` or `jwks_uri`")
        }
    }

    /// The sector but for the content of `sector_identifier_uri`, which has to be fetched.
    private mutating func readSector() throws(RegistrationRefusal) {
        metadata.sectorIdentifierURI = try address("sector_identifier_uri")
        switch try Self.text(object, "subject_type") ?? "public" {
        case "public": return
        case "pairwise": break
        default: throw .metadata("`subject_type` must be `public` or `pairwise`")
        }
        if let uri = metadata.sectorIdentifierURI {
            metadata.sector = FetchedURI.host(of: uri)
            return
        }
        let hosts = Set(redirectURIs.map { FetchedURI.host(of: $0) ?? "" })
        guard hosts.count == 1, let host = hosts.first, !host.isEmpty else {
            throw .metadata("redirect URIs on several hosts need `sector_identifier_uri`")
        }
        metadata.sector = host
    }

    private func address(_ name: String) throws(RegistrationRefusal) -> String? {
        guard let uri = try Self.text(object, name, limit: Parameters.Limit.uri) else { return nil }
        if let fault = FetchedURI.fault(of: uri) { throw .metadata("`\(name)` \(fault)") }
        return uri
    }

    /// - Parameter toClient: of an answer, whose algorithm needs a key of the client's.
    private func encryption(
        _ prefix: String, toClient: Bool = false
    ) throws(RegistrationRefusal) -> ResponseEncryption? {
        let key = try Self.choice(object, prefix + "_alg") { name in
            ResponseEncryption.keyAlgorithms.first { $0.rawValue == name }
        }
        let content = try Self.choice(object, prefix + "_enc", ContentEncryption.init(rawValue:))
        guard let key else {
            guard content == nil else { throw .metadata("`\(prefix)_enc` needs its `alg`") }
            return nil
        }
        guard
            !toClient || metadata.keysURI != nil
                || metadata.keys.flatMap({ try? JWKSet($0) })?.recipient(key) != nil
        else { throw .metadata("`\(prefix)_alg` needs a key of the client's to encrypt to") }
        return ResponseEncryption(key: key, content: content ?? ResponseEncryption.usual)
    }

    /// An algorithm Socle has a key of.
    private static func offered(_ name: String) -> SignatureAlgorithm? {
        SignatureAlgorithm(rawValue: name).flatMap { ProviderMetadata.algorithms.contains($0) ? $0 : nil }
    }

    private static func text(
        _ object: JSONObject, _ name: String, limit: Int = Parameters.Limit.text
    ) throws(RegistrationRefusal) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.string, !text.isEmpty, text.utf8.count <= limit, !text.utf8.contains(0) else {
            throw .metadata("`\(name)` must be a text, not too long")
        }
        return text
    }

    private static func texts(
        _ object: JSONObject, _ name: String, limit: Int
    ) throws(RegistrationRefusal) -> [String]? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let texts = value.strings, texts.count <= limit,
            texts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= Parameters.Limit.uri && !$0.utf8.contains(0) })
        else { throw .metadata("`\(name)` must be a list of texts, not too long") }
        return texts
    }

    private static func flag(_ object: JSONObject, _ name: String) throws(RegistrationRefusal) -> Bool {
        guard let value = object[name], !value.isNull else { return false }
        guard let flag = value.bool else { throw .metadata("`\(name)` must be true or false") }
        return flag
    }

    private static func choice<Value>(
        _ object: JSONObject, _ name: String, _ read: (String) -> Value?
    ) throws(RegistrationRefusal) -> Value? {
        guard let text = try text(object, name) else { return nil }
        guard let value = read(text) else { throw .metadata("`\(name)` is not one that is offered") }
        return value
    }
}

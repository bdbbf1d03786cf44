// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE
package import SocleJSON

/// As stored: one JSON object under the names of the registry of RFC 7591 where it has them.
extension ClientMetadata {
    package var json: JSONObject {
        var object = JSONObject()
        for (name, path) in Self.flags.sorted(by: { $0.key < $1.key }) where self[keyPath: path] { object[name] = true }
        for (name, path) in Self.texts.sorted(by: { $0.key < $1.key }) {
            object[name] = self[keyPath: path].map(JSONValue.string)
        }
        for (name, path) in Self.lists.sorted(by: { $0.key < $1.key }) where !self[keyPath: path].isEmpty {
            object[name] = JSONValue(self[keyPath: path])
        }
        for (name, path) in Self.algorithms.sorted(by: { $0.key < $1.key }) {
            object[name] = (self[keyPath: path]?.rawValue).map(JSONValue.string)
        }
        for (prefix, path) in Self.encryptions.sorted(by: { $0.key < $1.key }) {
            guard let encryption = self[keyPath: path] else { continue }
            object[prefix + "_alg"] = .string(encryption.key.rawValue)
            object[prefix + "_enc"] = .string(encryption.content.rawValue)
        }
        object["jwks"] = keys.map(JSONValue.object)
        object["default_max_age"] = defaultMaximumAge.map(JSONValue.integer)
        object["socle_registered_at"] = registeredAt.map(JSONValue.integer)
        return object
    }

    /// nil for a member this version does not know, or of another type: a setting that would be dropped when the
    /// client is next written could be one that protects it (CVE-2026-107623).
    package init?(stored object: JSONObject) {
        self.init()
        for (name, value) in object.members where !read(name, value) { return nil }
    }

    private mutating func read(_ name: String, _ value: JSONValue) -> Bool {
        if let path = Self.flags[name] {
            guard let flag = value.bool else { return false }
            self[keyPath: path] = flag
        } else if let path = Self.texts[name] {
            guard let text = value.string else { return false }
            self[keyPath: path] = text
        } else if let path = Self.lists[name] {
            guard let list = value.strings else { return false }
            self[keyPath: path] = list
        } else if let path = Self.algorithms[name] {
            guard let algorithm = value.string.flatMap(SignatureAlgorithm.init(rawValue:)) else { return false }
            self[keyPath: path] = algorithm
        } else if name.hasSuffix("_alg"), let path = Self.encryptions[String(name.dropLast("_alg".count))] {
            guard let algorithm = value.string.flatMap(KeyManagementAlgorithm.init(rawValue:)) else { return false }
            self[keyPath: path] = ResponseEncryption(key: algorithm)
        } else if name.hasSuffix("_enc") {
            // Written after its algorithm.
            guard let path = Self.encryptions[String(name.dropLast("_enc".count))],
                var encryption = self[keyPath: path],
                let content = value.string.flatMap(ContentEncryption.init(rawValue:))
            else { return false }
            encryption.content = content
            self[keyPath: path] = encryption
        } else if name == "jwks", let set = value.object {
            keys = set
        } else if name == "default_max_age", let age = value.integer {
            defaultMaximumAge = age
        } else if name == "socle_registered_at", let seconds = value.integer {
            registeredAt = seconds
        } else {
            return false
        }
        return true
    }

    private typealias Path<Value> = any WritableKeyPath<ClientMetadata, Value> & Sendable

    private static let flags: [String: Path<Bool>] = [
        "socle_third_party": \.isThirdParty, "socle_high_assurance": \.isHighAssurance,
        "backchannel_logout_session_required": \.backChannelLogoutSessionRequired,
        "frontchannel_logout_session_required": \.frontChannelLogoutSessionRequired,
    ]

    private static let texts: [String: Path<String?>] = [
        "logo_uri": \.logoURI, "client_uri": \.homeURI, "policy_uri": \.policyURI, "tos_uri": \.termsURI,
        "jwks_uri": \.keysURI, "socle_sector": \.sector, "sector_identifier_uri": \.sectorIdentifierURI,
        "request_object_signing_alg": \.requestObjectAlgorithm,
        "token_endpoint_auth_signing_alg": \.assertionAlgorithm, "initiate_login_uri": \.initiateLoginURI,
        "socle_registration_token": \.registrationTokenDigest,
        "backchannel_logout_uri": \.backChannelLogoutURI, "frontchannel_logout_uri": \.frontChannelLogoutURI,
    ]

    private static let lists: [String: Path<[String]>] = [
        "contacts": \.contacts, "request_uris": \.requestURIs, "default_acr_values": \.defaultACRValues,
        "socle_resources": \.resources,
    ]

    private static let encryptions: [String: Path<ResponseEncryption?>] = [
        "id_token_encrypted_response": \.idTokenEncryption, "userinfo_encrypted_response": \.userInfoEncryption,
        "introspection_encrypted_response": \.introspectionEncryption,
        "request_object_encryption": \.requestObjectEncryption,
    ]

    private static let algorithms: [String: Path<SignatureAlgorithm?>] = [
        "userinfo_signed_response_alg": \.userInfoAlgorithm,
        "introspection_signed_response_alg": \.introspectionAlgorithm,
        "access_token_signed_response_alg": \.accessTokenAlgorithm,
    ]
}

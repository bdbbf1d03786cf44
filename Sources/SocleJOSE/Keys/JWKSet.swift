// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A JSON Web Key Set (RFC 7517 §5) of public keys.
package struct JWKSet: Equatable, Sendable {
    package let keys: [JWK]

    package init(_ keys: [JWK]) { self.keys = keys }

    /// Keys of kinds not offered are passed over, as §5 asks; two keys of one `kid` make the set ambiguous.
    ///
    /// - Throws: `malformedKey` when it is no key set, has more than 100 keys, or a `kid` twice.
    package init(parsing bytes: some Collection<UInt8>) throws(JOSEError) {
        guard let set = (try? JSONValue(parsing: bytes, limits: JSONLimits(bytes: 1 << 18, depth: 8)))?.object else {
            throw .malformedKey
        }
        try self.init(set)
    }

    package init(_ set: JSONObject) throws(JOSEError) {
        keys = try JWKSet.members(of: set).compactMap { try? JWK($0) }
    }

    package var json: JSONObject { ["keys": .array(keys.map { .object($0.json) })] }

    /// The key a token names, if it may verify signatures and is for one algorithm. A token that names none is
    /// verified only where one key could have made it.
    package func key(for header: JOSEHeader) -> (key: VerificationKey, algorithm: SignatureAlgorithm)? {
        guard let algorithm = SignatureAlgorithm(rawValue: header.algorithm) else { return nil }
        let candidates = keys.filter { jwk in
            jwk.verificationKey != nil && jwk.numbers.algorithms.contains(algorithm)
                && (jwk.algorithm ?? .signature(algorithm)) == .signature(algorithm)
                && (header.keyID.map { $0 == jwk.keyID } ?? true)
        }
        guard candidates.count == 1, let key = candidates.first?.verificationKey else { return nil }
        return (key, algorithm)
    }

    /// The first key of the set that may be encrypted to by that algorithm (OpenID Connect Core §10.2); of those that
    /// would do, one that says it is for encryption before one that does not say.
    package func recipient(_ algorithm: KeyManagementAlgorithm) -> JWERecipient? {
        let candidates = keys.filter { jwk in
            jwk.encryptionKey != nil && algorithm.suits(jwk.numbers)
                && (jwk.algorithm ?? .keyManagement(algorithm)) == .keyManagement(algorithm)
        }
        guard let jwk = candidates.first(where: { $0.use == .encryption }) ?? candidates.first,
            let key = jwk.encryptionKey
        else { return nil }
        return try? JWERecipient(key, algorithm: algorithm, keyID: jwk.keyID)
    }

    static func members(of set: JSONObject) throws(JOSEError) -> [JSONObject] {
        guard let values = set["keys"]?.array, values.count <= 100 else { throw .malformedKey }
        let objects = values.compactMap(\.object)
        let named = objects.compactMap { $0["kid"]?.string }
        guard objects.count == values.count, Set(named).count == named.count else { throw .malformedKey }
        return objects
    }
}

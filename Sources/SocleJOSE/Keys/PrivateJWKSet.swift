// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A set of keys that must not be seen: key pairs, or shared secrets, never both in one set, where a public key could
/// be taken for a secret.
package struct PrivateJWKSet: Sendable {
    package let keys: [PrivateJWK]

    /// - Throws: `malformedKey` when it is no key set, has more than 100 keys, a `kid` twice, both kinds, or a key that
    ///   is refused: of keys of one's own, none is passed over.
    package init(_ set: JSONObject) throws(JOSEError) {
        var keys: [PrivateJWK] = []
        for object in try JWKSet.members(of: set) { keys.append(try PrivateJWK(object)) }
        guard Set(keys.map(\.isShared)).count <= 1 else { throw .malformedKey }
        self.keys = keys
    }

    /// The secret a token names, with the algorithm it is pinned to; nil for any other.
    package func macKey(for header: JOSEHeader) -> MACKey? {
        guard let algorithm = MACAlgorithm(rawValue: header.algorithm) else { return nil }
        let candidates = named(by: header).compactMap { try? $0.macKey(algorithm) }
        return candidates.count == 1 ? candidates.first : nil
    }

    /// The plaintext of a token that names one of these keys, opened with the algorithm that key is pinned to, or where
    /// it is pinned to none, with one that suits it.
    package func plaintext(
        of token: EncryptedToken, encryptions: Set<ContentEncryption> = Set(ContentEncryption.allCases)
    ) throws(JOSEError) -> [UInt8] {
        let candidates = named(by: token.header)
        guard candidates.count == 1, let key = candidates.first,
            let algorithm = KeyManagementAlgorithm(rawValue: token.header.algorithm)
        else { throw .unusableKey }
        var encryptions = encryptions
        switch key.algorithm {
        case nil: break
        case .keyManagement(let pinned): guard pinned == algorithm else { throw .wrongAlgorithm }
        case .content(let pinned): encryptions.formIntersection([pinned])
        case .signature, .mac: throw .unusableKey
        }
        guard algorithm.isSymmetric else {
            return try token.plaintext(
                openedBy: try key.decryptionKey(), algorithms: [algorithm], encryptions: encryptions)
        }
        return try token.plaintext(
            openedBy: try key.sharedSecret(algorithm), algorithm: algorithm, encryptions: encryptions)
    }

    private func named(by header: JOSEHeader) -> [PrivateJWK] {
        header.keyID.map { id in keys.filter { $0.keyID == id } } ?? keys
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleIdentity
import SocleJOSE

/// Answers as a client registered to receive them: signed, encrypted, or signed and then encrypted (OpenID Connect Core
/// §10.2, §16.14).
package struct ProtectedAnswers: Sendable {
    private let keys: any SigningKeyRing
    private let clientKeys: ClientKeys
    private let random: SecureRandom

    package init(keys: any SigningKeyRing, clientKeys: ClientKeys, random: SecureRandom) {
        self.keys = keys
        self.clientKeys = clientKeys
        self.random = random
    }

    /// - Throws: `server_error` when no key can sign.
    func signed(
        _ payload: [UInt8], algorithm: SignatureAlgorithm, type: String
    ) async throws(ProtocolError) -> String {
        do {
            let (id, key) = try await keys.current(algorithm)
            return try JWS.sign(payload: payload, with: key, keyID: id, type: type)
        } catch {
            throw ProtocolError(.serverError, "the server could not sign a token", detail: "\(error)")
        }
    }

    /// A signed token as the client receives it.
    func encrypted(
        signed token: String, by protection: ResponseEncryption?, for client: Client, now: Instant
    ) async throws(ProtocolError) -> String {
        guard let protection else { return token }
        let recipient = try await recipient(protection, client, now: now)
        do throws(CryptoError) {
            return try JWE.encrypt(signed: token, to: recipient, encryption: protection.content, random: random)
        } catch {
            throw Self.failure("\(error)")
        }
    }

    /// Claims that are not signed, encrypted.
    func encrypted(
        claims: [UInt8], by protection: ResponseEncryption, for client: Client, now: Instant
    ) async throws(ProtocolError) -> String {
        let recipient = try await recipient(protection, client, now: now)
        do throws(CryptoError) {
            return try JWE.encrypt(claims, to: recipient, encryption: protection.content, random: random)
        } catch {
            throw Self.failure("\(error)")
        }
    }

    /// Never in clear for want of a key: who registered encryption counts on it.
    private func recipient(
        _ protection: ResponseEncryption, _ client: Client, now: Instant
    ) async throws(ProtocolError) -> JWERecipient {
        guard let recipient = await clientKeys.keys(of: client, for: nil, now: now)?.recipient(protection.key) else {
            throw Self.failure("the client has no key to encrypt to")
        }
        return recipient
    }

    private static func failure(_ detail: String) -> ProtocolError {
        ProtocolError(.serverError, "the server could not encrypt the answer", detail: detail)
    }
}

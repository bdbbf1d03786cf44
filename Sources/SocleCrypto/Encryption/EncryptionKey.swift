// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A public key that secrets are encrypted to or agreed with, checked when it came in: RSA, EC or X25519.
package final class EncryptionKey: Sendable {
    package let numbers: PublicKeyNumbers
    let handle: KeyHandle

    /// - Throws: `invalidKey` for numbers that are no key (a point off the curve), `weakKey` for one not to be trusted,
    ///   `wrongAlgorithm` for an Ed25519 key, which only signs.
    package convenience init(_ numbers: PublicKeyNumbers) throws(CryptoError) {
        if case .ed25519 = numbers { throw .wrongAlgorithm }
        self.init(handle: try KeyHandle(numbers), numbers: numbers)
    }

    init(handle: KeyHandle, numbers: PublicKeyNumbers) {
        self.handle = handle
        self.numbers = numbers
    }

    /// The secret encrypted by RSAES-OAEP, to an RSA key.
    package func encrypt(_ secret: Secret, digest: OAEPDigest) throws(CryptoError) -> [UInt8] {
        guard let encrypted = digest.run(handle, secret.unredacted, encrypt: true) else { throw .operationFailed }
        return encrypted
    }
}

extension EncryptionKey: Equatable {
    package static func == (a: EncryptionKey, b: EncryptionKey) -> Bool { a.numbers == b.numbers }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

extension KeyHandle {
    /// A public key from its numbers, checked: on the curve, strong enough, of canonical length.
    convenience init(_ numbers: PublicKeyNumbers) throws(CryptoError) {
        defer { ERR_clear_error() }
        try KeyHandle.check(numbers)
        let pointer =
            switch numbers {
            case .ec(let curve, let x, let y):
                // Importing refuses a point that is not on the curve, and infinity has no such form.
                socle_import_ec(curve.group, [4] + x + y, 1 + x.count + y.count, nil, 0)
            case .rsa(let modulus, let exponent):
                socle_import_rsa(modulus + exponent, [modulus.count, exponent.count], 2)
            case .ed25519(let point): EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, point, point.count)
            case .x25519(let point): EVP_PKEY_new_raw_public_key_ex(nil, "X25519", nil, point, point.count)
            }
        guard let pointer else { throw .invalidKey }
        self.init(taking: pointer)
    }

    /// A key pair from its numbers, checked as a public key is, and as a pair: the secret is the public part's own.
    convenience init(_ numbers: PrivateKeyNumbers) throws(CryptoError) {
        defer { ERR_clear_error() }
        let expected = numbers.publicNumbers
        try KeyHandle.check(expected)
        let pointer: OpaquePointer?
        switch numbers {
        case .ec(let curve, let x, let y, let d):
            let scalar = d.unredacted
            guard scalar.count == curve.size else { throw .invalidKey }
            pointer = socle_import_ec(curve.group, [4] + x + y, 1 + x.count + y.count, scalar, scalar.count)
        case .rsa(let modulus, let exponent, let secrets):
            let numbers = [modulus, exponent] + secrets.numbers.map(\.unredacted)
            guard numbers.allSatisfy({ (1...1024).contains($0.count) }) else { throw .invalidKey }
            pointer = socle_import_rsa(Array(numbers.joined()), numbers.map(\.count), numbers.count)
        case .ed25519(_, let seed): pointer = KeyHandle.raw("ED25519", seed)
        case .x25519(_, let scalar): pointer = KeyHandle.raw("X25519", scalar)
        }
        guard let pointer else { throw .invalidKey }
        self.init(taking: pointer)
        // Of an Edwards or Montgomery key libcrypto computes the public part itself; of the others it checks the pair.
        guard try self.numbers() == expected, isPair() else { throw .invalidKey }
    }

    private static func check(_ numbers: PublicKeyNumbers) throws(CryptoError) {
        switch numbers {
        case .ec(let curve, let x, let y):
            guard x.count == curve.size, y.count == curve.size else { throw .invalidKey }
        case .rsa(let modulus, let exponent): try RSAStrength.check(modulus: modulus, exponent: exponent)
        case .ed25519(let point), .x25519(let point): guard point.count == 32 else { throw .invalidKey }
        }
    }

    private static func raw(_ kind: String, _ secret: Secret) -> OpaquePointer? {
        guard secret.unredacted.count == 32 else { return nil }
        return EVP_PKEY_new_raw_private_key_ex(nil, kind, nil, secret.unredacted, 32)
    }

    private func isPair() -> Bool {
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_check(context) == 1
    }
}

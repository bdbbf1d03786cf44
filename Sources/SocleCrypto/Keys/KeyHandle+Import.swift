// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

extension KeyHandle {
    /// A public key from its numbers, checked: on the curve, strong enough, of canonical length.
    convenience init(_ numbers: PublicKeyNumbers) throws(CryptoError) {
        defer { ERR_clear_error() }
        switch numbers {
        case .p256(let x, let y):
            // Importing refuses a point that is not on the curve.
            guard x.count == 32, y.count == 32, let pointer = socle_import_p256([4] + x + y) else {
                throw .invalidKey
            }
            self.init(taking: pointer)
        case .rsa(let modulus, let exponent):
            try RSAStrength.check(modulus: modulus, exponent: exponent)
            // Little endian, the byte order of every machine Socle runs on.
            var modulus = Array(modulus.reversed())
            var exponent = Array(exponent.reversed())
            guard let pointer = socle_import_rsa(&modulus, modulus.count, &exponent, exponent.count) else {
                throw .invalidKey
            }
            self.init(taking: pointer)
        case .ed25519(let point):
            guard point.count == 32,
                let pointer = EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, point, point.count)
            else { throw .invalidKey }
            self.init(taking: pointer)
        }
    }
}

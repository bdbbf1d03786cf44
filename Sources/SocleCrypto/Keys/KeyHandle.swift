// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// An `EVP_PKEY` of one of the offered kinds.
///
/// INVARIANT: the key is never changed once its handle exists, and libcrypto lets threads share an unchanging key;
/// operation contexts are not shared, see `OperationContexts`.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Whether the private part is somewhere else, and can only be asked to sign.
    let isInHardware: Bool

    /// Takes over the reference.
    init(taking pointer: OpaquePointer, inHardware: Bool = false) {
        self.pointer = pointer
        isInHardware = inHardware
    }

    deinit { EVP_PKEY_free(pointer) }

    /// Reads the numbers back from libcrypto, whatever form the key came in.
    func numbers() throws(CryptoError) -> PublicKeyNumbers {
        if EVP_PKEY_is_a(pointer, "EC") == 1 {
            let group = group()
            var point = [UInt8](repeating: 0, count: 133)
            let count = socle_ec_point(pointer, &point)
            guard let curve = EllipticCurve.allCases.first(where: { $0.group == group }), count == 1 + 2 * curve.size,
                point[0] == 4
            else { throw .invalidKey }
            return .ec(curve, x: Array(point[1...curve.size]), y: Array(point[(1 + curve.size)..<count]))
        }
        if EVP_PKEY_is_a(pointer, "RSA") == 1 {
            return .rsa(modulus: try number(OSSL_PKEY_PARAM_RSA_N), exponent: try number(OSSL_PKEY_PARAM_RSA_E))
        }
        if EVP_PKEY_is_a(pointer, "ED25519") == 1 { return .ed25519(point: try rawPoint()) }
        if EVP_PKEY_is_a(pointer, "X25519") == 1 { return .x25519(point: try rawPoint()) }
        throw .invalidKey
    }

    private func rawPoint() throws(CryptoError) -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 32)
        var count = point.count
        guard EVP_PKEY_get_raw_public_key(pointer, &point, &count) == 1, count == 32 else { throw .invalidKey }
        return point
    }

    private func group() -> String? {
        var name = [CChar](repeating: 0, count: 64)
        var count = 0
        guard EVP_PKEY_get_group_name(pointer, &name, name.count, &count) == 1, count <= name.count else { return nil }
        return String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func number(_ name: String) throws(CryptoError) -> [UInt8] {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(pointer, name, &number) == 1, let number else { throw .invalidKey }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
        guard BN_bn2bin(number, &bytes) == bytes.count else { throw .invalidKey }
        return bytes
    }
}

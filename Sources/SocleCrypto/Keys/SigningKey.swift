// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// A private key that signs with one algorithm.
package final class SigningKey: Sendable {
    package let algorithm: SignatureAlgorithm
    package let publicKey: VerificationKey
    let handle: KeyHandle
    private let contexts: OperationContexts

    /// A fresh key. RSA is 2048 bits and takes up to a second: never on a cooperative thread.
    package static func generate(_ algorithm: SignatureAlgorithm) throws(CryptoError) -> SigningKey {
        let pointer =
            switch algorithm {
            case .es256, .es384, .es512: socle_generate_ec((algorithm.curve ?? .p256).group)
            case .rs256, .rs384, .rs512, .ps256, .ps384, .ps512: socle_generate_rsa(2048)
            case .edDSA: socle_generate("ED25519")
            }
        guard let pointer else { throw .operationFailed }
        return try SigningKey(handle: KeyHandle(taking: pointer), algorithm: algorithm)
    }

    /// An Ed25519 key from its 32-byte seed (RFC 8032 §5.1.5).
    package convenience init(ed25519Seed seed: Secret) throws(CryptoError) {
        let seed = seed.unredacted
        guard seed.count == 32,
            let pointer = EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
        else { throw .invalidKey }
        try self.init(handle: KeyHandle(taking: pointer), algorithm: .edDSA)
    }

    /// - Throws: `invalidKey` for numbers that are no key pair, `weakKey`, or `wrongAlgorithm` for one of another kind.
    package convenience init(_ numbers: PrivateKeyNumbers, algorithm: SignatureAlgorithm) throws(CryptoError) {
        try self.init(handle: KeyHandle(numbers), algorithm: algorithm)
    }

    init(handle: KeyHandle, algorithm: SignatureAlgorithm) throws(CryptoError) {
        let numbers = try handle.numbers()
        guard numbers.algorithms.contains(algorithm) else { throw .wrongAlgorithm }
        if case .rsa(let modulus, let exponent) = numbers {
            try RSAStrength.check(modulus: modulus, exponent: exponent)
        }
        self.handle = handle
        self.algorithm = algorithm
        publicKey = VerificationKey(handle: handle, numbers: numbers)
        contexts = OperationContexts(.sign, key: handle, algorithm: algorithm)
    }

    /// The signature in JOSE form: r and s for ECDSA, libcrypto's own bytes otherwise.
    package func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        if algorithm == .edDSA { return try signEd25519(message) }
        let digest = algorithm.hash.digest(message)
        let signature = contexts.withContext { context -> [UInt8]? in
            // The longest: 8192-bit RSA. A DER signature of P-521 has at most 139 bytes.
            var size = 1024
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { output, initialized in
                let signed = EVP_PKEY_sign(context, output.baseAddress, &size, digest, digest.count)
                initialized = signed == 1 ? size : 0
            }
            return bytes.isEmpty ? nil : bytes
        }
        guard let signature else { throw .operationFailed }
        guard let curve = algorithm.curve else { return signature }
        guard let joined = ECDSASignature.joined(der: signature, curve) else { throw .operationFailed }
        return joined
    }

    private func signEd25519(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw .operationFailed }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: 64)
        var size = signature.count
        guard EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1,
            EVP_DigestSign(context, &signature, &size, message, message.count) == 1, size == 64
        else { throw .operationFailed }
        return signature
    }
}

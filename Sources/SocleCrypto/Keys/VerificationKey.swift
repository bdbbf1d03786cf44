// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

/// A public key that verifies signatures, checked when it came in.
package final class VerificationKey: Sendable {
    package let numbers: PublicKeyNumbers
    private let handle: KeyHandle
    private let contexts: [SignatureAlgorithm: OperationContexts]

    /// - Throws: `invalidKey` for numbers that are no key (a point off the curve), `weakKey` for one not to be trusted,
    ///   `wrongAlgorithm` for an X25519 key, which signs nothing.
    package convenience init(_ numbers: PublicKeyNumbers) throws(CryptoError) {
        guard !numbers.algorithms.isEmpty else { throw .wrongAlgorithm }
        self.init(handle: try KeyHandle(numbers), numbers: numbers)
    }

    init(handle: KeyHandle, numbers: PublicKeyNumbers) {
        self.handle = handle
        self.numbers = numbers
        let algorithms = numbers.algorithms.filter { $0 != .edDSA }
        contexts = Dictionary(
            uniqueKeysWithValues: algorithms.map { ($0, OperationContexts(.verify, key: handle, algorithm: $0)) })
    }

    /// Whether the signature, in JOSE form, is this key's over the message. An algorithm of another kind of key is
    /// simply false: nothing is ever verified by falling back to what the key could do.
    package func verify(_ signature: [UInt8], _ message: [UInt8], algorithm: SignatureAlgorithm) -> Bool {
        guard numbers.algorithms.contains(algorithm) else { return false }
        if algorithm == .edDSA { return verifyEd25519(signature, message) }
        var signature = signature
        if let curve = algorithm.curve {
            guard let der = ECDSASignature.der(joined: signature, curve) else { return false }
            signature = der
        }
        guard let contexts = contexts[algorithm] else { return false }
        let digest = algorithm.hash.digest(message)
        return contexts.withContext { context in
            EVP_PKEY_verify(context, signature, signature.count, digest, digest.count) == 1 ? true : nil
        } ?? false
    }

    private func verifyEd25519(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
        guard signature.count == 64, let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return EVP_DigestVerifyInit(context, nil, nil, nil, handle.pointer) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

extension VerificationKey: Equatable {
    package static func == (a: VerificationKey, b: VerificationKey) -> Bool { a.numbers == b.numbers }
}

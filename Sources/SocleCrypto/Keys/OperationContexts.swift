// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL
import Synchronization

/// Prepared contexts for one key and one algorithm: preparing one costs a quarter of an ES256 signature.
///
/// INVARIANT: a context is used by one thread at a time; it is out of `idle` while in use.
final class OperationContexts: @unchecked Sendable {
    enum Operation {
        case sign
        case verify
    }

    private let key: KeyHandle
    private let algorithm: SignatureAlgorithm
    private let operation: Operation
    private let idle = Mutex<[PreparedContext]>([])
    /// More than the cores of a node: what a burst makes beyond it is freed.
    private let limit = 64

    init(_ operation: Operation, key: KeyHandle, algorithm: SignatureAlgorithm) {
        self.operation = operation
        self.key = key
        self.algorithm = algorithm
    }

    /// nil when libcrypto cannot prepare, or the body failed: its context is then not used again.
    func withContext<Result>(_ body: (OpaquePointer) -> Result?) -> Result? {
        guard let context = idle.withLock({ $0.popLast() }) ?? prepare() else { return nil }
        guard let result = body(context.pointer) else {
            ERR_clear_error()
            return nil
        }
        idle.withLock { if $0.count < limit { $0.append(context) } }
        return result
    }

    private func prepare() -> PreparedContext? {
        guard let pointer = EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil) else { return nil }
        let context = PreparedContext(taking: pointer)
        let started = operation == .sign ? EVP_PKEY_sign_init(pointer) : EVP_PKEY_verify_init(pointer)
        guard started == 1, EVP_PKEY_CTX_set_signature_md(pointer, algorithm.hash.pointer) == 1 else {
            return nil
        }
        switch algorithm {
        case .es256, .es384, .es512, .edDSA: break
        case .rs256, .rs384, .rs512:
            guard EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_PADDING) == 1 else { return nil }
        case .ps256, .ps384, .ps512:
            guard EVP_PKEY_CTX_set_rsa_padding(pointer, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(pointer, RSA_PSS_SALTLEN_DIGEST) == 1,
                EVP_PKEY_CTX_set_rsa_mgf1_md(pointer, algorithm.hash.pointer) == 1
            else { return nil }
        }
        return context
    }
}

/// INVARIANT: used by one thread at a time; see `OperationContexts`.
private final class PreparedContext: @unchecked Sendable {
    let pointer: OpaquePointer
    init(taking pointer: OpaquePointer) { self.pointer = pointer }
    deinit { EVP_PKEY_CTX_free(pointer) }
}

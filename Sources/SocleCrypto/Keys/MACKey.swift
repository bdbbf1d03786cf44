// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The codes made with a shared secret that are offered, by their JOSE names (RFC 7518 §3.2).
package enum MACAlgorithm: String, Hashable, Sendable, CaseIterable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"

    /// Bytes of a code, and of the shortest key.
    package var size: Int {
        switch self {
        case .hs256: 32
        case .hs384: 48
        case .hs512: 64
        }
    }
}

/// A shared secret for one algorithm. No public key converts to one: that confusion has no spelling here.
package struct MACKey: Equatable, Sendable {
    package let algorithm: MACAlgorithm
    private let secret: Secret

    /// - Throws: `weakKey` for a secret shorter than the code (RFC 7518 §3.2).
    package init(_ secret: Secret, algorithm: MACAlgorithm) throws(CryptoError) {
        guard secret.unredacted.count >= algorithm.size else { throw .weakKey }
        self.secret = secret
        self.algorithm = algorithm
    }

    package func code(_ message: [UInt8]) -> [UInt8] {
        switch algorithm {
        case .hs256: HMAC.sha256(key: secret.unredacted, message)
        case .hs384: HMAC.sha384(key: secret.unredacted, message)
        case .hs512: HMAC.sha512(key: secret.unredacted, message)
        }
    }

    /// Whether the code is this key's over the message, in constant time.
    package func verify(_ code: [UInt8], _ message: [UInt8]) -> Bool { ConstantTime.equals(code, self.code(message)) }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Which RSA keys may be trusted.
///
/// - Modulus: odd, 2048 to 8192 bits (RFC 7518 §3.3; the upper bound keeps a client's key from costing us seconds).
/// - Exponent: odd, 65537 to 32 bits (NIST SP 800-56B §6.2 has the lower bound).
/// - Not of the ROCA family (CVE-2017-15361), whose private keys can be computed.
enum RSAStrength {
    static func check(modulus: [UInt8], exponent: [UInt8]) throws(CryptoError) {
        guard let first = modulus.first, first != 0, let last = modulus.last, last & 1 == 1 else { throw .invalidKey }
        let bits = modulus.count * 8 - first.leadingZeroBitCount
        guard exponent.first.map({ $0 != 0 }) ?? false, exponent.count <= 4 else { throw .invalidKey }
        let exponent = exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard (2048...8192).contains(bits), exponent >= 65_537, exponent & 1 == 1, !isROCA(modulus) else {
            throw .weakKey
        }
    }

    /// The faulty library's primes are 65537^a mod M plus a multiple of M, M a product of small primes, so that the
    /// modulus is a power of 65537 modulo each of them: by chance once in 2^28.
    private static func isROCA(_ modulus: [UInt8]) -> Bool {
        fingerprints.allSatisfy { prime, powers in
            powers.contains(modulus.reduce(0) { ($0 << 8 | UInt32($1)) % prime })
        }
    }

    private static let fingerprints: [(prime: UInt32, powers: Set<UInt32>)] =
        (3...167).filter { number in !(2..<number).contains { number % $0 == 0 } }.map { prime in
            var powers: Set<UInt32> = []
            var power: UInt32 = 1
            while powers.insert(power).inserted { power = power * (65_537 % prime) % prime }
            return (prime, powers)
        }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CArgon2

/// Argon2id hashes of passwords (RFC 9106) in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Everything here blocks for tens of milliseconds and takes `memory` of RAM: call it through `PasswordPool`.
/// The parameters and their cost: docs/decisions/0004-password-hashing.md.
package enum PasswordHash {
    package struct Parameters: Hashable, Sendable {
        /// In KiB.
        package var memory: UInt32
        package var passes: UInt32
        package var lanes: UInt32

        package init(memory: UInt32, passes: UInt32, lanes: UInt32) {
            self.memory = memory
            self.passes = passes
            self.lanes = lanes
        }

        /// 19 MiB, two passes, one lane.
        package static let standard = Parameters(memory: 19_456, passes: 2, lanes: 1)

        /// A stored hash beyond these is not verified: it could only have been planted to exhaust memory or time.
        var areAcceptable: Bool {
            (8...65_536).contains(memory) && (1...8).contains(passes) && (1...4).contains(lanes)
                && memory >= 8 * lanes
        }
    }

    /// The longest password hashed, in bytes of UTF-8.
    package static let longestPassword = 1024

    /// - Returns: a PHC string with a 16-byte salt and a 32-byte hash.
    package static func make(
        _ password: String, parameters: Parameters = .standard, random: SecureRandom
    ) -> String {
        precondition(parameters.areAcceptable, "parameters Socle would itself refuse to verify")
        let salt = random.bytes(16)
        guard let hash = argon2id(password, salt: salt, parameters: parameters, size: 32) else {
            fatalError("libargon2 is out of memory")
        }
        return PHCString(parameters: parameters, salt: salt, hash: hash).text
    }

    /// Whether the password is the hash's. False for a text that is no Argon2id PHC string, or has absurd parameters.
    package static func verify(_ password: String, _ phc: String) -> Bool {
        guard password.utf8.count <= longestPassword, let stored = PHCString(phc),
            let hash = argon2id(password, salt: stored.salt, parameters: stored.parameters, size: stored.hash.count)
        else { return false }
        return ConstantTime.equals(hash, stored.hash)
    }

    /// Whether the hash was made with other parameters than these, and should be made again at the next sign-in.
    package static func isOutdated(_ phc: String, parameters: Parameters = .standard) -> Bool {
        PHCString(phc)?.parameters != parameters
    }

    private static func argon2id(
        _ password: String, salt: [UInt8], parameters: Parameters, size: Int
    ) -> [UInt8]? {
        let password = Array(password.utf8)
        var hash = [UInt8](repeating: 0, count: size)
        let status = socle_argon2id(
            parameters.passes, parameters.memory, parameters.lanes, password, UInt32(password.count), salt,
            UInt32(salt.count), &hash, UInt32(size))
        return status == ARGON2_OK.rawValue ? hash : nil
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Time-based one-time codes as every authenticator application makes them: SHA-1, 6 digits, 30 seconds (RFC 6238).
package struct TOTP: Sendable {
    /// In seconds.
    package static let period: Int64 = 30
    package static let digits = 6

    /// 20 bytes (RFC 4226 §4 R6 recommends 160 bits); a shorter one down to 128 bits is taken.
    private let seed: Secret

    /// nil for a seed under 16 bytes or over 64.
    package init?(seed: [UInt8]) {
        guard (16...64).contains(seed.count) else { return nil }
        self.seed = Secret(seed)
    }

    package static func newSeed(random: SecureRandom) -> [UInt8] { random.bytes(20) }

    /// The time step of an instant given in seconds since 1970.
    package static func step(at seconds: Int64) -> Int64 {
        seconds >= 0 ? seconds / period : (seconds - period + 1) / period
    }

    /// The code of one time step (RFC 4226 §5.3).
    package func code(at step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) }
        let mac = HMAC.sha1(key: seed.unredacted, counter)
        let start = Int(mac[19] & 0x0F)
        let number = mac[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: TOTP.digits - text.count) + text
    }

    /// The time step whose code this is, within the window around now and later than the last one accepted: a code
    /// works once (RFC 6238 §5.2). The caller records the step in the transaction that accepts the code.
    ///
    /// - Parameters:
    ///   - seconds: now, since 1970.
    ///   - last: the step last accepted; 0 when none was.
    ///   - window: how many steps the person's clock, or their typing, may be away (RFC 6238 §5.2 advises one).
    package func matching(_ code: String, at seconds: Int64, after last: Int64, window: Int64 = 1) -> Int64? {
        let now = TOTP.step(at: seconds)
        var found: Int64?
        // No short circuit: the time taken says nothing of which step matched, nor of how much of the code is right.
        for step in (now - window)...(now + window) {
            let equal = ConstantTime.equals(self.code(at: step), code)
            if equal && step > last { found = step }
        }
        return found
    }

    /// What an authenticator application reads from a QR code.
    package static func provisioningURI(seed: [UInt8], issuer: String, account: String) -> String {
        "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(Base32.encode(seed))"
            + "&issuer=\(escaped(issuer))&algorithm=SHA1&digits=\(digits)&period=\(period)"
    }

    /// RFC 3986 §2.3: everything but the unreserved characters is percent-encoded.
    private static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { output, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                output.unicodeScalars.append(Unicode.Scalar(byte))
            default: output += "%" + Hex.encode([byte]).uppercased()
            }
        }
    }
}

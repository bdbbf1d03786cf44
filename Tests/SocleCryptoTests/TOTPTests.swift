// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("One-time codes · RFC 6238, RFC 4226")
struct TOTPTests {
    let seed = Array("12345678901234567890".utf8)

    /// RFC 6238 appendix B gives eight digits; six are its last ones.
    @Test(
        "the codes of appendix B",
        arguments: [
            (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
            (2_000_000_000, "279037"), (20_000_000_000, "353130"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, code: String) throws {
        let totp = try #require(TOTP(seed: seed))
        #expect(totp.code(at: TOTP.step(at: seconds)) == code)
        #expect(totp.matching(code, at: seconds, after: 0) == seconds / 30)
    }

    @Test("the codes of RFC 4226 appendix D, by counter") func counters() throws {
        let totp = try #require(TOTP(seed: seed))
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        for (step, code) in codes.enumerated() { #expect(totp.code(at: Int64(step)) == code) }
    }

    @Test("a code of the step before or after is taken; two steps away is not") func window() throws {
        let totp = try #require(TOTP(seed: seed))
        let now: Int64 = 1_700_000_000
        let step = TOTP.step(at: now)
        for offset: Int64 in -1...1 {
            #expect(totp.matching(totp.code(at: step + offset), at: now, after: 0) == step + offset)
        }
        #expect(totp.matching(totp.code(at: step - 2), at: now, after: 0) == nil)
        #expect(totp.matching(totp.code(at: step + 2), at: now, after: 0) == nil)
        #expect(totp.matching(totp.code(at: step + 1), at: now, after: 0, window: 0) == nil)
    }

    @Test("a code works once, and none older than it works any more") func once() throws {
        let totp = try #require(TOTP(seed: seed))
        let now: Int64 = 1_700_000_000
        let step = TOTP.step(at: now)
        #expect(totp.matching(totp.code(at: step), at: now, after: step) == nil)
        #expect(totp.matching(totp.code(at: step - 1), at: now, after: step) == nil)
        #expect(totp.matching(totp.code(at: step + 1), at: now, after: step) == step + 1)
    }

    @Test(
        "what is not the six digits is refused",
        arguments: ["", "28708", "2870820", " 287082", "287 082", "28708２", "287083", "00287082", "-287082"])
    func malformed(code: String) throws {
        #expect(try #require(TOTP(seed: seed)).matching(code, at: 59, after: 0) == nil)
    }

    @Test("a seed under 128 bits is no seed", arguments: [0, 1, 10, 15, 65]) func shortSeed(count: Int) {
        #expect(TOTP(seed: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("the provisioning text escapes what an account name may hold") func uri() {
        #expect(
            TOTP.provisioningURI(seed: seed, issuer: "Socle démo", account: "a:b@c.fr?x=1")
                == "otpauth://totp/Socle%20d%C3%A9mo:a%3Ab%40c.fr%3Fx%3D1"
                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Socle%20d%C3%A9mo"
                + "&algorithm=SHA1&digits=6&period=30")
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJOSE
import SocleJSON
import Testing

@Suite("JWT claims · RFC 7519 §4.1")
struct ClaimTests {
    private let now: Int64 = 1_800_000_000
    private let expectations = JWTExpectations(issuer: "https://a", audiences: ["me", "us"], skew: 10)
    private var good: JSONObject {
        ["iss": "https://a", "aud": "me", "exp": .integer(now + 60), "nbf": .integer(now), "iat": .integer(now)]
    }

    private func fault(_ name: String, _ value: JSONValue?, _ expectations: JWTExpectations? = nil) -> ClaimFault? {
        var claims = good
        claims[name] = value
        do throws(ClaimFault) {
            try (expectations ?? self.expectations).check(claims, at: now)
            return nil
        } catch { return error }
    }

    @Test("good claims pass, with one audience or several, a fraction of a second, and within the skew") func good_() {
        #expect(fault("jti", "x") == nil)
        #expect(fault("aud", ["other", "us"]) == nil)
        #expect(fault("exp", .double(Double(now) + 60.5)) == nil)
        #expect(fault("exp", .integer(now - 9)) == nil)
        #expect(fault("nbf", .integer(now + 10)) == nil)
        #expect(fault("iat", .integer(now + 10)) == nil)
        #expect(fault("nbf", nil) == nil)
        #expect(fault("iat", nil) == nil)
    }

    @Test("the instant of `exp` itself is too late, and so is every later one") func expired() {
        #expect(fault("exp", .integer(now - 10)) == .expired)
        #expect(fault("exp", 0) == .expired)
        #expect(fault("exp", nil) == .malformed("exp"))
    }

    @Test("a token of the future, or too old for its use, is refused") func times() {
        #expect(fault("nbf", .integer(now + 11)) == .notYetValid)
        #expect(fault("iat", .integer(now + 11)) == .issuedLater)
        let fresh = JWTExpectations(skew: 0, maximumAge: 60)
        #expect(fault("iat", .integer(now - 60), fresh) == nil)
        #expect(fault("iat", .integer(now - 61), fresh) == .tooOld)
        #expect(fault("iat", nil, fresh) == .malformed("iat"))
    }

    @Test("another issuer or audience, or none, is refused") func parties() {
        #expect(fault("iss", "https://A") == .wrongIssuer)
        #expect(fault("iss", "https://a/") == .wrongIssuer)
        #expect(fault("iss", nil) == .malformed("iss"))
        #expect(fault("iss", ["https://a"]) == .malformed("iss"))
        #expect(fault("aud", "you") == .wrongAudience)
        #expect(fault("aud", []) == .wrongAudience)
        #expect(fault("aud", nil) == .malformed("aud"))
        #expect(fault("aud", ["me", 1]) == .malformed("aud"))
    }

    @Test("a date that is no number, negative or absurd is refused") func dates() {
        for name in ["exp", "nbf", "iat"] {
            for value: JSONValue in ["1800000060", true, .null, -1, .integer(.max), .double(1e300), .double(-0.5), []] {
                #expect(fault(name, value) == .malformed(name))
            }
        }
    }
}

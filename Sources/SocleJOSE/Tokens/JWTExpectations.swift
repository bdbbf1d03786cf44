// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// Why claims do not hold for the caller at that moment.
package enum ClaimFault: Error, Hashable, Sendable {
    /// Absent, or of the wrong JSON type.
    case malformed(String)
    case wrongIssuer
    case wrongAudience
    case expired
    case notYetValid
    /// Issued in the future: the issuer's clock, or the token, is wrong.
    case issuedLater
    case tooOld
}

/// What a JWT must claim (RFC 7519 §4.1), checked at an instant given in seconds since 1970.
package struct JWTExpectations: Sendable {
    package var issuer: String?
    /// At least one of these among the token's audiences.
    package var audiences: [String]?
    /// How far clocks may differ, in seconds.
    package var skew: Int64
    package var requiresExpiry: Bool
    /// The oldest `iat`, in seconds before now.
    package var maximumAge: Int64?

    package init(
        issuer: String? = nil, audiences: [String]? = nil, skew: Int64 = 0, requiresExpiry: Bool = true,
        maximumAge: Int64? = nil
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.skew = skew
        self.requiresExpiry = requiresExpiry
        self.maximumAge = maximumAge
    }

    package func check(_ claims: JSONObject, at now: Int64) throws(ClaimFault) {
        if let issuer {
            guard let claimed = claims["iss"]?.string else { throw .malformed("iss") }
            guard claimed == issuer else { throw .wrongIssuer }
        }
        if let audiences {
            let claimed = try JWTExpectations.audiences(of: claims)
            guard claimed.contains(where: audiences.contains) else { throw .wrongAudience }
        }
        // The instant of `exp` itself is too late (RFC 7519 §4.1.4).
        if let expiry = try JWTExpectations.date("exp", in: claims) {
            guard now < expiry + skew else { throw .expired }
        } else if requiresExpiry {
            throw .malformed("exp")
        }
        if let start = try JWTExpectations.date("nbf", in: claims), now + skew < start { throw .notYetValid }
        let issued = try JWTExpectations.date("iat", in: claims)
        if let issued, now + skew < issued { throw .issuedLater }
        if let maximumAge {
            guard let issued else { throw .malformed("iat") }
            guard now - issued <= maximumAge + skew else { throw .tooOld }
        }
    }

    /// `aud` as one text or several (RFC 7519 §4.1.3).
    package static func audiences(of claims: JSONObject) throws(ClaimFault) -> [String] {
        if let one = claims["aud"]?.string { return [one] }
        guard let several = claims["aud"]?.strings else { throw .malformed("aud") }
        return several
    }

    /// A NumericDate: seconds, a fraction allowed and dropped; bounded, so that sums with it cannot overflow.
    private static func date(_ name: String, in claims: JSONObject) throws(ClaimFault) -> Int64? {
        guard let value = claims[name] else { return nil }
        let range: ClosedRange<Int64> = 0...253_402_300_799
        switch value {
        case .integer(let seconds) where range.contains(seconds): return seconds
        case .double(let seconds) where seconds >= 0 && seconds <= Double(range.upperBound): return Int64(seconds)
        default: throw .malformed(name)
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// A JWT whose signature has been verified. Its claims still have to be checked against the moment and the audience.
package struct VerifiedToken: Sendable {
    static let limits = JSONLimits(bytes: UnverifiedToken.usualLimit, depth: 8, values: 2_000)

    package let header: JOSEHeader
    package let payload: [UInt8]
    package let claims: JSONObject

    /// Only `UnverifiedToken` makes one.
    init(header: JOSEHeader, payload: [UInt8]) throws(JOSEError) {
        guard let claims = (try? JSONValue(parsing: payload, limits: VerifiedToken.limits))?.object else {
            throw .malformedClaims
        }
        self.header = header
        self.payload = payload
        self.claims = claims
    }
}

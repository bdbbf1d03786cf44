// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJSON

/// A compact JWS taken apart, not yet believed (RFC 7515 §7.1): good for finding the key to verify it with.
package struct UnverifiedToken: Sendable {
    /// The longest token read unless the caller says otherwise, in bytes.
    package static let usualLimit = 16_384

    package let header: JOSEHeader
    /// What the signer claims to have signed.
    package let payload: [UInt8]
    private let signed: [UInt8]
    private let signature: [UInt8]

    package init(compact: some StringProtocol, limit: Int = usualLimit) throws(JOSEError) {
        let text = Array(compact.utf8.prefix(limit + 1))
        guard text.count <= limit else { throw .tooLong }
        let segments = text.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard segments.count == 3, let head = Base64URL.decode(utf8: segments[0]), !head.isEmpty,
            let payload = Base64URL.decode(utf8: segments[1]), let signature = Base64URL.decode(utf8: segments[2])
        else { throw .malformedToken }
        header = try JOSEHeader(parsing: head)
        self.payload = payload
        self.signature = signature
        signed = Array(text[..<segments[1].endIndex])
    }

    /// Whether the signature is empty, as that of `none` has to be (RFC 7518 §3.6).
    package var isUnsigned: Bool { signature.isEmpty }

    /// The payload as claims, still unverified: to read `iss` or `client_id` before the key is known.
    package var unverifiedClaims: JSONObject? {
        (try? JSONValue(parsing: payload, limits: VerifiedToken.limits))?.object
    }

    /// The token as the key's holder signed it.
    ///
    /// - Parameters:
    ///   - algorithm: the one the key is pinned to; the header must name it, and never chooses it.
    ///   - type: the `typ` demanded, where a profile has one (`at+jwt`): a token of another use must not pass here.
    package func verified(
        by key: VerificationKey, algorithm: SignatureAlgorithm, type: String? = nil
    ) throws(JOSEError) -> VerifiedToken {
        try VerifiedToken(header: header, payload: try signedPayload(by: key, algorithm: algorithm, type: type))
    }

    /// The token as a holder of the shared secret made it; the key says with which algorithm.
    package func verified(by key: MACKey, type: String? = nil) throws(JOSEError) -> VerifiedToken {
        try VerifiedToken(header: header, payload: try signedPayload(by: key, type: type))
    }

    /// The payload alone, for a JWS that is not a JWT.
    package func signedPayload(by key: MACKey, type: String? = nil) throws(JOSEError) -> [UInt8] {
        guard header.algorithm == key.algorithm.rawValue else { throw .wrongAlgorithm }
        if let type, !header.isType(type) { throw .wrongType }
        guard key.verify(signature, signed) else { throw .wrongSignature }
        return payload
    }

    /// The payload alone, for a JWS that is not a JWT.
    package func signedPayload(
        by key: VerificationKey, algorithm: SignatureAlgorithm, type: String? = nil
    ) throws(JOSEError) -> [UInt8] {
        guard header.algorithm == algorithm.rawValue else { throw .wrongAlgorithm }
        if let type, !header.isType(type) { throw .wrongType }
        guard key.verify(signature, signed, algorithm: algorithm) else { throw .wrongSignature }
        return payload
    }
}

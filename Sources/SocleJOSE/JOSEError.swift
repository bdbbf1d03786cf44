// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Why a token or a key is refused. None of these texts is for a client: it is told `invalid_token`, no more.
package enum JOSEError: Error, Hashable, Sendable {
    /// Longer than the caller's limit.
    case tooLong
    /// Not three base64url segments, or five of an encrypted one.
    case malformedToken
    /// The header is not a JSON object of unique members with a textual `alg`.
    case malformedHeader
    /// A `crit` extension (none is understood), or one that changes how the payload is read.
    case criticalExtension
    /// The header brings its own key, or says where to fetch it: `jwk`, `jku`, `x5c`, `x5u`.
    case embeddedKey
    /// Another algorithm than the one the key is pinned to; `none` is never another one.
    case wrongAlgorithm
    /// Another `typ` than the caller demands.
    case wrongType
    case wrongSignature
    /// Does not open with this key: another key, or anything changed, be it the content key, the tag or the padding.
    case undecryptable
    /// The header says `zip`.
    case compressed
    /// The payload is signed, but is not a JSON object of unique members.
    case malformedClaims
    /// Not a JWK of a kind offered, or contradictory: `alg` of another kind of key, padding, a private part.
    case malformedKey
    /// A key that may not be used that way (`use`, `key_ops`, `alg`), of a wrong size, or too weak to be trusted.
    case unusableKey
}

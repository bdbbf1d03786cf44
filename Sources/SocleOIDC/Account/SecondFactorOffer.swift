// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleIdentity

/// A second factor about to be enrolled: a seed for an authenticator application, shown on one page and proved by a
/// code of it. Nothing is stored meanwhile: it comes back in the page's own form, sealed for that person, that session
/// or sign-in, and a time.
package struct SecondFactorOffer: Hashable, Sendable {
    package let seed: [UInt8]
    package let expires: Instant

    /// A new one.
    package init(random: SecureRandom, expires: Instant) {
        seed = TOTP.newSeed(random: random)
        self.expires = expires
    }

    /// One that comes back; nil when it is not for them, or too late.
    /// - Parameter place: the session or the interaction whose page showed it.
    package init?(sealed text: String, subject: String, place: String, vault: Vault, now: Instant) {
        guard text.utf8.count <= 256, let sealed = Base64URL.decode(text),
            let opened = vault.open(sealed, context: Self.context(subject, place)), opened.count > 8
        else { return nil }
        let milliseconds = opened.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        seed = Array(opened.dropFirst(8))
        expires = Instant(milliseconds: milliseconds)
        guard now < expires, TOTP(seed: seed) != nil else { return nil }
    }

    package func sealed(subject: String, place: String, vault: Vault, random: SecureRandom) -> String {
        let instant = (0..<8).map { UInt8(truncatingIfNeeded: expires.milliseconds >> (56 - 8 * $0)) }
        return Base64URL.encode(
            vault.seal(instant + seed, context: Self.context(subject, place), random: random))
    }

    /// The step whose code of this seed was typed; nil for any other text.
    func step(of typed: String, now: Instant) -> Int64? { TOTP.step(of: typed, seed: seed, after: 0, now: now) }

    /// For typing into the application: groups of four.
    package var key: String {
        let text = Base32.encode(seed)
        return stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }
            .joined(separator: " ")
    }

    /// - Parameter issuer: the URL of Socle: its host tells one account of the application from another.
    package func uri(login: String, issuer: String) -> String {
        let host = String(issuer.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != ":" && $0 != "/" })
        return TOTP.provisioningURI(seed: seed, issuer: "Socle", account: "\(login)@\(host)")
    }

    private static func context(_ subject: String, _ place: String) -> String { "totp-offer:\(subject):\(place)" }
}

extension TOTP {
    /// The step of what a person typed; nil for no code of that seed later than the last one accepted.
    static func step(of typed: String, seed: [UInt8], after last: Int64, now: Instant) -> Int64? {
        // Authenticator applications show `123 456`.
        let code = typed.filter { !$0.isWhitespace }
        guard code.utf8.count == digits, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let totp = TOTP(seed: seed)
        else { return nil }
        return totp.matching(code, at: now.seconds, after: last)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleOIDC
import Testing

@Suite("A second factor about to be enrolled")
struct SecondFactorOfferTests {
    let start = Instant(seconds: 1_793_610_000)
    let vault = Vault(key: Array(repeating: 7, count: 32))

    private func opened(
        _ sealed: String, subject: String = "sub-1", place: String = "session-1", after: Duration = .zero
    ) -> SecondFactorOffer? {
        SecondFactorOffer(sealed: sealed, subject: subject, place: place, vault: vault, now: start + after)
    }

    @Test("it comes back for the same person at the same place, within its time, and for nobody else") func sealed() {
        let offer = SecondFactorOffer(random: .system, expires: start + .minutes(15))
        let text = offer.sealed(subject: "sub-1", place: "session-1", vault: vault, random: .system)
        #expect(opened(text) == offer && opened(text, after: .seconds(899)) == offer)
        #expect(opened(text, after: .minutes(15)) == nil)
        #expect(opened(text, subject: "sub-2") == nil && opened(text, place: "session-2") == nil)
        #expect(opened(String(text.dropLast())) == nil && opened("") == nil && opened("AAAA") == nil)
        #expect(opened(String(repeating: "A", count: 1000)) == nil)
        var bytes = Base64URL.decode(text) ?? []
        bytes[20] ^= 1
        #expect(opened(Base64URL.encode(bytes)) == nil)
    }

    @Test("its key is in groups of four, its address names the host") func shown() {
        let offer = SecondFactorOffer(random: SecureRandom { [UInt8](repeating: 0, count: $0) }, expires: start)
        #expect(offer.key == "AAAA AAAA AAAA AAAA AAAA AAAA AAAA AAAA")
        let uri = offer.uri(login: "marie", issuer: "https://socle.example:8443/x")
        #expect(uri.hasPrefix("otpauth://totp/Socle:marie%40socle.example?secret=AAAA"))
    }

    @Test("the administrator's code is the one told, however it is typed") func digest() {
        let digest = PendingEnrolment.digest(of: "abcd-efgh-ijkl-mnop")
        #expect(PendingEnrolment.digest(of: " ABCD-efgh-IJKL-mnop ") == digest)
        #expect(
            PendingEnrolment.digest(of: "abcd-efgh-ijkl-mnoq") != digest && PendingEnrolment.digest(of: "") != digest)
    }
}

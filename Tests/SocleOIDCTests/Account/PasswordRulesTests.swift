// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleOIDC
import Testing

@Suite("Passwords people choose · NIST SP 800-63B-4 §3.1.1.2")
struct PasswordRulesTests {
    private func fault(_ password: String, _ repeated: String? = nil, login: String = "marie") -> PasswordRules.Fault? {
        PasswordRules.fault(password, repeated: repeated ?? password, login: login, current: "the present one")
    }

    @Test("length counts code points, spaces and accents included; nothing is asked of the kind of character")
    func length() {
        #expect(fault("onze lettre") == .tooShort)
        #expect(fault("douze lettre") == nil)
        #expect(fault("éèàùçœâêîôûë") == nil)
        #expect(fault("") == .tooShort)
        #expect(fault(String(repeating: "abcd", count: 256)) == nil)
        #expect(fault(String(repeating: "abcd", count: 256) + "e") == .tooLong)
        // 512 code points, 1,026 bytes.
        #expect(fault(String(repeating: "éà", count: 256) + "çù") == .tooLong)
    }

    @Test(
        "the login is not in it, however it is written",
        arguments: ["marie marie marie", "Marie-2026-Marie", "xxMARIExx 12345", "abcdefghmarie"])
    func login(password: String) { #expect(fault(password) == .holdsLogin) }

    @Test("a login of three letters may be in it") func shortLogin() {
        #expect(fault("cheval correct", login: "val") == nil)
    }

    @Test(
        "a few characters over again are refused",
        arguments: ["aaaaaaaaaaaa", "121212121212", "abcabcabcabc", "            "])
    func repetitive(password: String) { #expect(fault(password) == .repetitive) }

    @Test("the present one is refused, and two entries that differ") func same() {
        #expect(fault("the present one") == .unchanged)
        #expect(fault("une autre phrase", "une autre phrasE") == .different)
        #expect(fault("une autre phrase", "") == .different)
        // Two spellings of one text are two passwords: the hash would not match the other.
        #expect(fault("mot de passe\u{E9}", "mot de passee\u{301}") == .different)
    }

    @Test("a temporary password has 80 bits, and keeps every rule") func temporary() {
        let password = TemporaryPassword.make(random: .system)
        #expect(password.wholeMatch(of: #/[a-z2-7]{4}(-[a-z2-7]{4}){3}/#) != nil)
        #expect(password != TemporaryPassword.make(random: .system))
        #expect(PasswordRules.fault(password, repeated: password, login: "marie") == nil)
    }
}

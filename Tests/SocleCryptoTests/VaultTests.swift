// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("Vault · AES-256-GCM, NIST SP 800-38D")
struct VaultTests {
    let key = [UInt8](repeating: 7, count: 32)
    let random = SecureRandom { [UInt8](repeating: 0xA5, count: $0) }

    @Test("cases 13, 14 and 15 of the GCM specification are sealed to their published bytes") func known() {
        func seal(key: String, nonce: String, plain: String) -> String {
            let fixed = SecureRandom { _ in Hex.decode(nonce) ?? [] }
            let vault = Vault(key: Hex.decode(key) ?? [])
            return Hex.encode(vault.seal(Hex.decode(plain) ?? [], context: "", random: fixed))
        }
        let zero = String(repeating: "0", count: 64)
        let zeroNonce = String(repeating: "0", count: 24)
        #expect(
            seal(key: zero, nonce: zeroNonce, plain: "") == "01" + zeroNonce + "530f8afbc74536b9a963b4f1c4cb738b")
        #expect(
            seal(key: zero, nonce: zeroNonce, plain: String(repeating: "0", count: 32))
                == "01" + zeroNonce + "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919")
        #expect(
            seal(
                key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                nonce: "cafebabefacedbaddecaf888",
                plain: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255")
                == "01cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                + "b094dac5d93471bdec1a502270e3cc6c")
    }

    @Test("what was sealed opens under the same key and context", arguments: [0, 1, 15, 16, 17, 1000])
    func roundTrip(count: Int) {
        let vault = Vault(key: key)
        let plain = [UInt8](repeating: 3, count: count)
        #expect(vault.open(vault.seal(plain, context: "totp:1", random: .system), context: "totp:1") == plain)
    }

    @Test("another context, another key, or any changed bit opens nothing") func refused() {
        let vault = Vault(key: key)
        let sealed = vault.seal(Array("seed".utf8), context: "totp:1", random: random)
        #expect(vault.open(sealed, context: "totp:2") == nil)
        #expect(vault.open(sealed, context: "") == nil)
        #expect(Vault(key: [UInt8](repeating: 8, count: 32)).open(sealed, context: "totp:1") == nil)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(vault.open(changed, context: "totp:1") == nil, "byte \(index)")
        }
    }

    @Test("a value cut short, or grown, opens nothing") func cut() {
        let vault = Vault(key: key)
        let sealed = vault.seal([1, 2, 3], context: "c", random: random)
        for count in 0..<sealed.count { #expect(vault.open(Array(sealed.prefix(count)), context: "c") == nil) }
        #expect(vault.open(sealed + [0], context: "c") == nil)
    }

    @Test("two seals of one value differ") func nonces() {
        let vault = Vault(key: key)
        #expect(vault.seal([1], context: "c", random: .system) != vault.seal([1], context: "c", random: .system))
    }
}

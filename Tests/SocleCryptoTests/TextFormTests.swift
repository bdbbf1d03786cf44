// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import Testing

@Suite("Base64url, Base32, hexadecimal · RFC 4648")
struct TextFormTests {
    static let words: [(plain: String, base64: String, base32: String)] = [
        ("", "", ""), ("f", "Zg", "MY"), ("fo", "Zm8", "MZXQ"), ("foo", "Zm9v", "MZXW6"), ("foob", "Zm9vYg", "MZXW6YQ"),
        ("fooba", "Zm9vYmE", "MZXW6YTB"), ("foobar", "Zm9vYmFy", "MZXW6YTBOI"),
    ]

    @Test("the vectors of §10 go both ways", arguments: words)
    func vectors(plain: String, base64: String, base32: String) {
        #expect(Base64URL.encode(plain.utf8) == base64)
        #expect(Base64URL.decode(base64) == Array(plain.utf8))
        #expect(Base32.encode(plain.utf8) == base32)
        #expect(Base32.decode(base32) == Array(plain.utf8))
        #expect(Base32.decode(base32.lowercased()) == Array(plain.utf8))
    }

    @Test("every byte survives a round trip") func roundTrip() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    }

    @Test(
        "base64url refuses padding, the standard alphabet, white space, stray bits and impossible lengths",
        arguments: ["Zg==", "Zg=", "+/+/", "Zm 9v", "Zm9v\n", "Zh", "Zm9", "Z", "Zm9vY", "Zé", "Zm9v\0", "-_-_-"])
    func refusedBase64(text: String) { #expect(Base64URL.decode(text) == nil) }

    @Test(
        "base32 refuses other digits, stray bits, impossible lengths and misplaced or missing padding",
        arguments: ["M1", "MZ0W", "M", "MZX", "MZXW6Y", "MZ", "MY=", "MY======MY", "=", "MZXW6YTB========", "MZ XQ"])
    func refusedBase32(text: String) { #expect(Base32.decode(text) == nil) }

    @Test("base32 takes its whole padding") func paddedBase32() {
        #expect(Base32.decode("MY======") == Array("f".utf8))
        #expect(Base32.decode("mzxw6ytboi======") == Array("foobar".utf8))
    }

    @Test("hexadecimal refuses half a byte and other characters", arguments: ["a", "abc", "0g", "0x10", "1 ", "é"])
    func refusedHex(text: String) { #expect(Hex.decode(text) == nil) }

    @Test("a secret prints as a fixed text, whatever prints it") func secret() {
        struct Holder { var secret = Secret("swordfish") }
        #expect("\(Secret("swordfish"))" == "(secret)")
        #expect(String(reflecting: Secret("swordfish")) == "(secret)")
        #expect(!String(reflecting: Holder()).contains("swordfish"))
        var dumped = ""
        dump(Secret("swordfish"), to: &dumped)
        #expect(dumped == "- (secret)\n")
        #expect(Secret("swordfish") == Secret("swordfish"))
        #expect(Secret("swordfish") != Secret("swordfisH"))
    }

    @Test("a token is 43 characters and never the same twice") func tokens() {
        let tokens = Set((0..<100).map { _ in SecureRandom.system.token() })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 && Base64URL.decode($0)?.count == 32 })
        #expect(SecureRandom.system.bytes(0).isEmpty)
    }

    @Test("no random bytes are given twice, whoever asks at the same time and for however many") func once() async {
        let drawn = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<2_000).map { SecureRandom.system.bytes([16, 32, 127, 128, 129, 5_000][$0 % 6]) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(drawn.count == 16_000 && Set(drawn.map { Array($0.prefix(16)) }).count == 16_000)
        // The end of one and the beginning of the next come from one draw.
        #expect(Set(drawn.map { Array($0.suffix(16)) }).count == 16_000)
        #expect(Set(drawn.map(\.count)) == [16, 32, 127, 128, 129, 5_000])
    }
}

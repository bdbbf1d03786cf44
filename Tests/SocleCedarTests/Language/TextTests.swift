// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Texts, their comparison and their hash · Cedar language reference, strings")
struct TextTests {
    /// Long enough to be kept apart, whatever is in it: a string holds at most fifteen bytes in itself.
    private func keptApart(_ text: String) -> String {
        var result = String(repeating: "x", count: 64)
        result.removeAll(keepingCapacity: true)
        result += text
        return result
    }

    private func letters(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(97 + $0 % 26) } }

    private func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("a text equals itself wherever it is kept, and has one hash", arguments: 0...40)
    func sameText(count: Int) {
        let text = string(letters(count))
        let copy = keptApart(text)
        #expect(Text(text) == Text(copy))
        #expect(Text(text).digest == Text(copy).digest)
        #expect(Text.areSame(copy, keptApart(text)))
        #expect(Value.string(text) == .string(copy))
        #expect(Record([(text, Value.long(1))])[copy] == .long(1))
    }

    @Test("a byte that differs, at any place, makes another text", arguments: 1...40)
    func oneByte(count: Int) {
        let bytes = letters(count)
        let text = Text(string(bytes))
        for place in bytes.indices {
            var others = bytes
            others[place] ^= 1
            let other = Text(string(others))
            #expect(text != other && text.digest != other.digest, "at \(place)")
            #expect(!Text.areSame(keptApart(text.string), keptApart(other.string)), "at \(place)")
        }
    }

    @Test("a text that another begins with is another text", arguments: 1...40)
    func shorter(count: Int) {
        let (long, short) = (Text(string(letters(count))), Text(string(letters(count - 1))))
        #expect(long != short && long.digest != short.digest)
        let padded = Text(short.string + "\0")
        #expect(padded != short && padded.digest != short.digest)
    }

    @Test(
        "no two short texts have one hash, however they begin",
        arguments: ["", "abcdefg", "abcdefgh", "abcdefghijklmnop"])
    func shortTexts(beginning: String) {
        var texts = [beginning]
        var longest = texts
        for _ in 1...6 {
            longest = longest.flatMap { text in ["\0", "\u{1}", "a", "b"].map { text + $0 } }
            texts += longest
        }
        #expect(Set(texts.map { Text($0).digest }).count == texts.count)
    }

    @Test("composed and decomposed letters are two texts, two names, two entities")
    func canonicalEquivalence() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed == decomposed)
        #expect(Text(composed) != Text(decomposed))
        #expect(Value.string(composed) != .string(decomposed))
        #expect(Record([(composed, Value.long(1))])[decomposed] == nil)
        #expect(EntityUID(type: "User", id: composed) != EntityUID(type: "User", id: decomposed))
    }
}

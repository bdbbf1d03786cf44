// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import Testing

@Suite("Reading · RFC 8259, RFC 7493")
struct JSONReaderTests {
    private func fault(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONError? {
        do throws(JSONError) {
            _ = try JSONValue(parsing: bytes, limits: limits)
            return nil
        } catch { return error }
    }

    private func fault(_ text: String, _ limits: JSONLimits = JSONLimits()) -> JSONError.Fault? {
        fault(Array(text.utf8), limits)?.fault
    }

    @Test("each kind of value is read as what it is") func kinds() throws {
        let value = try JSONValue(parsing: " { \"a\" : [ null , true,false,-12, 0.5 ,\"x\" ] ,\r\n\t\"b\":{} } ")
        #expect(value["a"] == [.null, true, false, -12, .double(0.5), "x"])
        #expect(value["b"]?.object?.isEmpty == true)
        #expect(value.object?.names == ["a", "b"])
        #expect(try JSONValue(parsing: "[]") == [])
        #expect(try JSONValue(parsing: "\"\"") == "")
    }

    @Test("`1` is no boolean, `true` no number, and 1.0 no integer") func notGuessed() throws {
        #expect(try JSONValue(parsing: "1").bool == nil)
        #expect(try JSONValue(parsing: "true").integer == nil)
        #expect(try JSONValue(parsing: "1.0").integer == nil)
        #expect(try JSONValue(parsing: "1e2").integer == nil)
        #expect(try JSONValue(parsing: "\"1\"").integer == nil)
        #expect(try JSONValue(parsing: "[\"a\", 1]").strings == nil)
    }

    @Test("integers reach both ends of 64 bits, and one beyond is refused rather than rounded") func integers() throws {
        #expect(try JSONValue(parsing: "9223372036854775807").integer == .max)
        #expect(try JSONValue(parsing: "-9223372036854775808").integer == .min)
        #expect(try JSONValue(parsing: "-0").integer == 0)
        for text in ["9223372036854775808", "-9223372036854775809", String(repeating: "9", count: 65)] {
            #expect(fault(text) == .invalidNumber)
        }
    }

    @Test("fractions and exponents are read; those beyond a double are refused") func doubles() throws {
        #expect(try JSONValue(parsing: "-1.5e-3") == .double(-0.0015))
        #expect(try JSONValue(parsing: "1E+2") == .double(100))
        #expect(fault("1e400") == .invalidNumber)
        #expect(fault("-1e400") == .invalidNumber)
    }

    @Test(
        "what the grammar has no number for is refused",
        arguments: [
            "01", "-01", "00", "-", "+1", ".5", "1.", "1.e2", "1e", "1e+", "0x10", "1_000", "1 2", "--1", "Infinity",
            "NaN", "-Infinity", "1.2.3", "1e2e3", "١",
        ])
    func malformedNumbers(text: String) {
        #expect(fault(text) != nil)
        #expect(fault("[\(text)]") != nil)
    }

    @Test(
        "what is cut, misplaced or no JSON at all is refused",
        arguments: [
            "", " ", "{", "[", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[1", "[1,", "\"abc", "\"\\", "\"\\u12",
            "t", "tru", "fals", "nul", "True", "NULL", "nulll", "[1,]", "[,1]", "[1 2]", "{,}", "{\"a\":1,}", "{a:1}",
            "{1:2}", "{'a':1}", "{\"a\" 1}", "{\"a\"::1}", "[1]]", "{}{}", "1,", "]", "}", "//c\n1", "[1/**/]",
            "\u{FEFF}1",
            "undefined", "\u{A0}1", "\u{0B}1",
        ])
    func malformed(text: String) { #expect(fault(text) != nil) }

    @Test("a member twice is refused, however the name is spelled and however many there are") func duplicates() {
        #expect(fault(#"{"a":1,"a":1}"#) == .duplicateMember)
        #expect(fault(#"{"a":1,"\u0061":2}"#) == .duplicateMember)
        #expect(fault(#"{"x":{"b":1,"b":2}}"#) == .duplicateMember)
        #expect(fault(#"{"":1,"":2}"#) == .duplicateMember)
        for count in 1...40 {
            let names = (0..<count).map { "\"m\($0)\":\($0)" }
            #expect(fault("{" + names.joined(separator: ",") + "}") == nil)
            for repeated in [0, count / 2, count - 1] {
                let text = "{" + (names + ["\"m\(repeated)\":0"]).joined(separator: ",") + "}"
                #expect(fault(text) == .duplicateMember, "member \(repeated) of \(count)")
            }
        }
    }

    @Test("escapes are read, surrogate pairs among them") func escapes() throws {
        #expect(try JSONValue(parsing: #""\"\\\/\b\f\n\r\t""#) == "\"\\/\u{8}\u{c}\n\r\t")
        #expect(try JSONValue(parsing: #""\u00e9\u20AC\u0000""#) == "é€\u{0}")
        #expect(try JSONValue(parsing: #""a\ud83d\uDE00b""#) == "a😀b")
        #expect(try JSONValue(parsing: "\"é€😀\"") == "é€😀")
    }

    @Test(
        "an unknown escape, a lone surrogate or a control character is refused",
        arguments: [
            #""\a""#, #""\x41""#, #""\'""#, #""\u12g4""#, #""\u 123""#, #""\u+123""#, #""\ud800""#, #""\udc00""#,
            #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\ud83d\u0041""#, #""\ude00\ud83d""#, #""\ud800\u""#,
            "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", #""\n"# + "\n\"",
        ])
    func malformedStrings(text: String) { #expect(fault(text) != nil) }

    @Test(
        "invalid UTF-8 is refused wherever it stands, never repaired",
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80], [0xE2, 0x82],
        ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        #expect(fault(quote + bytes + quote)?.fault == .invalidUTF8)
        #expect(fault(quote + Array(#"\n"#.utf8) + bytes + quote)?.fault == .invalidUTF8)
        #expect(fault(Array("{\"".utf8) + bytes + Array("\":1}".utf8))?.fault == .invalidUTF8)
        #expect(fault(bytes) != nil)
    }

    @Test("depth is bounded: the limit passes, one more does not, and thousands cost nothing") func depth() {
        let limits = JSONLimits(depth: 8)
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(fault(nested(9), limits) == nil)
        #expect(fault(nested(10), limits) == .tooDeep)
        #expect(fault(String(repeating: "[", count: 500_000)) == .tooDeep)
        #expect(fault(String(repeating: "{\"a\":", count: 100_000)) == .tooDeep)
    }

    @Test("size and number of values are bounded") func sizes() {
        #expect(fault("[1,2]", JSONLimits(bytes: 5)) == nil)
        #expect(fault("[1,2] ", JSONLimits(bytes: 5)) == .tooLarge)
        #expect(fault("[1,2]", JSONLimits(values: 3)) == nil)
        #expect(fault("[1,2,3]", JSONLimits(values: 3)) == .tooManyValues)
    }

    @Test("a fault names its byte") func offsets() {
        for (text, offset) in [("[1, x]", 4), ("1 x", 2), (#"{"a":1,"a":2}"#, 7), ("\"ab\u{1}\"", 3)] {
            #expect(fault(Array(text.utf8))?.offset == offset)
        }
        #expect(fault(Array("1 x".utf8)).map { "\($0)" } == "text after the value at byte 2")
    }

    @Test("no cut of a good text, and no byte changed in it, crashes the reader") func hostile() {
        let good = Array(#"{"a":[1,-2.5e3,true,null,"é\u00e9\ud83d\ude00"],"b":{"c":"d"}}"#.utf8)
        for count in 0..<good.count { #expect(fault(Array(good.prefix(count))) != nil) }
        for index in good.indices {
            for byte: UInt8 in [0, 0x22, 0x5C, 0x7B, 0x80, 0xFF] {
                var changed = good
                changed[index] = byte
                _ = fault(changed)
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Where one value of a text stands.
struct JSONNode {
    enum Kind: UInt8 { case null, no, yes, integer, double, string, array, object }

    /// How a string is written: in ASCII, in UTF-8, or with an escape among its characters.
    enum Spelling: UInt8 { case ascii, utf8, escaped }

    let kind: Kind
    let spelling: Spelling
    /// Its bytes; of a string what stands between the quotes.
    let start: UInt32
    /// Where they end; of an array how many elements it has, and of an object how many members: each is a string and a
    /// value.
    var end: UInt32
    /// The node after all that this one holds.
    var next: UInt32

    var count: UInt32 { end }
}

extension JSONNode {
    /// Of a string that was checked.
    func string(in bytes: [UInt8]) -> String {
        let range = Int(start)..<Int(end)
        if spelling != .escaped {
            // A third of the time of `String(validating:as:)`, whose generic code looks its types up at each call.
            do { return String(copying: try UTF8Span(validating: bytes.span.extracting(range))) } catch { return "" }
        }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var escapes = JSONEscapes(bytes: bytes, offset: range.lowerBound)
        while escapes.offset < range.upperBound {
            if bytes[escapes.offset] == UInt8(ascii: "\\") {
                guard let scalar = try? escapes.next() else { break }
                text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            } else {
                text.append(bytes[escapes.offset])
                escapes.offset += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// nil for one beyond 64 bits.
    func integer(in bytes: [UInt8]) -> Int64? {
        Int64(String(decoding: bytes[Int(start)..<Int(end)], as: UTF8.self))
    }

    /// nil for one beyond a double.
    func double(in bytes: [UInt8]) -> Double? {
        guard let double = Double(String(decoding: bytes[Int(start)..<Int(end)], as: UTF8.self)), double.isFinite
        else { return nil }
        return double
    }
}

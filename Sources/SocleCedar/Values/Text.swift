// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A string compared as Cedar compares: by Unicode code point. It carries its hash, so that a name met at every
/// decision is hashed once.
///
/// Swift's `==` holds `é` composed and decomposed for the same text; Cedar does not, and a policy that named one
/// would then apply to the other. Comparing UTF-8 is comparing code points, in order as well.
public struct Text: Comparable, Sendable {
    public let string: String
    /// Seeded per process, as Swift's own hashes are: nobody outside can choose names that collide.
    let digest: Int

    public init(_ string: String) {
        self.string = string
        digest = Digest.of(string)
    }

    public static func == (a: Text, b: Text) -> Bool {
        a.digest == b.digest && Text.areSame(a.string, b.string)
    }

    public static func < (a: Text, b: Text) -> Bool { a.string.utf8.lexicographicallyPrecedes(b.string.utf8) }

    /// Whether two strings are the same code points.
    ///
    /// Most often they are the same two words: one text held twice, or two of at most fifteen bytes, which a string
    /// keeps in itself. (`_isIdentical` is what SE-0494 names `isTriviallyIdentical`.)
    @inline(__always)
    static func areSame(_ a: String, _ b: String) -> Bool { a._isIdentical(to: b) || haveSameBytes(a, b) }

    /// Eight bytes at a time.
    @inline(never)
    private static func haveSameBytes(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        let same: Bool?? = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b in
                haveSameBytes(UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
            }
        }
        return (same ?? nil) ?? a.utf8.elementsEqual(b.utf8)
    }

    private static func haveSameBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= a.count {
            let x = a.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard x == b.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
            offset += 8
        }
        while offset < a.count {
            guard a[offset] == b[offset] else { return false }
            offset += 1
        }
        return true
    }
}

extension Text: Hashable {
    public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension Text: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { string }
}

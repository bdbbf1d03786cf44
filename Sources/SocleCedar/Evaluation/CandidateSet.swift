// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Which policies may apply, one bit each: given several times they count once, and they come out in the order of the
/// policy set.
struct CandidateSet {
    /// Given by the caller, all zero.
    let words: UnsafeMutableBufferPointer<UInt64>

    mutating func insert(_ numbers: [Int32]) {
        for number in numbers { words[Int(number) >> 6] |= 1 << UInt64(number & 63) }
    }

    func visit(_ body: (Int) -> Void) {
        for place in words.indices {
            var word = words[place]
            while word != 0 {
                body(place << 6 + word.trailingZeroBitCount)
                word &= word - 1
            }
        }
    }
}

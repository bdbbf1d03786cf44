// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Which policies may apply, one bit each: given several times they count once, and they come out in the order of the
/// policy set.
///
/// Words nobody touched cost nothing, however many policies there are: a bit of `summary` tells which were.
struct CandidateSet {
    /// Given by the caller, with anything in them.
    private let words: UnsafeMutablePointer<UInt64>
    /// Given by the caller, all zero: one bit for each word.
    private let summary: UnsafeMutableBufferPointer<UInt64>

    /// How many words and how many words of summary so many policies need.
    static func room(for policies: Int) -> (words: Int, summary: Int) { (policies >> 6 + 1, policies >> 12 + 1) }

    init(words: UnsafeMutablePointer<UInt64>, summary: UnsafeMutableBufferPointer<UInt64>) {
        self.words = words
        self.summary = summary
    }

    func insert(_ numbers: UnsafePointer<Int32>, count: Int) {
        for place in 0..<count {
            let number = Int(numbers[place])
            let (word, bit) = (number >> 6, 1 << UInt64(number & 63) as UInt64)
            let touched = 1 << UInt64(word & 63) as UInt64
            if summary[word >> 6] & touched != 0 {
                words[word] |= bit
            } else {
                summary[word >> 6] |= touched
                words[word] = bit
            }
        }
    }

    func visit(_ body: (Int) -> Void) {
        for group in summary.indices {
            var touched = summary[group]
            while touched != 0 {
                let place = group << 6 + touched.trailingZeroBitCount
                touched &= touched - 1
                var word = words[place]
                while word != 0 {
                    body(place << 6 + word.trailingZeroBitCount)
                    word &= word - 1
                }
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation

/// Nanoseconds a piece of work took: on the wall, and on the processor, which other programs disturb less.
struct Lap {
    var wall: Double
    var processor: Double

    static let never = Lap(wall: .infinity, processor: .infinity)

    init(wall: Double, processor: Double) {
        self.wall = wall
        self.processor = processor
    }

    init(_ body: () throws -> Void) rethrows {
        let (wall, processor) = (Lap.now(CLOCK_MONOTONIC), Lap.now(CLOCK_THREAD_CPUTIME_ID))
        try body()
        self.init(wall: Lap.now(CLOCK_MONOTONIC) - wall, processor: Lap.now(CLOCK_THREAD_CPUTIME_ID) - processor)
    }

    /// The quickest of several runs, the least disturbed.
    static func best(_ rounds: Int, _ body: () throws -> Void) rethrows -> Lap {
        var best = Lap.never
        for _ in 0..<rounds { best.improve(by: try Lap(body)) }
        return best
    }

    mutating func improve(by other: Lap) {
        (wall, processor) = (min(wall, other.wall), min(processor, other.processor))
    }

    static func / (lap: Lap, count: Int) -> Lap {
        Lap(wall: lap.wall / Double(count), processor: lap.processor / Double(count))
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}

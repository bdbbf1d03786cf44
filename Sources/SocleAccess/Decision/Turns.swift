// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Between the questions of a long call: others are let by, and one that nobody waits for any longer ends (DESIGN 9).
struct Turns: Sendable {
    /// How long a call may think before it lets others by.
    private static let length = Duration.milliseconds(2)
    private var began = ContinuousClock.now

    /// - Returns: whether the next question is still asked.
    mutating func next() async -> Bool {
        guard !Task.isCancelled else { return false }
        if began.duration(to: .now) > Turns.length {
            await Task.yield()
            began = .now
        }
        return !Task.isCancelled
    }
}

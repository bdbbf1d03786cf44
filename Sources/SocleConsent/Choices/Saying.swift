// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What the versions of one choice tell together: since when it has been said, and when it was taken back.
struct Saying: Hashable, Sendable {
    /// The first of the versions that say what the last one says, and are not less: writing it again says
    /// nothing new, unless it begins anew.
    var since: Instant
    /// The version that ended it earlier than was said before. nil for what ended by the period that it was given, and
    /// for what was written in error.
    var takenBack: Instant?

    /// - Parameter versions: of one choice, in their order; one at least.
    init(_ versions: ArraySlice<PatientChoice>) {
        let last = versions[versions.endIndex - 1]
        since = last.recordedAt
        for (earlier, later) in zip(versions, versions.dropFirst()).reversed() {
            guard earlier.kind == later.kind, earlier.period.lasts(as: later.period),
                earlier.period.start >= later.period.start
            else { break }
            since = earlier.recordedAt
        }
        // Written first as over from now on.
        takenBack = versions.first.flatMap { $0.period.end == $0.recordedAt ? $0.recordedAt : nil }
        for (earlier, later) in zip(versions, versions.dropFirst()) where earlier.period.end != later.period.end {
            if earlier.period.lasts(as: later.period) {
                takenBack = later.recordedAt
            } else if !later.period.ended(by: later.recordedAt) {
                takenBack = nil
            }
        }
        if last.period.isEmpty { takenBack = nil }
    }

    /// By the id of the choice.
    static func each(of choices: [PatientChoice]) -> [String: Saying] {
        Dictionary(grouping: choices, by: \.id).mapValues { versions in
            Saying(versions.sorted { $0.version < $1.version }[...])
        }
    }
}

extension Period {
    /// Whether it ends no earlier than the other.
    fileprivate func lasts(as other: Period) -> Bool {
        guard let end else { return true }
        return other.end.map { $0 <= end } ?? false
    }
}

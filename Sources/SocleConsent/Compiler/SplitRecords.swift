// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// What the records of two identifiers that were one leave each other when they part.
package enum SplitRecords {
    /// The next versions of one record's choices: each grant that the patient took back in a record of the other side
    /// while they were one ends here too, since nobody knows which of them spoke.
    ///
    /// - Parameters:
    ///   - own, others: every version of each choice.
    ///   - merged: since when they were one.
    package static func ending(
        _ own: [PatientChoice], asIn others: [[PatientChoice]], merged: Instant, split: Instant
    ) -> [PatientChoice] {
        let others = others.map { Other(ConsentFacts.compile([], $0, [], isMerged: true), since: merged) }
        // A withdrawal may be for a later day.
        let ends = Set(others.flatMap(\.withdrawn).compactMap(\.period.end).map { max($0, split) }).sorted()
        guard !ends.isEmpty else { return [] }
        let sayings = Saying.each(of: own)
        var next: [PatientChoice] = []
        for grant in own where grant.isLast(of: own) && !grant.period.ended(by: split) {
            var dated = DatedFact(ConsentFacts.fact(of: grant), during: grant.period)
            dated.saying = sayings[grant.id]
            guard let end = ends.first(where: { end in others.contains { $0.takesBack(dated, at: end) } }) else {
                continue
            }
            var version = grant
            version.version += 1
            // One that was still to begin never does.
            let last = min(end, grant.period.end ?? end)
            version.period = Period(start: min(grant.period.start, last), end: last)
            (version.recordedAt, version.recordedBy, version.evidence) = (split, nil, nil)
            next.append(version)
        }
        return next
    }
}

/// A record of the other side, and what was taken back in it since the merge.
private struct Other {
    var facts: [DatedFact]
    var withdrawn: [DatedFact]

    init(_ facts: [DatedFact], since merged: Instant) {
        self.facts = facts
        withdrawn = facts.filter { $0.saying?.takenBack.map { merged <= $0 } ?? false }
    }

    func takesBack(_ grant: DatedFact, at instant: Instant) -> Bool {
        var record = RecordMoment(of: facts, at: instant)
        record.ended.removeAll { !withdrawn.contains($0) }
        // A mask is shared as what it is.
        record.holding.removeAll { if case .masked = $0.fact { true } else { false } }
        if record.overrules(grant) { return true }
        switch grant.fact {
        case .consent(let consent, _): return record.shuts(grant, to: [consent.grantee])
        case .directive(let directive):
            guard !directive.recipients.anybody else {
                return record.ended.contains { dated in
                    dated.fact.recipients.contains { record.shuts(grant, to: $0) }
                }
            }
            return directive.recipients.parties.contains { record.shuts(grant, to: [$0]) }
        default: return false
        }
    }
}

extension PatientChoice {
    fileprivate func isLast(of versions: [PatientChoice]) -> Bool {
        !versions.contains { $0.id == id && $0.version > version }
    }
}

extension DatedFact.Fact {
    /// To whom it opens, one by one; nobody in particular stands for anybody.
    fileprivate var recipients: [[Party]] {
        switch self {
        case .consent(let consent, _): [[consent.grantee]]
        case .directive(let directive):
            directive.recipients.parties.map { [$0] } + (directive.recipients.anybody ? [[]] : [])
        default: []
        }
    }
}

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
        guard others.contains(where: \.tookBack) else { return [] }
        var grants = grants(own, at: split)
        // A withdrawal may be for a later day, and so may the end of what was left beside it.
        let ends = Dictionary(grouping: others.flatMap(\.facts).filter { $0.period.end != nil }) { dated in
            max(dated.period.end ?? split, split)
        }
        var next: [PatientChoice] = []
        for (end, ended) in ends.sorted(by: { $0.key < $1.key }) {
            let moments = others.map { $0.moment(at: end) }
            grants.removeAll { grant in
                // What was not taken back before is not by the end of something else.
                guard ended.contains(where: { $0.fact.concerns(grant.dated.fact) }),
                    moments.contains(where: { $0.takesBack(grant.dated) })
                else { return false }
                next.append(grant.choice.ending(at: end, split: split))
                return true
            }
        }
        return next
    }

    private static func grants(_ own: [PatientChoice], at split: Instant) -> [(choice: PatientChoice, dated: DatedFact)]
    {
        let sayings = Saying.each(of: own)
        return own.lastVersions.values.sorted { $0.id < $1.id }.compactMap { choice in
            guard !choice.period.ended(by: split) else { return nil }
            var dated = DatedFact(ConsentFacts.fact(of: choice), during: choice.period)
            dated.saying = sayings[choice.id]
            return (choice, dated)
        }
    }
}

/// A record of the other side.
private struct Other {
    let facts: [DatedFact]
    let merged: Instant

    init(_ facts: [DatedFact], since merged: Instant) {
        self.facts = facts
        self.merged = merged
    }

    var tookBack: Bool { facts.contains(where: isTakenBack) }

    /// Whether the patient took that back since the merge.
    private func isTakenBack(_ dated: DatedFact) -> Bool { dated.saying?.takenBack.map { merged <= $0 } ?? false }

    func moment(at instant: Instant) -> RecordMoment {
        var record = RecordMoment(of: facts, at: instant)
        record.ended.removeAll { !isTakenBack($0) }
        // A mask is shared as what it is.
        record.holding.removeAll { if case .masked = $0.fact { true } else { false } }
        return record
    }
}

extension RecordMoment {
    fileprivate func takesBack(_ grant: DatedFact) -> Bool {
        if overrules(grant) { return true }
        switch grant.fact {
        case .consent(let consent, _): return shuts(grant, to: [consent.grantee])
        case .directive(let directive):
            guard !directive.recipients.anybody else {
                return ended.contains { dated in dated.fact.recipients.contains { shuts(grant, to: $0) } }
            }
            return directive.recipients.parties.contains { shuts(grant, to: [$0]) }
        default: return false
        }
    }
}

extension PatientChoice {
    /// As who gave it gave it, until then: one that was still to begin never does.
    fileprivate func ending(at end: Instant, split: Instant) -> PatientChoice {
        var choice = self
        choice.version += 1
        let last = min(end, period.end ?? end)
        choice.period = Period(start: min(period.start, last), end: last)
        choice.recordedAt = split
        return choice
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

    /// Whether the end of this may change what the other is worth.
    fileprivate func concerns(_ grant: DatedFact.Fact) -> Bool {
        switch (self, grant) {
        case (.consent(let one, _), .consent(let other, _)): one.grantee == other.grantee
        case (.directive(let directive), .consent(let consent, _)),
            (.consent(let consent, _), .directive(let directive)):
            directive.recipients.includes([consent.grantee])
        case (.directive(let one), .directive(let other)):
            one.recipients.anybody || other.recipients.anybody
                || !one.recipients.parties.isDisjoint(with: other.recipients.parties)
        case (.consent, .administrator), (.administrator, .administrator), (.occupational, .occupational),
            (.mandate, .mandate), (.agreed, .agreed):
            true
        default: false
        }
    }
}

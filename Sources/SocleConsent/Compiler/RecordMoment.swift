// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What one of several merged records says at an instant, with when it was said and what was taken back.
struct RecordMoment: Hashable, Sendable {
    var holding: [DatedFact] = []
    var ended: [DatedFact] = []
    private(set) var tookBackAny = false

    init(of facts: [DatedFact], at instant: Instant) {
        for dated in facts {
            if dated.period.contains(instant) {
                holding.append(dated)
            } else if dated.period.ended(by: instant) {
                ended.append(dated)
                tookBackAny = tookBackAny || dated.saying?.takenBack != nil
            }
        }
    }

    /// Whether something of that kind was taken back since the other record said its own. What ended by the period it
    /// was given is nobody's refusal.
    func tookBack(since said: Saying?, _ isOfThatKind: (DatedFact.Fact) -> Bool) -> Bool {
        ended.contains { dated in
            guard let takenBack = dated.saying?.takenBack, isOfThatKind(dated.fact) else { return false }
            return said.map { takenBack >= $0.since } ?? true
        }
    }

    func holds(_ isOfThatKind: (DatedFact.Fact) -> Bool) -> Bool { holding.contains { isOfThatKind($0.fact) } }

    /// Whether the patient took back here, since the other record said it, what opened to these people, and left
    /// less: consents and directives together, and consents alone where one of them is looked at.
    func shuts(_ dated: DatedFact, to grantees: [Party]) -> Bool {
        func isShut(_ opens: (DatedFact.Fact) -> Bool) -> Bool {
            tookBack(since: dated.saying, opens) && !holds { opens($0) && $0.isNoLess(than: dated.fact) }
        }
        if isShut({ $0.opens(to: grantees) }) { return true }
        guard case .consent = dated.fact else { return false }
        return isShut { $0.isConsent(to: grantees) }
    }
}

extension DatedFact.Fact {
    func isConsent(to grantees: [Party]) -> Bool {
        if case .consent(let consent, _) = self { grantees.contains(consent.grantee) } else { false }
    }

    /// Whether who has this has all of the other. Directives are told apart and no more: each opens what it opens.
    fileprivate func isNoLess(than other: DatedFact.Fact) -> Bool {
        guard case .consent(let consent, let recorder) = self else { return self == other }
        switch other {
        case .consent(let given, let other):
            return (consent.documentTypes.contains("*") || given.documentTypes.isSubset(of: consent.documentTypes))
                && (consent.informed || !given.informed) && (recorder == nil || recorder == other)
        case .directive: return consent.documentTypes.contains("*") && consent.informed && recorder == nil
        default: return false
        }
    }

    /// Whether it may open care to them outside the team.
    func opens(to grantees: [Party]) -> Bool {
        if case .directive(let directive) = self { return directive.recipients.includes(grantees) }
        return isConsent(to: grantees)
    }
}

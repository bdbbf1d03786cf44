// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

extension ConsentMoment {
    /// What several records of one person say together, the strictest winning (RNIV, merging of identities).
    ///
    /// What restricts in one record restricts. What grants in one record holds unless the patient took the same thing
    /// back in another since, and a named administrator opens no mask of a record that does not name them.
    static func strictest(of records: [RecordMoment]) -> ConsentMoment {
        var holding: [DatedFact.Fact] = []
        var ended: [DatedFact.Fact] = []
        var held: Set<DatedFact.Fact> = []
        for (index, record) in records.enumerated() {
            let others = records.indices.lazy.filter { $0 != index }.map { records[$0] }
            for dated in record.holding {
                if others.contains(where: { $0.overrules(dated) }) {
                    ended.append(dated.fact)
                } else if held.insert(dated.fact).inserted {
                    holding.append(dated.fact)
                }
            }
            ended += record.ended.map(\.fact)
        }
        return ConsentMoment(holding: holding, ended: ended, records: records)
    }

    /// Whether, of several merged records, each one that opens this to these people is shut by another.
    package func isShut(_ fact: DatedFact.Fact, to grantees: [Party]) -> Bool {
        // Mostly nothing was taken back.
        guard records.contains(where: \.tookBackAny) else { return false }
        return (said[fact] ?? []).allSatisfy { dated in records.contains { $0.shuts(dated, to: grantees) } }
    }
}

extension RecordMoment {
    /// Whether this record takes back what another one grants.
    func overrules(_ dated: DatedFact) -> Bool {
        guard let grant = Grant(dated.fact) else { return false }
        if holds({ Grant($0)?.covers(grant) == true }) { return false }
        if case .administrator(let professional) = dated.fact {
            if holds({ if case .masked = $0 { true } else { false } }) { return true }
            // Whom the patient shut out there, perhaps by their structure, manages nothing here.
            let isShutOut = tookBack(since: dated.saying) {
                guard case .consent(let consent, _) = $0 else { return false }
                if case .professional(let other) = consent.grantee { return other == professional }
                return true
            }
            if isShutOut { return true }
        }
        return tookBack(since: dated.saying) { Grant($0)?.grantee == grant.grantee }
    }
}

/// What the patient gave to someone, as far as one grant can be compared with another.
private struct Grant {
    enum Grantee: Hashable {
        case team
        case carer(RelatedPersonIdentifier)
        case administrator(ProfessionalIdentifier)
        case occupational(ProfessionalIdentifier)
    }

    var grantee: Grantee
    /// `*` covers everything.
    var scope: Set<String> = ["*"]

    init?(_ fact: DatedFact.Fact) {
        switch fact {
        case .agreed(let recipients):
            grantee = .team
            if !recipients.isEmpty { scope = recipients }
        case .mandate(let person, let categories):
            grantee = .carer(person)
            scope = categories
        case .administrator(let professional): grantee = .administrator(professional)
        case .occupational(let professional, _): grantee = .occupational(professional)
        // Consents outside the team are weighed with the question: a person and their structure are one grantee there.
        case .consent, .member, .listed, .treatingPhysician, .informed, .opposed, .opposedInEmergency,
            .opposedToRegulation, .blocked, .masked, .minorSecret,
            // So are directives, of which a refusal wins.
            .directive:
            return nil
        }
    }

    func covers(_ other: Grant) -> Bool {
        grantee == other.grantee && (scope.contains("*") || other.scope.isSubset(of: scope))
    }
}

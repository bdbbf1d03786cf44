// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity

/// The facts of patients and askers read lately, with the revisions they were read at.
///
/// A question answered from here reads nothing before its journal entry: the transaction of that entry finds each
/// revision unchanged, or the question goes back to gather (DESIGN 4.4). Facts keep their periods and are filtered by
/// the instant of the question. That nothing is known of someone is a fact too: its record then has revision 0.
package final class FactsMemory: Sendable {
    struct AskerKey: Hashable, Sendable {
        var client: String
        var subject: SubjectReference
    }

    private let askers: StampedMemory<AskerKey, GatheredAsker>
    private let patients: StampedMemory<PatientIdentifier, GatheredPatient>

    /// - Parameter bytes: what the facts kept may take, by the estimate of `weight`; none is kept when it is zero.
    package init(bytes: Int = 64 << 20) {
        askers = StampedMemory(limit: bytes / 8)
        patients = StampedMemory(limit: bytes - bytes / 8)
    }

    func asker(_ key: AskerKey) -> GatheredAsker? { askers[key]?.value }

    func patient(_ id: PatientIdentifier) -> GatheredPatient? { patients[id]?.value }

    func remember(_ asker: GatheredAsker, _ key: AskerKey) {
        askers.remember(key, asker, stamp: asker.file.stamp, weight: asker.file.weight)
    }

    func remember(_ facts: GatheredPatient, _ id: PatientIdentifier) {
        patients.remember(id, facts, stamp: facts.stamp, weight: facts.weight + facts.stamp.weight)
    }

    /// Drops what a journal transaction found to be no longer so.
    func forget(_ gathering: Gathering, client: String) {
        for item in gathering.items {
            askers.forget(AskerKey(client: client, subject: item.reference))
            if let patient = item.patient { patients.forget(patient.id) }
        }
    }

    /// Since the start: how often facts were found, how often they had to be read, and the bytes kept now.
    package var figures: (hits: Int, misses: Int, bytes: Int) {
        let (a, p) = (askers.figures, patients.figures)
        return (a.hits + p.hits, a.misses + p.misses, a.weight + p.weight)
    }
}

// MARK: Weights
//
// An estimate in bytes, on the high side: storage inline, a heap block and its header for each array, set, dictionary
// and text too long to stand inline, and half again for the spare room of hashed storage.

extension Stamp {
    /// Two tables hold it: the entry's own, and the one of its file.
    fileprivate var weight: Int { 128 + revisions.keys.reduce(0) { $0 + 96 + $1.id.weight } }
}

extension String {
    fileprivate var weight: Int { utf8.count > 15 ? 32 + utf8.count : 0 }
}

extension GatheredPatient {
    fileprivate var weight: Int {
        512 + identifiers.reduce(0) { $0 + 64 + 2 * $1.value.weight }
            + ([consent.facts] + consent.merged).joined().reduce(0) { $0 + 192 + $1.fact.weight }
    }
}

extension DatedFact.Fact {
    fileprivate var weight: Int {
        switch self {
        case .informed(let texts), .agreed(let texts), .mandate(_, let texts):
            64 + texts.reduce(0) { $0 + 32 + $1.weight }
        case .consent(let consent, _): 192 + consent.documentTypes.reduce(0) { $0 + 32 + $1.weight }
        case .directive(let directive): 64 + directive.clauses.reduce(0) { $0 + $1.weight }
        default: 64
        }
    }
}

extension ConsentClause {
    /// What it takes from the rule above is counted again.
    fileprivate var weight: Int {
        let texts = [purposes, data.labels, data.classes, data.codes].joined().reduce(0) { $0 + 32 + $1.weight }
        let references = data.references.reduce(0) { $0 + 64 + $1.type.weight + $1.id.weight }
        return 384 + texts + references + actors.count * 96 + actions.count * 16
    }
}

extension AskerFile {
    fileprivate var weight: Int {
        4096 + (professional?.activities.count ?? 0) * 384 + stamp.revisions.count * 128
    }
}

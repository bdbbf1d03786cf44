// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON

extension IdentityChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .merge(let survivor, let absorbed, let instant):
            try MergeStatements.merge(survivor.value, absorbed.value, at: instant, on: connection)
        case .split(let absorbed, let instant):
            try MergeStatements.split(absorbed.value, at: instant, on: connection)
        }
    }
}

enum MergeStatements {
    static let root: Statement = "SELECT coalesce(merge_root, id) FROM patients WHERE id = $1"
    /// Each identifier of a group, or the one that stands alone.
    static let group: Statement = "SELECT id FROM patients WHERE merge_root = $1 OR id = $1 ORDER BY id"
    static let record: Statement = """
        INSERT INTO patient_merges (absorbed, merged_at, survivor) VALUES ($1, $2, $3)
        ON CONFLICT (absorbed, merged_at) DO NOTHING
        """
    static let absorbedAt: Statement = """
        SELECT merged_at FROM patient_merges WHERE absorbed = $1 AND split_at IS NULL
        """
    private static let survivor: Statement = """
        SELECT survivor FROM patient_merges WHERE absorbed = $1 AND split_at IS NULL
        """
    private static let absorbed: Statement = """
        SELECT absorbed FROM patient_merges WHERE survivor = $1 AND split_at IS NULL
        """
    static let close: Statement = "UPDATE patient_merges SET split_at = $2 WHERE absorbed = $1 AND split_at IS NULL"
    static let setRoot: Statement = "UPDATE patients SET merge_root = $2 WHERE id = $1"
    /// What was merged into an identifier, and into that, and so on; itself included.
    static let branch: Statement = """
        WITH RECURSIVE branch (id) AS (
            SELECT CAST($1 AS TEXT) UNION
            SELECT m.absorbed FROM patient_merges m JOIN branch b ON m.survivor = b.id WHERE m.split_at IS NULL)
        SELECT id FROM branch ORDER BY id
        """
    /// A choice of one record written into another, which did not make it.
    private static let share: Statement = """
        INSERT INTO choices
            (patient, id, version, kind, details, period_start, period_end, recorded_at, recorded_by, evidence)
        SELECT CAST($2 AS TEXT), 'split/' || patient || '/' || id,
            (SELECT coalesce(max(known.version), 0) + 1 FROM choices known
                WHERE known.patient = $2 AND known.id = 'split/' || choices.patient || '/' || choices.id),
            kind, CAST($5 AS TEXT), period_start, period_end, recorded_at, recorded_by, evidence
        FROM choices WHERE patient = $1 AND id = $3 AND version = $4
        ON CONFLICT (patient, id, version) DO NOTHING
        """
    /// An emergency of one was perhaps the other's: they are told as well.
    private static let tell: Statement = """
        INSERT INTO notices (patient, subject, about, recipient, created_at)
        SELECT CAST($2 AS TEXT), subject, about, recipient, created_at FROM notices
        WHERE patient = $1 AND recipient = 'patient' AND subject <> 'member_added' AND created_at >= $3
        ON CONFLICT (patient, subject, about, recipient) DO NOTHING
        """

    static func merge(
        _ survivor: String, _ absorbed: String, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        // In order, so that two nodes lock in the same order; and before anything is read.
        for id in [survivor, absorbed].sorted() { try connection.bump(.patient, id) }
        let instant = try connection.instant(instant, after: [survivor, absorbed])
        guard let top = try connection.row(root, [.text(survivor)])?.text(0),
            try connection.row(root, [.text(absorbed)])?.text(0) == absorbed, top != absorbed,
            try connection.execute(record, [.text(absorbed), .instant(instant), .text(survivor)]) == 1
        else { return false }
        let all = Set(try members(top, on: connection) + members(absorbed, on: connection)).sorted()
        for id in all {
            try connection.execute(setRoot, [.text(id), .text(top)])
            if id != survivor, id != absorbed { try connection.bump(.patient, id) }
            if let patient = PatientIdentifier(id) {
                try connection.enqueue(.identity, of: patient, change: "merged", effective: instant)
            }
        }
        try connection.changed(all.compactMap { PatientIdentifier($0) }, at: instant)
        try SearchTables.gather(root: top, on: connection)
        if let patient = PatientIdentifier(top) { try EmergencyScore.renew(patient, on: connection) }
        return true
    }

    static func split(
        _ absorbed: String, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> Bool {
        try connection.bump(.patient, absorbed)
        guard let since = try connection.row(absorbedAt, [.text(absorbed)])?.instant(0),
            let top = try connection.row(root, [.text(absorbed)])?.text(0)
        else { return false }
        let all = try members(top, on: connection)
        let instant = try connection.instant(instant, after: all)
        guard try connection.execute(close, [.text(absorbed), .instant(instant)]) == 1 else { return false }
        let leaving = try connection.texts(branch, [.text(absorbed)])
        let staying = Set(all).subtracting(leaving).sorted()
        // Both sides are read before either is written.
        var shared: [(to: String, refusals: [PatientChoice])] = []
        let ending = try ending(staying, leaving, since: since, at: instant, on: connection)
        for (from, to) in [(staying, absorbed), (leaving, top)] {
            for id in from {
                shared.append((to, try refusals(of: id, since: since, at: instant, on: connection)))
                try connection.execute(tell, [.text(id), .text(to), .instant(since)])
            }
        }
        for (to, refusals) in shared {
            for choice in refusals { try share(choice, with: to, on: connection) }
        }
        for choice in ending {
            // Of a directive only what it permits is taken back.
            if let refusals = choice.refusals {
                var before = refusals
                before.version -= 1
                try share(before, with: choice.patient.value, on: connection)
            }
            guard try ConsentChange.choose(choice).apply(on: connection) else {
                throw StoreError(.failed, "a choice that was taken back cannot be ended")
            }
        }
        for (members, root) in [(staying, top), (leaving, absorbed)] {
            for id in members {
                try connection.execute(setRoot, [.text(id), members.count > 1 ? .text(root) : .null])
                if id != absorbed { try connection.bump(.patient, id) }
                try FHIRChange.awaitPresentation(of: id, on: connection)
                if let patient = PatientIdentifier(id) {
                    try connection.enqueue(.identity, of: patient, change: "split", effective: instant)
                }
            }
            try SearchTables.gather(root: root, on: connection)
        }
        try connection.changed(all.compactMap { PatientIdentifier($0) }, at: instant)
        for patient in [top, absorbed].compactMap({ PatientIdentifier($0) }) {
            try EmergencyScore.renew(patient, on: connection)
        }
        return true
    }

    /// What one record refused since the merge: a directive as far as it refuses, since what it permits stays where it was
    /// written, and of the teams that it names those who are in them, since the other record lists nobody there.
    private static func refusals(
        of id: String, since: Instant, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> [PatientChoice] {
        guard let patient = PatientIdentifier(id) else { throw StoreError(.failed, "a merged patient cannot be read") }
        let (memberships, _, teamCapable) = try AccessReading.memberships(of: patient, on: connection)
        func members(_ team: String) -> Set<Party> {
            Set(
                memberships.filter {
                    $0.team == team && $0.member.kind != .relatedPerson && $0.period.contains(instant)
                        && $0.counts(teamCapable.contains)
                }.map(\.member))
        }
        return try AccessReading.choices(of: patient, on: connection).compactMap { choice in
            guard choice.recordedAt >= since, !choice.period.ended(by: instant), var refusals = choice.refusals else {
                return nil
            }
            if case .directive(let directive) = refusals.kind {
                refusals.kind = .directive(directive.naming(members))
            }
            return refusals
        }
    }

    /// What was granted in a record of either side, and taken back since the merge in one of the other.
    private static func ending(
        _ staying: [String], _ leaving: [String], since: Instant, at instant: Instant, on connection: any Connection
    ) throws(StoreError) -> [PatientChoice] {
        func histories(_ side: [String]) throws(StoreError) -> [[PatientChoice]] {
            var histories: [[PatientChoice]] = []
            for id in side {
                guard let patient = PatientIdentifier(id) else {
                    throw StoreError(.failed, "a merged patient cannot be read")
                }
                histories.append(try AccessReading.choices(of: patient, everyVersion: true, on: connection))
            }
            return histories
        }
        let (staying, leaving) = (try histories(staying), try histories(leaving))
        return [(staying, leaving), (leaving, staying)].flatMap { side, others in
            side.flatMap { SplitRecords.ending($0, asIn: others, merged: since, split: instant) }
        }
    }

    /// A choice of one record, as far as it says, written into another.
    private static func share(
        _ choice: PatientChoice, with other: String, on connection: any Connection
    ) throws(StoreError) {
        try connection.execute(
            share,
            [
                .text(choice.patient.value), .text(other), .text(choice.id), .integer(Int64(choice.version)),
                .text(ChoiceColumns(choice.kind).details.text),
            ])
    }

    /// The record that one was merged into; nil when it was not.
    static func absorbing(
        _ patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> PatientIdentifier? {
        try connection.row(survivor, [.text(patient.value)]).flatMap { row throws(StoreError) in
            PatientIdentifier(try row.text(0))
        }
    }

    /// The records merged into one, itself.
    static func absorbed(
        by patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> Set<PatientIdentifier> {
        Set(try connection.texts(absorbed, [.text(patient.value)]).compactMap { PatientIdentifier($0) })
    }

    private static func members(_ root: String, on connection: any Connection) throws(StoreError) -> [String] {
        try connection.texts(group, [.text(root)])
    }
}

extension PatientChoice {
    /// As far as it refuses; nil for what only grants.
    fileprivate var refusals: PatientChoice? {
        guard case .directive(let directive) = kind else {
            return ChoiceColumns.restrictions.contains(ChoiceColumns(kind).name) ? self : nil
        }
        return directive.refusals.map { refusals in
            var choice = self
            choice.kind = .directive(refusals)
            return choice
        }
    }
}

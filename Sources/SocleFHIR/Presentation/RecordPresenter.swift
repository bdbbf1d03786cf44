// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleConsent
package import SocleIdentity
import SocleJSON

/// Keeps `CareTeam` and `Consent` in step with the records behind them, whoever wrote those: commands, pages, engine.
///
/// A change of a patient's team or choices marks the patient; presenting writes the versions that are missing and
/// takes the mark away, in one transaction that rests on the patient's revision. It is done before anything about that
/// patient is read or written here, and for everybody by and by.
package struct RecordPresenter: Sendable {
    /// How many patients one turn presents.
    package static let batch = 25

    private let records: any FHIRRecords
    private let lane: any CommitLane
    private let base: String
    private let clock: @Sendable () -> Instant

    package init(
        records: any FHIRRecords, lane: any CommitLane, base: String, clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.lane = lane
        self.base = base
        self.clock = clock
    }

    /// Before a resource is read: what is recorded of its patient.
    package func present(_ reference: Reference) async throws(FHIRUnavailable) {
        guard reference.type == "CareTeam" || reference.type == "Consent" else { return }
        if let stored = try await records.current(reference) {
            let subject = stored.content[reference.type == "CareTeam" ? "subject" : "patient"]
            let patient = subject?["reference"]?.string.flatMap { Reference($0, base: base) }?.id
            if let id = patient.flatMap({ PatientIdentifier($0) }) { try await present([id]) }
        } else if reference.type == "CareTeam", let id = PatientIdentifier(reference.id) {
            try await present([id])
        } else {
            _ = try await presentSome()
        }
    }

    /// Before a search: what is recorded of its patients, or of some of those that wait.
    /// - Returns: whether others still wait, so that something may not be found.
    package func present(for query: SearchQuery) async throws(FHIRUnavailable) -> Bool {
        guard query.type == .careTeam || query.type == .consent else { return false }
        let named = query.criteria.first { $0.parameter == "patient" || $0.parameter == "subject" }
        guard let named else { return try await presentSome() }
        var patients: Set<PatientIdentifier> = []
        for case .exact(let text) in named.anyOf {
            if let id = Reference(text, base: base).flatMap({ PatientIdentifier($0.id) }) { patients.insert(id) }
        }
        try await present(patients)
        return false
    }

    /// - Throws: `FHIRUnavailable` when the records cannot be read or written, or change too fast.
    package func present(_ patients: Set<PatientIdentifier>) async throws(FHIRUnavailable) {
        for patient in patients where try await records.isPending(patient) { try await present(patient) }
    }

    /// Presents some of those that wait.
    /// - Returns: whether others still do.
    package func presentSome() async throws(FHIRUnavailable) -> Bool {
        let pending = try await records.pending(limit: RecordPresenter.batch + 1)
        for patient in pending.prefix(RecordPresenter.batch) { try await present(patient) }
        return pending.count > RecordPresenter.batch
    }

    private func present(_ patient: PatientIdentifier) async throws(FHIRUnavailable) {
        for _ in 1...FHIRWriter.attempts {
            let file = try await records.file(of: patient)
            var needs = Surroundings.Needs()
            for stored in file.resources {
                guard let resource = stored.resource else { continue }
                needs.resources.formUnion(resource.needs(id: stored.reference.id, base: base).resources)
            }
            var around = try await records.surroundings(needs)
            around.patients[patient] = Surroundings.PatientRecords(
                memberships: file.memberships, teams: file.teams)
            var submission = Submission(entry: nil, stamp: file.stamp)
            for version in missing(file, around) {
                let index = version.resource.map { SearchParameter.of($0.type) } ?? []
                let entries = index.flatMap { $0.entries(of: version.content, base: base) }
                submission.changes.append(FHIRChange.write(version, index: Array(Set(entries))))
            }
            submission.changes.append(FHIRChange.presented(patient))
            do throws(LaneUnavailable) {
                if case .committed = try await lane.commit(submission) { return }
            } catch {
                throw FHIRUnavailable(detail: error.detail)
            }
        }
        throw FHIRUnavailable(detail: "the records of a patient changed at every attempt to present them")
    }

    /// The versions that say what the records say, where the last ones do not.
    private func missing(_ file: PresentedFile, _ around: Surroundings) -> [StoredVersion] {
        var versions: [StoredVersion] = []
        func append(_ reference: Reference, after last: StoredVersion?, _ content: JSONObject, at instant: Instant) {
            let number = (versions.last { $0.reference == reference } ?? last).map { $0.version + 1 } ?? 1
            guard let resource = try? Resource(.object(content)) else { return }
            versions.append(
                StoredVersion(
                    reference: reference, version: number, lastUpdated: instant,
                    content: resource.stored(id: reference.id, version: number, lastUpdated: instant.description)))
        }
        let now = clock()
        for (team, memberships) in file.membershipsByTeam {
            let reference = Reference(type: "CareTeam", id: team)
            let stored = file.resources.first { $0.reference == reference }
            if let stored, isTrue(stored, file, around) { continue }
            guard stored != nil || !memberships.isEmpty else { continue }
            var content = stored?.content ?? OwnTeam.content(of: file.patient, [])
            content["participant"] = .array(memberships.map(\.participant))
            append(reference, after: stored, content.withoutEmptyLists, at: now)
        }
        for history in file.choices {
            guard let last = history.last else { continue }
            let stored = file.consent(of: last)
            let reference = stored?.reference ?? Reference(type: "Consent", id: last.resourceID)
            var content = stored?.content
            let known = stored.map { shown($0, of: history, file, around) } ?? 0
            var previous = known > 0 ? history[known - 1] : nil
            for choice in history.dropFirst(known) {
                // What an application wrote stays, as long as the choice is of the same kind.
                let updated = content.flatMap { previous?.kind == choice.kind ? choice.updating($0) : nil }
                guard let said = updated ?? choice.consent else { continue }
                append(reference, after: stored, said, at: choice.recordedAt)
                (content, previous) = (said, choice)
            }
        }
        return versions
    }

    /// Whether a care team says what the memberships say: writing it again would change nothing.
    private func isTrue(_ stored: StoredVersion, _ file: PresentedFile, _ around: Surroundings) -> Bool {
        let context = PlanContext(base: base, now: stored.lastUpdated, actor: "")
        var around = around
        around.resources[stored.reference] = stored
        guard let resource = stored.resource,
            let plan = try? resource.planCareTeam(id: stored.reference.id, context, &around)
        else { return false }
        return plan.changes.isEmpty
    }

    /// How many versions of a choice its resource has said: up to the one it says now.
    private func shown(
        _ stored: StoredVersion, of history: [PatientChoice], _ file: PresentedFile, _ around: Surroundings
    ) -> Int {
        let context = PlanContext(base: base, now: stored.lastUpdated, actor: "")
        var around = around
        around.resources[stored.reference] = stored
        around.patients[file.patient]?.choices = history.suffix(1)
        guard let resource = stored.resource,
            let plan = try? resource.planConsent(id: stored.reference.id, context, &around),
            case .choose(let choice)? = plan.changes.first as? ConsentChange
        else {
            // What it rests on is gone: the instants tell.
            return history.count { $0.recordedAt <= stored.lastUpdated }
        }
        return history.lastIndex { $0.says(choice) }.map { $0 + 1 } ?? history.count - 1
    }
}

extension PatientChoice {
    /// Whether another version says the same, whenever it was recorded.
    fileprivate func says(_ other: PatientChoice) -> Bool {
        kind == other.kind && period == other.period && recordedBy == other.recordedBy && evidence == other.evidence
    }
}

extension StoredVersion {
    fileprivate var resource: Resource? { try? Resource(.object(content)) }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleConsent
package import SocleIdentity
import SocleJSON

/// Keeps resources in step with the records behind them, whoever wrote those: commands, pages, engine.
///
/// A change of a patient's team or choices marks the patient; presenting writes the versions of `CareTeam` and `Consent`
/// that are missing and takes the mark away, in one transaction that rests on the patient's revision. It is done before
/// anything about that patient is read or written here, and for everybody by and by. People and places are presented
/// when they are named (`RecordPresenter+People.swift`).
package struct RecordPresenter: Sendable {
    /// How many patients one turn presents.
    package static let batch = 25

    let records: any FHIRRecords
    private let lane: any CommitLane
    let base: String
    let clock: @Sendable () -> Instant
    private let report: @Sendable (_ failure: String) -> Void

    /// - Parameter report: told of a patient who cannot be presented for now, while others are.
    package init(
        records: any FHIRRecords, lane: any CommitLane, base: String, clock: @escaping @Sendable () -> Instant,
        report: @escaping @Sendable (_ failure: String) -> Void = { _ in }
    ) {
        self.records = records
        self.lane = lane
        self.base = base
        self.clock = clock
        self.report = report
    }

    /// Before a resource is read: what is recorded of its patient.
    package func present(_ reference: Reference) async throws(FHIRUnavailable) {
        guard reference.type == "CareTeam" || reference.type == "Consent" else {
            return try await presentPerson(reference)
        }
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
        guard query.type == .careTeam || query.type == .consent else {
            var ids = Set(query.identifiers)
            for number in query.numbers { ids.formUnion(try await bearers(of: number, query.type)) }
            for id in ids.sorted() { try await presentPerson(Reference(type: query.type.rawValue, id: id)) }
            return false
        }
        guard query.criteria.contains(where: { $0.parameter == "patient" || $0.parameter == "subject" }) else {
            return try await presentSome()
        }
        try await present(query.patients(base: base))
        return false
    }

    /// - Throws: `FHIRUnavailable` when the records cannot be read or written, or change too fast.
    package func present(_ patients: Set<PatientIdentifier>) async throws(FHIRUnavailable) {
        for patient in patients where try await records.isPending(patient) { try await present(patient) }
    }

    /// Presents some of those that wait. Who cannot be presented goes on waiting, and holds up nobody else.
    /// - Returns: whether some still do.
    package func presentSome() async throws(FHIRUnavailable) -> Bool {
        let pending = try await records.pending(limit: RecordPresenter.batch + 1)
        var someWait = pending.count > RecordPresenter.batch
        for patient in pending.prefix(RecordPresenter.batch) {
            do throws(FHIRUnavailable) {
                try await present(patient)
            } catch {
                someWait = true
                report(error.detail)
            }
        }
        return someWait
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
            let versions = try await missing(file, around)
            if try await write(versions, FHIRChange.presented(patient), stamp: file.stamp) { return }
        }
        throw FHIRUnavailable(detail: "the records of a patient changed at every attempt to present them")
    }

    /// - Returns: whether they were written: not when a record moved meanwhile.
    func write(
        _ versions: [StoredVersion], _ others: FHIRChange..., stamp: Stamp
    ) async throws(FHIRUnavailable) -> Bool {
        var submission = Submission(entry: nil, stamp: stamp)
        for version in versions {
            let index = version.resource.map { SearchParameter.of($0.type) } ?? []
            let entries = index.flatMap { $0.entries(of: version.content, base: base) }
            submission.changes.append(FHIRChange.write(version, index: Array(Set(entries))))
        }
        submission.changes += others.map { $0 as any RecordChange }
        do throws(LaneUnavailable) {
            guard case .committed = try await lane.commit(submission) else { return false }
            return true
        } catch {
            throw FHIRUnavailable(detail: error.detail)
        }
    }

    /// The first of a new resource's names that no other bears. An id may be anybody's who wrote it first.
    private func free(_ type: String, _ ids: some Sequence<String>) async throws(FHIRUnavailable) -> Reference {
        for id in ids {
            let reference = Reference(type: type, id: id)
            if try await records.current(reference) == nil { return reference }
        }
        throw FHIRUnavailable(detail: "other resources bear every name that a patient's \(type) may have")
    }

    /// The versions that say what the records say, where the last ones do not.
    private func missing(
        _ file: PresentedFile, _ around: Surroundings
    ) async throws(FHIRUnavailable) -> [StoredVersion] {
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
            let stored = file.resources.first { $0.reference == Reference(type: "CareTeam", id: team) }
            if let stored, isTrue(stored, file, around) { continue }
            guard stored != nil || !memberships.isEmpty else { continue }
            let reference =
                if let stored { stored.reference } else { try await free("CareTeam", OwnTeam.ids(of: file.patient)) }
            var content = stored?.content ?? OwnTeam.content(of: file.patient, [])
            content["participant"] = .array(memberships.map(\.participant))
            append(reference, after: stored, content.withoutEmptyLists, at: now)
        }
        for history in file.choices {
            guard let last = history.last else { continue }
            let stored = file.consent(of: last)
            // A directive without its resource has no form to show.
            guard stored != nil || last.kind.consentKind != nil else { continue }
            let reference = if let stored { stored.reference } else { try await free("Consent", last.resourceIDs) }
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
    /// Whether another version says the same, whenever it was recorded. Nothing but its resource changes what a
    /// directive says, and an older one may be read otherwise now.
    fileprivate func says(_ other: PatientChoice) -> Bool {
        (kind == other.kind || kind.consentKind == nil && other.kind.consentKind == nil) && period == other.period
            // Whose word it is was not always read of a performer.
            && (recordedBy == nil || recordedBy == other.recordedBy) && evidence == other.evidence
    }
}

extension StoredVersion {
    var resource: Resource? { try? Resource(.object(content)) }
}

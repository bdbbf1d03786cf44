// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity

/// Writes resources and the records they come to, together or not at all, with one entry of the journal.
package struct FHIRWriter: Sendable {
    /// How often a write goes back to read because a record changed under it.
    static let attempts = 3
    /// How many records one resource, and one transaction, may name: each is read before anything is written.
    static let referenceLimit = 500
    static let transactionReferenceLimit = 1000

    let records: any FHIRRecords
    private let lane: any CommitLane
    private let base: String
    private let presenter: RecordPresenter

    package init(records: any FHIRRecords, lane: any CommitLane, base: String, presenter: RecordPresenter) {
        self.records = records
        self.lane = lane
        self.base = base
        self.presenter = presenter
    }

    /// - Parameters:
    ///   - matchesIdentities: whether the client is the identity-matching server, which merges and splits patients.
    ///   - stamp: what the writer's right rests on: a token revoked meanwhile writes nothing.
    /// - Returns: the versions written, in the order of the operations.
    package func write(
        _ operations: [WriteOperation], by client: String, matchingIdentities matchesIdentities: Bool = false,
        stamp: Stamp, at now: Instant
    ) async throws(FHIRRefusal) -> [StoredVersion] {
        let needs = try needs(of: operations)
        for _ in 1...FHIRWriter.attempts {
            var around = try await surroundings(needs)
            // What other means recorded is shown first: this write is made against it.
            let pending = needs.patients.filter { around.patients[$0]?.isPending == true }
            let unsaid = operations.map(\.reference).filter { presenter.missing($0, around) != nil }
            guard pending.isEmpty, unsaid.isEmpty else {
                do throws(FHIRUnavailable) {
                    try await presenter.present(pending)
                    for reference in unsaid { try await presenter.presentPerson(reference) }
                } catch {
                    throw FHIRWriter.unavailable
                }
                continue
            }
            // What is said now is said after what was said before, whatever the clocks (decision 0031).
            let context = PlanContext(
                base: base, now: now.after(around.changedAt), actor: client,
                matchesIdentities: matchesIdentities)
            let plan = try WritePlan(operations, context, &around)
            switch await commit(plan.submission(context, around, stamp)) {
            case .committed: return plan.versions
            // A record moved between the reading and the writing: look again.
            case .conflict, .refused: continue
            case nil: throw FHIRWriter.unavailable
            }
        }
        throw FHIRRefusal(409, .conflict, "the records changed under this write: read again, then try again")
    }

    private func surroundings(_ needs: Surroundings.Needs) async throws(FHIRRefusal) -> Surroundings {
        do throws(FHIRUnavailable) {
            let around = try await records.surroundings(needs)
            // Who holds a role is known once it is read.
            let holders = around.holders(of: needs.resources, base: base)
            guard !holders.isSubset(of: needs.professionals) else { return around }
            var needs = needs
            needs.professionals.formUnion(holders)
            return try await records.surroundings(needs)
        } catch {
            throw FHIRWriter.unavailable
        }
    }

    static let unavailable = FHIRRefusal(503, .transient, "the records cannot be reached for now")

    private func commit(_ submission: Submission) async -> CommitOutcome? {
        do throws(LaneUnavailable) { return try await lane.commit(submission) } catch { return nil }
    }

    /// - Throws: 422 for more records than are read for one write.
    private func needs(of operations: [WriteOperation]) throws(FHIRRefusal) -> Surroundings.Needs {
        var needs = Surroundings.Needs()
        for operation in operations {
            let own = operation.resource.needs(id: operation.id, base: base)
            guard own.count <= FHIRWriter.referenceLimit else {
                throw .unprocessable(
                    "a resource names at most \(FHIRWriter.referenceLimit) records",
                    at: operation.resource.type.rawValue, .tooCostly)
            }
            needs.resources.formUnion(own.resources)
            needs.patients.formUnion(own.patients)
            needs.professionals.formUnion(own.professionals)
            needs.structures.formUnion(own.structures)
        }
        guard needs.count <= FHIRWriter.transactionReferenceLimit else {
            throw .unprocessable(
                "a transaction names at most \(FHIRWriter.transactionReferenceLimit) records", at: "Bundle.entry",
                .tooCostly)
        }
        return needs
    }
}

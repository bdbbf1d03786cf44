// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON

/// What one write comes to: the next version of each resource, the changes of the records, and the entry that tells of
/// them.
struct WritePlan {
    private(set) var versions: [StoredVersion] = []
    private var changes: [any RecordChange] = []
    private var patients: Set<PatientIdentifier> = []
    private var named: [EntryResources.Named] = []
    private var identities: [IdentityLinkChange] = []
    private var kind = EntryDraft.Kind.administration

    /// - Throws: what is refused of the first resource that cannot be written.
    init(
        _ operations: [WriteOperation], _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) {
        for operation in operations { try add(operation, context, &around) }
        // Once every resource has its record: of two patients that are linked, one comes first.
        for operation in operations {
            identities += try operation.resource.identityChanges(id: operation.id, context, &around)
        }
    }

    private mutating func add(
        _ operation: WriteOperation, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) {
        let current = around.resources[operation.reference]
        try operation.check(against: current)
        try operation.resource.expectOwnExtensions()
        let plan = try operation.resource.plan(id: operation.id, context, &around)
        let number = (current?.version ?? 0) + 1
        let content = operation.resource.stored(
            id: operation.id, version: number, lastUpdated: context.now.description)
        let version = StoredVersion(
            reference: operation.reference, version: number, lastUpdated: context.now, content: content)
        let index = SearchParameter.of(operation.resource.type)
            .flatMap { $0.entries(of: content, base: context.base) }
        changes.append(FHIRChange.write(version, index: Array(Set(index))))
        changes += plan.changes
        versions.append(version)
        named.append(("\(version.reference.text)/_history/\(number)", plan.patient))
        if let patient = plan.patient { patients.insert(patient) }
        if plan.entry == .choice { kind = .choice }
    }

    /// - Parameter around: what the plan was made against.
    func submission(_ context: PlanContext, _ around: Surroundings, _ stamp: Stamp) -> Submission {
        let matched = Set(identities.flatMap(\.patients))
        let left = Set(changes.flatMap { around.identifiers(besides: $0) })
        var submission = Submission(
            entry: entry(of: patients.union(matched).union(left), context), stamp: around.stamp)
        submission.stamp.merge(stamp)
        // Who stays in a team is seen before who leaves: leaving under one identifier is leaving under each.
        submission.changes = changes.filter { !$0.isLeave } + changes.filter(\.isLeave)
        submission.changes += identities.map { $0.change as any RecordChange }
        // Nothing was waiting when these records were read, and the stamp says that nothing came since. But a split
        // leaves each record with what both refused, and a departure the others with one: that is still to be said.
        let presented = patients.subtracting(matched).subtracting(left)
        submission.changes += presented.map { FHIRChange.presented($0) }
        return submission
    }

    private func entry(of concerned: Set<PatientIdentifier>, _ context: PlanContext) -> EntryDraft {
        var details: JSONObject = [
            "interaction": .string(versions.count == 1 ? "write" : "transaction")
        ]
        EntryResources.write(named, of: concerned, in: &details)
        if !identities.isEmpty { details["identities"] = .array(identities.map(\.described)) }
        return EntryDraft(
            kind: kind, instant: context.now, actor: context.actor, patients: concerned, details: details)
    }
}

extension RecordChange {
    fileprivate var isLeave: Bool { if case .leave? = self as? ConsentChange { true } else { false } }
}

extension Surroundings {
    /// The other identifiers of the patient whose team somebody leaves.
    fileprivate func identifiers(besides change: any RecordChange) -> Set<PatientIdentifier> {
        guard case .leave(let patient, _, _)? = change as? ConsentChange else { return [] }
        return identifiers(of: patient).subtracting([patient])
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
import SocleIdentity
import SocleJSON

/// Who took part in an event: each person who asked, the application they asked through, the places they exercised in
/// then, and for a decision Socle, which gave it.
struct AuditAgents {
    private let entry: TracedEntry
    private let people: [String: AccountLink.Person]
    /// Whoever asked, once, in the order of the questions, the application among them.
    private var askers: [TracedEntry.Asker] = []
    private var purposes: [TracedEntry.Asker: Set<String>] = [:]
    /// By which account somebody was known.
    private var accounts: [TracedEntry.Asker: String] = [:]
    /// The structures in which people asked. In a search of who can, a situation is what is looked for.
    private var places: [StructureIdentifier] = []

    init(_ entry: TracedEntry, _ people: [String: AccountLink.Person]) {
        self.entry = entry
        self.people = people
        guard entry.isDecision, !entry.items.isEmpty else {
            guard let actor = entry.actor, actor != entry.client else { return }
            askers = [person(.account(actor))]
            accounts = [askers[0]: actor]
            return
        }
        var seen: Set<StructureIdentifier> = []
        for item in entry.items {
            let named = entry.asker(of: item)
            let asker = person(named)
            if case .account(let account) = named, accounts[asker] == nil { accounts[asker] = account }
            if purposes[asker] == nil {
                askers.append(asker)
                purposes[asker] = []
            }
            if let purpose = item["purpose"]?.string { purposes[asker]?.insert(purpose) }
            guard asker != .application else { continue }
            let situation = item["subject"]?["situation"]?.string.flatMap { StructureIdentifier($0) }
            if let situation, seen.insert(situation).inserted { places.append(situation) }
        }
    }

    var json: [JSONValue] {
        var agents = askers.filter { $0 != .application }.map(agent)
        if let client = entry.client {
            agents.append(application(client, isRequestor: agents.isEmpty || askers.contains(.application)))
        }
        if agents.isEmpty { agents.append(agent(.account(entry.actor ?? "unknown"))) }
        agents += places.map(place)
        if entry.isDecision {
            agents.append([
                "type": coding("http://terminology.hl7.org/CodeSystem/extra-security-role-type", "authserver"),
                "who": AuditCodes.socle, "requestor": false,
            ])
        }
        return agents
    }

    // MARK: Who asked

    /// One professional is one, by whatever name two questions know them.
    private func person(_ asker: TracedEntry.Asker) -> TracedEntry.Asker {
        guard case .account(let account) = asker, case .professional(let id)? = entry.person(account, people)
        else { return asker }
        return .professional(id)
    }

    private func agent(_ asker: TracedEntry.Asker) -> JSONValue {
        var agent: JSONObject = ["type": coding(Vocabulary.participation, "IRCP")]
        switch asker {
        case .professional(let id): agent["who"] = Reference.json("Practitioner", id.value)
        case .account(let account): agent["who"] = who(account)
        case .application: break
        }
        agent["altId"] = accounts[asker].flatMap(AuditCodes.text).map(JSONValue.string)
        add(purposes[asker], to: &agent)
        agent["requestor"] = true
        return .object(agent)
    }

    private func who(_ account: String) -> JSONValue {
        switch entry.person(account, people) {
        case .professional(let id): Reference.json("Practitioner", id.value)
        case .patient(let id, _): Reference.json("Patient", id.value)
        case .relatedPerson(let id, _, _): Reference.json("RelatedPerson", id.value)
        case .administrator, nil: identifier("urn:socle:subject", account)
        }
    }

    // MARK: Through what, and where

    private func application(_ client: String, isRequestor: Bool) -> JSONValue {
        var agent: JSONObject = [
            "type": coding(AuditCodes.dicom, "110150"), "who": identifier("urn:socle:client", client),
        ]
        add(purposes[.application], to: &agent)
        agent["requestor"] = .bool(isRequestor)
        return .object(agent)
    }

    private func place(_ structure: StructureIdentifier) -> JSONValue {
        [
            "type": coding("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "PROV"),
            "who": Reference.json("Organization", structure.value), "requestor": false,
        ]
    }

    private func add(_ purposes: Set<String>?, to agent: inout JSONObject) {
        let codes = (purposes ?? []).sorted().compactMap(AuditCodes.text)
        guard !codes.isEmpty else { return }
        agent["purposeOfUse"] = .array(codes.map { coding("urn:socle:purpose", $0) })
    }

    private func coding(_ system: String, _ code: String) -> JSONValue {
        ["coding": [["system": .string(system), "code": .string(code)]]]
    }

    private func identifier(_ system: String, _ value: String) -> JSONValue {
        ["identifier": ["system": .string(system), "value": .string(AuditCodes.text(value) ?? "unknown")]]
    }
}

extension TracedEntry {
    /// Whose an account is. It may have been linked to somebody else since: then the entry does not rest on their record.
    package func person(_ account: String, _ links: [String: AccountLink.Person]) -> AccountLink.Person? {
        let person = links[account]
        if case .professional(let id) = person, !people.isEmpty, !people.contains(id.value) { return nil }
        return person
    }
}

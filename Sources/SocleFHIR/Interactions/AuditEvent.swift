// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
package import SocleJSON

/// An entry of the journal as FHIR's `AuditEvent`: read only, since nobody but the journal writes it.
///
/// - Source: HL7 FHIR R4 AuditEvent; IHE ITI Basic Audit Log Patterns for decisions (`AuthZ-Consent`).
package struct AuditEvent: Sendable {
    package let json: JSONObject
    package let place: JournalPlace
    package let patients: Set<PatientIdentifier>

    /// A chain is base64url, which has `_` where a FHIR id may not: the id spells it out.
    package static func id(of position: EntryPosition) -> String {
        let chain = position.chain.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "_"): ".u"
            default: String(decoding: [byte], as: UTF8.self)
            }
        }.joined()
        return "\(chain)..\(position.sequence)"
    }

    /// nil for an id that `id(of:)` does not write.
    package static func position(of id: String) -> EntryPosition? {
        guard let dots = id.firstRange(of: "..") else { return nil }
        let chain = String(id[..<dots.lowerBound]).replacing(".u", with: "_")
        guard let sequence = Int64(id[dots.upperBound...]) else { return nil }
        let position = EntryPosition(chain: chain, sequence: sequence)
        return Self.id(of: position) == id ? position : nil
    }

    /// An entry whose body was erased by retention keeps its instant and kind.
    package init(_ entry: JournalEntry, base: String) {
        place = JournalPlace(entry)
        let body = entry.body.flatMap(EntryBody.object) ?? JSONObject()
        let details = body["details"]?.object ?? JSONObject()
        let isDecision = entry.kind == EntryDraft.Kind.decision.rawValue
        let items = EntryItems.read(details) ?? []
        // Entries written before they were listed name them in their items alone.
        let named =
            body["patients"]?.strings ?? entry.patient.map { [$0] }
            ?? Set(items.compactMap { $0["patient"]?.string }).sorted()
        patients = Set(named.compactMap { PatientIdentifier($0) })
        let refused = items.contains { $0["outcome"]?.string == "deny" }
        var object: JSONObject = [
            "resourceType": "AuditEvent", "id": .string(AuditEvent.id(of: entry.position)),
            "type": isDecision
                ? [
                    "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110113",
                    "display": "Security Alert",
                ]
                : ["system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"],
        ]
        if isDecision {
            object["subtype"] = [
                [
                    "system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "code": "AuthZ-Consent",
                ]
            ]
        } else {
            object["subtype"] = [["system": "urn:socle:journal-kind", "code": .string(entry.kind)]]
        }
        object["action"] = isDecision ? "E" : details["interaction"]?.string == "read" ? "R" : "U"
        object["recorded"] = .string(entry.instant.description)
        // 4: minor failure, what was asked was not given.
        object["outcome"] = refused ? "4" : "0"
        object["agent"] = [.object(AuditEvent.agent(body["actor"]?.string, details, items))]
        object["source"] = [
            "site": .string(base), "observer": ["reference": "Device/socle"],
            "type": [
                ["system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "6"]
            ],
        ]
        var entities: [JSONValue] = []
        for patient in named {
            entities.append([
                "what": ["reference": .string("Patient/\(patient)")],
                "type": ["system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1"],
                "role": ["system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1"],
            ])
        }
        for name in details["resources"]?.strings ?? [] {
            entities.append(["what": ["reference": .string(name)]])
        }
        for item in items { entities.append(AuditEvent.entity(of: item, amongSeveral: named.count > 1)) }
        if !entities.isEmpty { object["entity"] = .array(entities) }
        json = object
    }

    private static func agent(_ actor: String?, _ details: JSONObject, _ items: [JSONObject]) -> JSONObject {
        var agent: JSONObject = ["requestor": true]
        agent["who"] = [
            "identifier": ["system": "urn:socle:subject", "value": .string(actor ?? "unknown")]
        ]
        let purposes = Set(items.compactMap { $0["purpose"]?.string }).sorted()
        if !purposes.isEmpty {
            agent["purposeOfUse"] = .array(
                purposes.map { code in
                    ["coding": [["system": .string("urn:socle:purpose"), "code": .string(code)]]]
                })
        }
        if let client = details["client"]?.string { agent["altId"] = .string(client) }
        return agent
    }

    /// What was asked, and what was answered: the reason and the rule.
    private static func entity(of item: JSONObject, amongSeveral: Bool) -> JSONValue {
        var details: [JSONValue] = []
        let names = ["action", "outcome", "reason", "rule", "relation"]
        for name in amongSeveral ? ["patient"] + names : names {
            if let value = item[name]?.string, !value.isEmpty {
                details.append(["type": .string(name), "valueString": .string(value)])
            }
        }
        var what = JSONObject()
        what["identifier"] = [
            "system": .string("urn:socle:resource:\(item["resource"]?["type"]?.string ?? "")"),
            "value": .string(item["resource"]?["id"]?.string ?? "unknown"),
        ]
        var entity: JSONObject = ["what": .object(what)]
        if !details.isEmpty { entity["detail"] = .array(details) }
        return .object(entity)
    }

    /// What records the events: Socle itself.
    package static let device: JSONValue = [
        "resourceType": "Device", "id": "socle", "status": "active",
        "deviceName": [["name": "Socle", "type": "user-friendly-name"]],
    ]
}

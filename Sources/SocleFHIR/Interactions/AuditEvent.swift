// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleConsent
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

    /// - Parameter people: who the entry's accounts are.
    package init(_ entry: TracedEntry, people: [String: AccountLink.Person], base: String) {
        place = JournalPlace(instant: entry.instant, position: entry.position)
        patients = Set(entry.patients.compactMap { PatientIdentifier($0) })
        let refused = entry.items.contains { $0["outcome"]?.string == "deny" }
        var object: JSONObject = ["resourceType": "AuditEvent", "id": .string(AuditEvent.id(of: entry.position))]
        if entry.isPart {
            let system: JSONValue = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
            object["meta"] = ["tag": [["system": system, "code": "SUBSETTED"]]]
        }
        if entry.isDecision {
            object["type"] = ["system": .string(AuditCodes.dicom), "code": "110113", "display": "Security Alert"]
            object["subtype"] = [
                [
                    "system": "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "code": "AuthZ-Consent",
                ]
            ]
        } else {
            object["type"] = ["system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"]
            object["subtype"] = [["system": "urn:socle:journal-kind", "code": .string(entry.kind)]]
        }
        object["action"] = .string(AuditEvent.action(entry))
        object["recorded"] = .string(entry.instant.description)
        // 4: minor failure, what was asked was not given.
        object["outcome"] = refused ? "4" : "0"
        object["agent"] = .array(AuditAgents(entry, people).json)
        object["source"] = [
            "site": .string(base), "observer": AuditCodes.socle,
            "type": [
                ["system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "6"]
            ],
        ]
        let entities = AuditEntities.json(entry)
        if !entities.isEmpty { object["entity"] = .array(entities) }
        json = object
    }

    /// What was done (C, R, U or E): whoever wrote first versions alone created, by a POST or by a PUT.
    private static func action(_ entry: TracedEntry) -> String {
        if entry.isDecision { return "E" }
        if entry.details["interaction"]?.string == "read" { return "R" }
        let creates = !entry.resources.isEmpty && entry.resources.allSatisfy { $0.name.hasSuffix("/_history/1") }
        return creates ? "C" : "U"
    }

    /// What records the events: Socle itself.
    package static let device: JSONValue = [
        "resourceType": "Device", "id": "socle", "status": "active",
        "deviceName": [["name": "Socle", "type": "user-friendly-name"]],
    ]
}

/// What agents and entities share.
enum AuditCodes {
    static let dicom = "http://dicom.nema.org/resources/ontology/DCM"
    static let socle: JSONValue = ["reference": "Device/socle"]

    /// A text that was taken as it came, as FHIR can hold it: without control characters. nil when nothing is left.
    static func text(_ text: String) -> String? {
        let kept = String(
            decoding: text.utf8.map { $0 < 0x20 && $0 != 0x0A || $0 == 0x7F ? 0x20 : $0 }, as: UTF8.self)
        return kept.allSatisfy(\.isWhitespace) ? nil : kept
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleJSON

/// What an event is about: the patients, the resources that were read or written, and each question with its answer.
enum AuditEntities {
    static func json(_ entry: TracedEntry) -> [JSONValue] {
        let patients = entry.patients.map { patient -> JSONValue in
            [
                "what": Reference.json("Patient", patient),
                "type": ["system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1"],
                "role": ["system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1"],
            ]
        }
        return patients + entry.resources.map { ["what": ["reference": .string($0.name)]] }
            + entry.items.map { entity(of: $0, amongSeveral: entry.patients.count > 1) }
    }

    /// What was asked and by whom, what was answered and why, and what was declared and is nobody's knowledge but theirs.
    private static func entity(of item: JSONObject, amongSeveral: Bool) -> JSONValue {
        var details: [JSONValue] = []
        func add(_ name: String, _ value: JSONValue?) {
            let text = value?.bool.map { $0 ? "true" : "false" } ?? value?.string.flatMap(AuditCodes.text)
            if let text { details.append(["type": .string(name), "valueString": .string(text)]) }
        }
        if amongSeveral { add("patient", item["patient"]) }
        add("subject", item["subject"]?["id"])
        add("situation", item["subject"]?["situation"])
        for name in ["search", "action", "purpose", "outcome", "reason", "rule", "relation", "level", "episode"] {
            add(name, item[name])
        }
        for name in ["immediate_risk", "patient_capacity", "justification", "call_id"] {
            add(name, item["declared"]?[name])
        }
        add("trace", item["trace"])
        for obligation in item["obligations"]?.array ?? [] { add("obligation", obligation) }
        for found in item["found"]?.array ?? [] { add("found", found) }
        var identifier: JSONObject = ["system": .string("urn:socle:resource:\(uriPart(item["resource"]?["type"]))")]
        identifier["value"] = item["resource"]?["id"]?.string.flatMap(AuditCodes.text).map(JSONValue.string)
        var entity: JSONObject = ["what": ["identifier": .object(identifier)]]
        if !details.isEmpty { entity["detail"] = .array(details) }
        return .object(entity)
    }

    /// The type as it was asked, which may be any text.
    private static func uriPart(_ type: JSONValue?) -> String {
        (type?.string ?? "").utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x3A:
                String(decoding: [byte], as: UTF8.self)
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
package import SocleJSON

/// The body of an entry, as JSON: `kind`, `actor`, `patient` or `patients`, `details`, `revisions` (`kind/id` -> revision) and
/// `salt` (16 random bytes, base64url). Written straight to bytes: this runs once per answer.
package enum EntryBody {
    package static let saltSize = 16

    package static func bytes(_ draft: EntryDraft, stamp: Stamp, salt: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(draft.details.bytes.count + 96 * stamp.revisions.count + 256)
        body += #"{"kind":""#.utf8
        body += draft.kind.rawValue.utf8
        body.append(UInt8(ascii: "\""))
        if let actor = draft.actor {
            body += #","actor":"#.utf8
            JSONValue.write(actor, to: &body)
        }
        if let patient = draft.patient {
            body += #","patient":"#.utf8
            JSONValue.write(patient.value, to: &body)
        }
        for (index, patient) in draft.patients.enumerated() {
            body += (index > 0 ? "," : #","patients":["#).utf8
            JSONValue.write(patient.value, to: &body)
        }
        if !draft.patients.isEmpty { body.append(UInt8(ascii: "]")) }
        body += #","details":"#.utf8
        body += draft.details.bytes
        if !stamp.revisions.isEmpty {
            body += #","revisions":{"#.utf8
            for (index, record) in stamp.revisions.enumerated() {
                body += (index > 0 ? #",""# : #"""#).utf8
                body += record.key.kind.rawValue.utf8
                body.append(UInt8(ascii: "/"))
                JSONValue.write(charactersOf: record.key.id, to: &body)
                body += #"":"#.utf8
                body += String(record.value).utf8
            }
            body.append(UInt8(ascii: "}"))
        }
        body += #","salt":""#.utf8
        body += Base64URL.encode(salt).utf8
        body += #""}"#.utf8
        return body
    }

    /// The same bounds for every body read back: far above what a request may produce.
    static let limits = JSONLimits(bytes: 16 << 20, depth: 64, values: 1_000_000)

    /// nil for a body that is not one JSON object.
    package static func object(_ body: [UInt8]) -> JSONObject? {
        (try? JSONValue(parsing: body, limits: limits))?.object
    }
}

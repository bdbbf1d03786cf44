// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleCrypto
import SocleIdentity

/// Ids of resources that present records which came by other means: the same at each node and for ever, telling
/// nothing.
enum RecordName {
    /// How many names a record has: the second serves where another resource bears the first already, and so on.
    static let count = 8

    /// Whether a text has the form of such an id.
    static func isOne(_ id: String) -> Bool {
        id.utf8.count == 32 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    static func of(_ parts: String...) -> String {
        Hex.encode(Array(SHA256.digest(Array(parts.joined(separator: "\n").utf8)).prefix(16)))
    }
}

extension PatientChoice {
    /// The ids that the `Consent` which presents this choice may bear, unless it came as a `Consent` of its own name.
    var resourceIDs: some Sequence<String> {
        (0..<RecordName.count).lazy.map { number in
            number == 0
                ? RecordName.of("Consent", patient.value, id)
                : RecordName.of("Consent", patient.value, id, "\(number)")
        }
    }
}

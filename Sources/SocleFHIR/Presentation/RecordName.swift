// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleCrypto
import SocleIdentity

/// Ids of resources that present records which came by other means: the same at each node and for ever, telling
/// nothing.
enum RecordName {
    static func of(_ parts: String...) -> String {
        Hex.encode(Array(SHA256.digest(Array(parts.joined(separator: "\n").utf8)).prefix(16)))
    }
}

extension PatientChoice {
    /// The id of the `Consent` that presents this choice, unless it came as a `Consent` of its own name.
    var resourceID: String { RecordName.of("Consent", patient.value, id) }
}

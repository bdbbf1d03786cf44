// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// The check of policies against the schema of facts: a name or a value that is not declared is a fault of the text,
/// found when the version is made and not when someone asks.
enum PolicySchema {
    private static let file = "schema.cedarschema"

    static func check(_ set: PolicySet, against text: String?, faults: inout [PolicyFaults.Fault]) {
        guard let text else {
            faults.append(PolicyFaults.Fault(file, "", "is missing"))
            return
        }
        do throws(SyntaxError) {
            for error in try Schema(parsing: text).validate(set) {
                faults.append(
                    PolicyFaults.Fault(
                        String(error.policyID.prefix { $0 != "#" }), "\(error.position)", error.message))
            }
        } catch {
            faults.append(PolicyFaults.Fault(file, "\(error.position)", error.message))
        }
    }
}

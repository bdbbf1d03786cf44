// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess

/// What an administrator may be: the roles of the platform, and those that the policies in force name.
enum AdministratorRole: String, CaseIterable {
    case platform = "platform_admin"
    case rights = "rights_admin"
    case author = "policy_author"
    case approver = "policy_approver"

    static func all(and text: PolicyText?) throws(PolicyFaults) -> Set<String> {
        let named = try text.map { text throws(PolicyFaults) in
            try PolicyProgram(number: 0, text: text).administratorRoles
        }
        return (named ?? []).union(allCases.map(\.rawValue))
    }
}

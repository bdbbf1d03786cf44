// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a token lets an application do, on its own authority, with the FHIR resources of a type.
///
/// - Source: SMART App Launch 2.x, system scopes: `system/Consent.cruds`, `system/*.rs`. The letters are in order;
///   a scope narrowed by a query (`?`) is not offered.
package struct SystemScope: Hashable, Sendable {
    package enum Permission: Character, Sendable, CaseIterable {
        case create = "c"
        case read = "r"
        case update = "u"
        case delete = "d"
        case search = "s"
    }

    /// nil for every type.
    package let type: String?
    package let permissions: Set<Permission>

    package init?(_ text: String) {
        let prefix = "system/"
        guard text.hasPrefix(prefix) else { return nil }
        let parts = text.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        let order = Permission.allCases.map(\.rawValue)
        var last = -1
        var permissions: Set<Permission> = []
        for letter in parts[1] {
            guard let place = order.firstIndex(of: letter), place > last, let permission = Permission(rawValue: letter)
            else { return nil }
            last = place
            permissions.insert(permission)
        }
        if parts[0] == "*" {
            type = nil
        } else {
            guard SystemScope.types.contains(String(parts[0])) else { return nil }
            type = String(parts[0])
        }
        self.permissions = permissions
    }

    /// The resources of the FHIR interface.
    package static let types: Set<String> = [
        "Consent", "CareTeam", "Patient", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson",
        "ValueSet", "AuditEvent", "Device",
    ]

    /// Whether one of those scopes lets it.
    package static func permits(_ permission: Permission, on type: String, scopes: [String]) -> Bool {
        scopes.contains { text in
            guard let scope = SystemScope(text) else { return false }
            return scope.permissions.contains(permission) && (scope.type == nil || scope.type == type)
        }
    }
}

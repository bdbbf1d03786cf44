// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A literal reference to a resource: its type and id. Any version named is left aside.
package struct Reference: Hashable, Sendable {
    package var type: String
    package var id: String

    package init(type: String, id: String) {
        self.type = type
        self.id = id
    }

    /// Reads `Patient/PAT-1`, `Patient/PAT-1/_history/2` or the same under our own base.
    package init?(_ text: String, base: String) {
        var rest = text[...]
        if rest.hasPrefix(base + "/") { rest = rest.dropFirst(base.count + 1) }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 || (parts.count == 4 && parts[2] == "_history"),
            let first = parts[0].utf8.first, (0x41...0x5A).contains(first),
            parts[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }),
            Primitive.isIdentifier(String(parts[1]))
        else { return nil }
        type = String(parts[0])
        id = String(parts[1])
    }

    package var text: String { "\(type)/\(id)" }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// The text of a policy directory: file name to contents.
package struct PolicyText: Hashable, Sendable {
    package var files: [String: String]

    package init(files: [String: String]) { self.files = files }
}

/// One immutable version of the policies. What is in force is one pointer to one of these.
package struct PolicyVersion: Hashable, Sendable {
    /// 1 for the first, then one more each.
    package var number: Int64
    package var text: PolicyText
    package var author: String
    package var createdAt: Instant

    package init(number: Int64, text: PolicyText, author: String, createdAt: Instant) {
        self.number = number
        self.text = text
        self.author = author
        self.createdAt = createdAt
    }
}

/// A version without its text, for lists.
package struct PolicyVersionSummary: Hashable, Sendable {
    package var number: Int64
    package var author: String
    package var createdAt: Instant
    /// Who first put it in force; nil for a version that waits for approval.
    package var approver: String?
    package var isInForce: Bool

    package init(number: Int64, author: String, createdAt: Instant, approver: String?, isInForce: Bool) {
        self.number = number
        self.author = author
        self.createdAt = createdAt
        self.approver = approver
        self.isInForce = isInForce
    }
}

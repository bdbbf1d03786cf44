// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// Puts a policy text in force: an immutable version, then the pointer, in one submission with its entry.
package enum PolicyPublication {
    /// The submission that adds the text as that version and makes it the one in force.
    ///
    /// - Parameters:
    ///   - number: one more than the last version in the store, 1 in an empty one.
    ///   - approver: who puts it in force; another person than its author, but for the policies that the binary
    ///     carries, published at the first start.
    /// - Throws: every fault of a text that would not compile: such a text is never put in force.
    package static func submission(
        _ text: PolicyText, number: Int64, author: String, approver: String, at instant: Instant
    ) throws(PolicyFaults) -> Submission {
        _ = try PolicyProgram(number: number, text: text)
        let version = PolicyVersion(number: number, text: text, author: author, createdAt: instant)
        return Submission(
            changes: [
                AccessChange.addPolicy(version), AccessChange.activatePolicy(number: number, approver: approver),
            ],
            entry: EntryDraft(
                kind: .administration, instant: instant, actor: approver,
                details: ["action": "policy_publish", "version": .integer(number), "author": .string(author)]))
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleIdentity
import SocleJSON

/// How a policy text comes into force: deposited by its author as an immutable version, put in force by another
/// person once the gate lets it through, taken back by moving the pointer to a version that was in force before.
///
/// Whether a person may is decided by the rules in force (R-ADM-2), as for any other question.
package struct PolicyPublication: Sendable {
    /// Who acts, as the records know them: an administrator's account.
    package struct Administrator: Hashable, Sendable {
        /// The account's `sub`.
        package var subject: String
        package var roles: Set<String>

        package init(subject: String, roles: Set<String>) {
            self.subject = subject
            self.roles = roles
        }
    }

    /// Why nothing was published.
    package enum Refusal: Error, Sendable {
        /// The rules in force refuse this person.
        case notAllowed(Decision)
        /// The version breaks what every version must keep.
        case gate(PolicyGate.Report)
        case faults(PolicyFaults)
    }

    private let inForce: PolicyVersion
    private let program: PolicyProgram
    /// The revision of the pointer and of the person: what was decided on must still stand when it is written.
    private let stamp: Stamp

    /// - Throws: when the version in force cannot be read, so that nobody can be let through by it.
    package init(inForce: PolicyVersion, stamp: Stamp) throws(PolicyFaults) {
        self.inForce = inForce
        self.stamp = stamp
        program = try PolicyProgram(number: inForce.number, text: inForce.text)
    }

    /// Deposits a text as the next version. It is in force nowhere until somebody else approves it.
    package func draft(
        _ text: PolicyText, number: Int64, by author: Administrator, at instant: Instant
    ) throws(Refusal) -> (submission: Submission, report: PolicyGate.Report) {
        let decision = try allowed(.simulate, author, authorship: .own)
        let report = try gate(text)
        let version = PolicyVersion(number: number, text: text, author: author.subject, createdAt: instant)
        let details = details("policy_draft", number, decision, ["author": .string(author.subject)])
        return (submission([.addPolicy(version)], author, details, instant), report)
    }

    /// Puts a deposited version in force.
    package func publication(
        of version: PolicyVersion, by approver: Administrator, at instant: Instant
    ) throws(Refusal) -> (submission: Submission, report: PolicyGate.Report) {
        let decision = try allowed(.publish, approver, authorship: authorship(version.author, approver))
        let report = try gate(version.text)
        let details = details("policy_publish", version.number, decision, ["author": .string(version.author)])
        let change = AccessChange.activatePolicy(number: version.number, approver: approver.subject)
        return (submission([change], approver, details, instant), report)
    }

    /// Puts a version that was in force before back in force. It passed the gate then, and is not held to invariants
    /// added since: in a hurry, the way back must be open. It must still be readable by this program.
    package func rollback(
        to version: PolicyVersion, by approver: Administrator, at instant: Instant
    ) throws(Refusal) -> Submission {
        let decision = try allowed(.publish, approver, authorship: authorship(version.author, approver))
        do throws(PolicyFaults) {
            _ = try PolicyProgram(number: version.number, text: version.text)
        } catch {
            throw .faults(error)
        }
        let details = details("policy_rollback", version.number, decision, ["author": .string(version.author)])
        let change = AccessChange.rollBackPolicy(number: version.number, approver: approver.subject)
        return submission([change], approver, details, instant)
    }

    private func authorship(_ author: String, _ approver: Administrator) -> Facts.Authorship {
        author == approver.subject ? .own : .other
    }

    /// Asks the rules in force.
    private func allowed(
        _ action: Facts.Action, _ person: Administrator, authorship: Facts.Authorship
    ) throws(Refusal) -> Decision {
        var facts = Facts(subject: .admin, category: "policy")
        facts.adminRoles = person.roles
        facts.action = action
        facts.purpose = .administration
        facts.authorship = authorship
        // The operator's shell stands for the application and for the authentication: it holds the master key.
        facts.application = .entitled
        facts.level = .sufficient
        let decision = program.decide(FactSheet(facts: facts), parameters: program.parameters(of: nil))
        guard decision.isPermit else { throw .notAllowed(decision) }
        return decision
    }

    private func gate(_ text: PolicyText) throws(Refusal) -> PolicyGate.Report {
        let report: PolicyGate.Report
        do throws(PolicyFaults) {
            report = try PolicyGate.check(text, inForce: inForce.text)
        } catch {
            throw .faults(error)
        }
        guard report.passes else { throw .gate(report) }
        return report
    }

    private func details(
        _ action: String, _ number: Int64, _ decision: Decision, _ more: JSONObject
    ) -> JSONObject {
        var details: JSONObject = [
            "action": .string(action), "version": .integer(number), "in_force": .integer(inForce.number),
            "rule": .string(decision.rule), "reason": .string(decision.reason),
        ]
        for (name, value) in more.members { details[name] = value }
        return details
    }

    private func submission(
        _ changes: [AccessChange], _ person: Administrator, _ details: JSONObject, _ instant: Instant
    ) -> Submission {
        Submission(
            changes: changes,
            entry: EntryDraft(kind: .administration, instant: instant, actor: person.subject, details: details),
            stamp: stamp)
    }
}

extension PolicyPublication {
    /// The submission that makes a text version 1 and puts it in force, where none ever was: the policies that the
    /// binary carries, or those of the operator's folder.
    ///
    /// - Parameters:
    ///   - number: one more than the last version in the store, 1 in an empty one.
    ///   - approver: not the author.
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

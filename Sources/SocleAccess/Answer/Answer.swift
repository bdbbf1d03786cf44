// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleConsent
import SocleIdentity
package import SocleJSON

/// What the application reads: one AuthZEN decision with its explanation.
package struct Answer: Sendable {
    package var decision: Decision
    /// Where the answer stands in the journal; nil when it could not be written there, and nothing is granted.
    package var id: String?
    package var policyVersion: Int64?
    /// For a trace: what the policies read.
    package var sheet: FactSheet?
    package var matrix: MatrixAccess
    /// The emergency this permit belongs to, and the name under which the access is kept for review.
    package var episode: EmergencyEpisode?
    package var access: String?
    /// How it was reached, for a caller who asked and may know.
    package var trace: DecisionTrace?

    init(
        decision: Decision, id: String? = nil, policyVersion: Int64?, sheet: FactSheet?,
        matrix: MatrixAccess = .absent, trace: DecisionTrace? = nil
    ) {
        self.decision = decision
        self.id = id
        self.policyVersion = policyVersion
        self.sheet = sheet
        self.matrix = matrix
        self.trace = trace
    }

    /// The wire form of DESIGN 4.1.
    package var json: JSONValue {
        var object = JSONObject(reservingCapacity: 2)
        describe(in: &object)
        return .object(object)
    }

    /// The same, written at once.
    package var text: JSONText { JSONText { describe(in: &$0) } }

    private func describe(in members: inout some JSONMembers) {
        members.append(unique: "decision", .bool(decision.isPermit))
        members.append(unique: "context") { context in
            context.append(unique: "id", id)
            context.append(unique: "reason", decision.reason)
            context.append(unique: "rule", decision.rule)
            context.append(unique: "obligations", decision.obligations)
            context.append(unique: "advice", decision.advice)
            if let text = decision.text {
                context.append(unique: "reason_user") { reason in
                    reason.append(unique: "fr", text.userFrench)
                    reason.append(unique: "en", text.userEnglish)
                }
                context.append(unique: "reason_admin") { reason in
                    reason.append(unique: "fr", text.adminFrench)
                    reason.append(unique: "en", text.adminEnglish)
                }
            }
            if let policyVersion { context.append(unique: "policy_version", .integer(policyVersion)) }
            if let episode {
                context.append(unique: "episode") { members in
                    members.append(unique: "id", episode.id)
                    members.append(unique: "until", episode.until.description)
                }
            }
            context.append(unique: "policies", decision.policies)
            if let trace { context.append(unique: "trace", trace.json) }
        }
    }
}

extension MalformedQuestion {
    package var json: JSONValue {
        ["decision": false, "context": ["error": ["status": 400, "message": .string(message)]]]
    }
}

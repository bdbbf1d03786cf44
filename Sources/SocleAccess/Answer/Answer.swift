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
    /// What the policies read.
    package var sheet: FactSheet?
    /// The emergency this permit belongs to, and the name under which the access is kept for review.
    package var episode: EmergencyEpisode?
    package var access: String?
    /// How it was reached, for a caller who asked and may know.
    package var trace: DecisionTrace?

    init(
        decision: Decision, id: String? = nil, policyVersion: Int64?, sheet: FactSheet?, trace: DecisionTrace? = nil
    ) {
        self.decision = decision
        self.id = id
        self.policyVersion = policyVersion
        self.sheet = sheet
        self.trace = trace
    }

    /// The wire form of DESIGN 4.1.
    package var text: JSONText {
        JSONText { members in
            members.append(unique: "decision", .bool(decision.isPermit))
            members.append(
                unique: "context",
                object: { context in
                    context.append(unique: "id", id)
                    context.append(decision.ruling.grounds)
                    context.append(unique: "obligations", decision.obligations)
                    context.append(decision.ruling.words)
                    if let policyVersion { context.append(unique: "policy_version", .integer(policyVersion)) }
                    if let episode {
                        context.append(
                            unique: "episode",
                            object: { members in
                                members.append(unique: "id", episode.id)
                                members.append(unique: "until", episode.until.description)
                            })
                    }
                    context.append(decision.ruling.naming)
                    if let trace { context.append(unique: "trace", trace.json) }
                })
        }
    }
}

extension MalformedQuestion {
    /// In the place of an answer.
    package var text: JSONText {
        JSONText(
            ["decision": false, "context": ["error": ["status": 400, "message": .string(message)]]] as JSONValue)
    }
}

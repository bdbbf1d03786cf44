// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// A question in any vocabulary: types, actions and properties are whatever the policies know.
package struct GenericQuestion: BatchedQuestion, Hashable {
    /// A subject or a resource, with what the caller says of it.
    struct Party: Hashable, Sendable {
        var type: String
        var id: String
        var properties: JSONObject

        init(_ member: Member) throws(MalformedQuestion) {
            type = try member.required("type")
            id = try member.required("id")
            properties = try member.object("properties").tree
        }
    }

    var subject: Party
    var action: String
    /// Part of what is asked: they say how the action would be done, not what anything is.
    var actionProperties: JSONObject
    var resource: Party
    var context: JSONObject

    package init(
        subject: JSONView?, action: JSONView?, resource: JSONView?, context: JSONView?
    ) throws(MalformedQuestion) {
        self.subject = try Party(Member(subject, "subject"))
        let action = try Member(action, "action")
        self.action = try action.required("name")
        actionProperties = try action.object("properties").tree
        self.resource = try Party(Member(resource, "resource"))
        self.context = try Member(context, "context", optional: true).tree
    }

    package var candidateCount: Int { 0 }
    /// Its context is its policies' own vocabulary.
    package var asksForTrace: Bool { false }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// A question in any vocabulary: types, actions and properties are whatever the policies know.
package struct GenericQuestion: BatchedQuestion, Hashable {
    /// A subject or a resource, with what the caller says of it.
    package struct Party: Hashable, Sendable {
        var type: String
        var id: String
        var properties: JSONObject

        init(_ member: Member) throws(MalformedQuestion) {
            type = try member.required("type")
            id = try member.required("id")
            properties = try member.object("properties").tree
        }
    }

    /// An action; its properties are part of what is asked: they say how it would be done, not what anything is.
    package struct Act: Hashable, Sendable {
        var name: String
        var properties: JSONObject
    }

    var subject: Party
    private var act: Act
    var resource: Party
    var context: JSONObject

    var action: String {
        get { act.name }
        set { act.name = newValue }
    }
    var actionProperties: JSONObject { act.properties }

    package init(subject: Party, action: Act, resource: Party, context: JSONObject) {
        self.subject = subject
        act = action
        self.resource = resource
        self.context = context
    }

    package static func subject(_ view: JSONView?) throws(MalformedQuestion) -> Party {
        try Party(Member(view, "subject"))
    }
    package static func action(_ view: JSONView?) throws(MalformedQuestion) -> Act {
        let action = try Member(view, "action")
        return Act(name: try action.required("name"), properties: try action.object("properties").tree)
    }
    package static func resource(_ view: JSONView?) throws(MalformedQuestion) -> Party {
        try Party(Member(view, "resource"))
    }
    package static func context(_ view: JSONView?) throws(MalformedQuestion) -> JSONObject {
        try Member(view, "context", optional: true).tree
    }

    package var candidateCount: Int { 0 }
    /// Its context is its policies' own vocabulary.
    package var asksForTrace: Bool { false }
}

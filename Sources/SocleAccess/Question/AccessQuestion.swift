// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// One question in the words of AuthZEN 1.0: may this subject do this action on this resource, in this context?
///
/// What it says is what the caller claims. Which of it counts is decided by `Facts`: attributes of people come from
/// Socle's records, attributes of a resource from the application registered as its holder.
package struct AccessQuestion: Hashable, Sendable {
    package struct Subject: Hashable, Sendable {
        /// The type as sent; one of `SubjectKind` for a question that can be granted.
        package var type: String
        package var id: String
        /// What an application that asserts its user says of the session. Ignored when the subject is proven.
        package var situation: String?
        package var method: String?
        package var acr: String?
        /// Names of other properties sent: they count for nothing, and the journal says so.
        package var ignored: [String]

        package init(
            type: String, id: String, situation: String? = nil, method: String? = nil, acr: String? = nil,
            ignored: [String] = []
        ) {
            self.type = type
            self.id = id
            self.situation = situation
            self.method = method
            self.acr = acr
            self.ignored = ignored
        }

        package var kind: SubjectKind? { SubjectKind(rawValue: type) }
    }

    package struct Resource: Hashable, Sendable {
        /// The category: `document`, `document_list`, `liaison_note`, ...
        package var type: String
        package var id: String
        package var patient: String?
        package var typeCode: String?
        package var author: String?
        package var authorStructure: String?
        package var confidentiality: [String]
        package var created: String?
        package var candidates: [Candidate]

        package init(
            type: String, id: String, patient: String? = nil, typeCode: String? = nil, author: String? = nil,
            authorStructure: String? = nil, confidentiality: [String] = [], created: String? = nil,
            candidates: [Candidate] = []
        ) {
            self.type = type
            self.id = id
            self.patient = patient
            self.typeCode = typeCode
            self.author = author
            self.authorStructure = authorStructure
            self.confidentiality = confidentiality
            self.created = created
            self.candidates = candidates
        }
    }

    /// A document of a list, described as much as its holder cares to.
    package struct Candidate: Hashable, Sendable {
        package var id: String
        package var typeCode: String?
        package var author: String?
        package var authorStructure: String?
        package var confidentiality: [String]

        package init(
            id: String, typeCode: String? = nil, author: String? = nil, authorStructure: String? = nil,
            confidentiality: [String] = []
        ) {
            self.id = id
            self.typeCode = typeCode
            self.author = author
            self.authorStructure = authorStructure
            self.confidentiality = confidentiality
        }
    }

    package struct Context: Hashable, Sendable {
        package var purpose: String?
        package var justification: String?
        package var immediateRisk: Bool
        package var patientCapacity: String?
        package var callID: String?
        package var pseudonymised: Bool
        /// Whether the answer should show how it was reached.
        package var trace: Bool

        package init(
            purpose: String? = nil, justification: String? = nil, immediateRisk: Bool = false,
            patientCapacity: String? = nil, callID: String? = nil, pseudonymised: Bool = false,
            trace: Bool = false
        ) {
            self.purpose = purpose
            self.justification = justification
            self.immediateRisk = immediateRisk
            self.patientCapacity = patientCapacity
            self.callID = callID
            self.pseudonymised = pseudonymised
            self.trace = trace
        }
    }

    package var subject: Subject {
        get { content.subject }
        set { content = Content(newValue, action, resource, context) }
    }
    package var action: String {
        get { content.action }
        set { content = Content(subject, newValue, resource, context) }
    }
    package var resource: Resource {
        get { content.resource }
        set { content = Content(subject, action, newValue, context) }
    }
    package var context: Context {
        get { content.context }
        set { content = Content(subject, action, resource, newValue) }
    }
    /// The patient named, when the name has the shape of one; a resource that is a patient names itself. A malformed
    /// one is an unknown patient.
    package var patient: PatientIdentifier? { content.patient }

    /// Shared: a question passes through many hands and is rarely changed.
    private var content: Content

    package init(subject: Subject, action: String, resource: Resource, context: Context = Context()) {
        content = Content(subject, action, resource, context)
    }

    private final class Content: Hashable, Sendable {
        let subject: Subject
        let action: String
        let resource: Resource
        let context: Context
        let patient: PatientIdentifier?

        init(_ subject: Subject, _ action: String, _ resource: Resource, _ context: Context) {
            self.subject = subject
            self.action = action
            self.resource = resource
            self.context = context
            let named = resource.patient ?? (resource.type == AccessQuestion.patientType ? resource.id : nil)
            patient = named.flatMap { PatientIdentifier($0) }
        }

        static func == (a: Content, b: Content) -> Bool {
            a.subject == b.subject && a.action == b.action && a.resource == b.resource && a.context == b.context
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(subject)
            hasher.combine(action)
            hasher.combine(resource)
            hasher.combine(context)
        }
    }
}

/// Why a request is not a question. Its message is for the developer of the application.
package struct MalformedQuestion: Error, Equatable {
    package var message: String
    package init(_ message: String) { self.message = message }
}

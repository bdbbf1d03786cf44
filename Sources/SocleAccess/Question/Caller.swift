// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleIdentity

/// Who brings a question, as their verified token says: never as the body says.
package struct Caller: Hashable, Sendable {
    package enum Voice: Hashable, Sendable {
        /// A person's own token: the subject is proven, with the session behind it.
        case person(PersonSession)
        /// The application's own token, with the right to assert its users.
        case application
    }

    /// The authenticated OAuth client.
    package var client: String
    package var voice: Voice
    /// What the token rests on: its grant, session and client, with their revisions.
    package var stamp: Stamp

    package init(client: String, voice: Voice, stamp: Stamp = Stamp()) {
        self.client = client
        self.voice = voice
        self.stamp = stamp
    }

    /// The session behind a person's token.
    package struct PersonSession: Hashable, Sendable {
        /// The account's own `sub`.
        package var subject: String
        /// The `sub` that this client knows, pairwise or the account's own: the one a question names (DESIGN 4.1).
        package var issuedSubject: String
        package var situation: String?
        /// `amr` values.
        package var methods: [String]
        package var acr: String?

        package init(
            subject: String, issuedSubject: String? = nil, situation: String?, methods: [String], acr: String?
        ) {
            self.subject = subject
            self.issuedSubject = issuedSubject ?? subject
            self.situation = situation
            self.methods = methods
            self.acr = acr
        }
    }

    /// Who acted, for the journal: the account of a person's own token, otherwise the application that speaks for its
    /// user.
    var actor: String {
        switch voice {
        case .person(let session): session.subject
        case .application: client
        }
    }

    /// The exercise situation: the session's, or the one asserted for it.
    package func situation(of subject: AccessQuestion.Subject) -> String? {
        switch voice {
        case .person(let session): session.situation
        case .application: subject.situation
        }
    }

    /// How the question's subject is to be looked up.
    package func reference(of subject: AccessQuestion.Subject) -> SubjectReference {
        if case .person(let session) = voice { return .account(session.subject) }
        if subject.kind == .system { return .application }
        if let id = ProfessionalIdentifier(prefixed: subject.id) { return .professional(id) }
        return .account(subject.id)
    }
}

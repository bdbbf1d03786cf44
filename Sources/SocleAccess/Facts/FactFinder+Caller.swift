// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity

extension FactFinder {
    /// R-APP-1: the registration covers what is asked, about a subject this caller may speak for.
    var isEntitled: Bool {
        guard let registration = asker.registration, let kind = question.subject.kind,
            let purpose = question.context.purpose,
            registration.purposes.contains(purpose), registration.actions.contains(question.action),
            registration.resourceTypes.contains(question.resource.type)
        else { return false }
        let named = question.subject.id.hasPrefix("rpps:")
        if named, !registration.namesByRPPS { return false }
        switch caller.voice {
        case .application: return registration.assertedSubjects.contains(kind)
        case .person(let session):
            // A system has no person's token, and a person asks for nobody else.
            guard kind != .system, kind == personKind else { return false }
            return named
                ? asker.professional.map { $0.id == ProfessionalIdentifier(prefixed: question.subject.id) } ?? false
                : question.subject.id == session.issuedSubject
        }
    }

    /// R-AUTH-1. A method of its own is never enough as a password alone, whatever level is claimed.
    var level: Facts.Level {
        let acr: String?
        let method: String?
        switch caller.voice {
        case .person(let session):
            acr = session.acr
            method = session.methods == ["pwd"] ? "local_password" : nil
        case .application:
            acr = question.subject.acr
            method = question.subject.method
        }
        guard let acr, ["eidas1", "eidas2", "eidas3"].contains(acr), method != "local_password" else {
            return .insufficient
        }
        return .sufficient
    }

    /// The exercise situation: the session's, or the one asserted for it.
    var situation: String? { caller.situation(of: question.subject) }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent

extension Answer {
    /// What links the professional to the patient, for after-the-fact control; nil for anyone else.
    var relationLevel: RelationLevel? {
        guard let facts = sheet?.facts, facts.subject == .professional else { return nil }
        switch facts.relation {
        case .own: return .own
        case .structure: return .structure
        case .otherStructure, .past, .none: break
        }
        guard decision.isPermit else { return RelationLevel.none }
        switch facts.purpose {
        case .breakGlass, .regulation: return .declared
        case .occupational: return .consented
        default: return facts.authorship == .own ? .author : .consented
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleIdentity

/// What is asked about a kind of subject unless the options say otherwise: for people what the e-Parcours services
/// share, for an application without a user no more than the rules may permit.
struct UsualQuestions {
    var purposes: Set<String>
    var actions: Set<String>
    var types: Set<String>

    private static let shared: Set<String> = ["document", "document_list", "liaison_note", "careplan_pps"]

    private init(_ purposes: Set<String>, _ actions: Set<String>, _ types: Set<String>) {
        self.purposes = purposes
        self.actions = actions
        self.types = types
    }

    init(of kind: SubjectKind, pseudonymised: Bool) {
        self =
            switch kind {
            case .professional: Self(["TREAT", "BTG"], ["read", "search", "create", "update"], Self.shared)
            case .patient, .relatedPerson: Self(["PATRQT"], ["read", "search"], Self.shared)
            case .system where pseudonymised: Self(["STAT"], ["read", "search", "export"], ["journey_data"])
            case .system: Self(["TREAT"], ["create"], ["document"])
            case .admin: Self(["ADMIN"], ["read", "simulate", "publish"], ["policy", "audit_technical"])
            }
    }
}

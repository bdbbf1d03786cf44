// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
package import SocleJSON

/// What happened, before the lane gives it a place in the chain.
package struct EntryDraft: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case decision
        case signIn = "sign_in"
        case signOut = "sign_out"
        case token
        case choice
        case administration
        case keyUse = "key_use"
        case chain
    }

    package var kind: Kind
    package var instant: Instant
    /// Who acted: an account's `sub`, a client id, `operator` for the command line. Never a national identifier.
    package var actor: String?
    /// The patient it is about, where it is one.
    package var patient: PatientIdentifier?
    /// Those it is about, where they are several: it is found under each of them.
    package private(set) var patients: [PatientIdentifier] = []
    /// The rest, as the entry's body: items with outcome and rule, reasons, the client, policy version.
    /// Never a secret, a token or a password.
    package var details: JSONText

    package init(
        kind: Kind, instant: Instant, actor: String?, patient: PatientIdentifier? = nil, details: JSONObject
    ) {
        self.init(kind: kind, instant: instant, actor: actor, patient: patient, details: JSONText(details))
    }

    /// - Parameter details: the text of one object.
    package init(
        kind: Kind, instant: Instant, actor: String?, patient: PatientIdentifier? = nil, details: JSONText
    ) {
        self.kind = kind
        self.instant = instant
        self.actor = actor
        self.patient = patient
        self.details = details
    }

    package init(
        kind: Kind, instant: Instant, actor: String?, patients: Set<PatientIdentifier>, details: JSONObject
    ) {
        self.init(kind: kind, instant: instant, actor: actor, patients: patients, details: JSONText(details))
    }

    /// An entry about all those patients.
    package init(
        kind: Kind, instant: Instant, actor: String?, patients: Set<PatientIdentifier>, details: JSONText
    ) {
        self.init(
            kind: kind, instant: instant, actor: actor, patient: patients.count == 1 ? patients.first : nil,
            details: details)
        if patients.count > 1 { self.patients = patients.sorted { $0.value < $1.value } }
    }
}

/// Where an entry stands: the chain of one process start, and its number there.
package struct EntryPosition: Hashable, Sendable {
    package var chain: String
    package var sequence: Int64

    package init(chain: String, sequence: Int64) {
        self.chain = chain
        self.sequence = sequence
    }
}

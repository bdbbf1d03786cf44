// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// Everything a policy may read of one question: few facts, each with few values, named as in the Cedar schema.
package struct Facts: Hashable, Sendable {
    package enum Application: String, Sendable, CaseIterable {
        case entitled
        case notEntitled = "not_entitled"
    }
    package enum Action: String, Sendable, CaseIterable {
        case read, search, create, update, delete, export
        case publishDMP = "publish_dmp"
        case publish, simulate, other
    }
    package enum Purpose: String, Sendable, CaseIterable {
        case treatment = "TREAT"
        case breakGlass = "BTG"
        case regulation = "REG15"
        case occupational = "OCCUP"
        case patientRequest = "PATRQT"
        case administration = "ADMIN"
        case statistics = "STAT"
        case other
    }
    package enum Level: String, Sendable, CaseIterable { case sufficient, insufficient }
    package enum Emergency: String, Sendable, CaseIterable {
        case met
        case notMet = "not_met"
    }
    package enum Information: String, Sendable, CaseIterable {
        case given, absent
        /// The service asks for the patient's agreement first, and there is none.
        case notAgreed = "not_agreed"
    }
    package enum Presence: String, Sendable, CaseIterable { case given, absent }
    package enum Standing: String, Sendable, CaseIterable {
        case active
        case struckOff = "struck_off"
        case noActivity = "no_activity"
        case unknown
    }
    package enum Situation: String, Sendable, CaseIterable {
        case chosen
        case notChosen = "not_chosen"
        case invalid
    }
    package enum Place: String, Sendable, CaseIterable { case samu, other }
    package enum IdentityMatch: String, Sendable, CaseIterable { case exact, partial, none }
    package enum PatientState: String, Sendable, CaseIterable { case alive, deceased, unknown }
    package enum Capacity: String, Sendable, CaseIterable {
        case able
        case unableToExpress = "unable_to_express"
        case minor
    }
    package enum Identity: String, Sendable, CaseIterable {
        case qualified
        case notQualified = "not_qualified"
    }
    package enum Relation: String, Sendable, CaseIterable {
        case own, structure
        case otherStructure = "other_structure"
        case past, none
    }
    package enum Consent: String, Sendable, CaseIterable {
        case valid, invalid
        case outOfScope = "out_of_scope"
        case withdrawn, none
    }
    package enum Mandate: String, Sendable, CaseIterable {
        case covers
        case outOfScope = "out_of_scope"
        case none
    }
    package enum Mask: String, Sendable, CaseIterable { case masked, none }
    package enum Authorship: String, Sendable, CaseIterable { case own, structure, other }

    // Who asks.
    package var subject: SubjectKind
    package var role: CodedConcept?
    package var adminRoles: Set<String> = []
    // What is asked.
    package var action: Action = .other
    package var category: String
    package var documentType: String?
    // The question.
    package var application = Application.notEntitled
    package var purpose = Purpose.other
    package var level = Level.insufficient
    package var emergency = Emergency.notMet
    package var justification = Presence.absent
    package var pseudonymised = false
    // The person.
    package var standing = Standing.unknown
    package var situation = Situation.notChosen
    package var place = Place.other
    package var identityMatch = IdentityMatch.none
    package var isSelf = false
    package var representative = false
    package var mandate = Mandate.none
    // The patient and their choices.
    package var patient = PatientState.unknown
    package var capacity = Capacity.able
    package var ins = Identity.notQualified
    package var relation = Relation.none
    package var information = Information.absent
    package var opposition = false
    package var emergencyOpposition = false
    package var regulationOpposition = false
    package var blocked = false
    package var administrator = false
    package var consent = Consent.none
    package var occupationalConsent = false
    // The resource.
    package var mask = Mask.none
    package var minorSecret = false
    package var hiddenFromPatient = false
    package var authorship = Authorship.other
    // Parameters.
    package var blockStopsEmergency = true
    package var emergencyRevealsMasked = false
    package var membersChangeTeam = false
    package var approversSimulate = false
    package var systemDeposits = false
    package var teamReadsDeceased = false

    /// Every fact at the value that gives nothing.
    package init(subject: SubjectKind, category: String) {
        self.subject = subject
        self.category = category
    }

    /// By the facts that differ most between questions; equality looks at all. The standard library would hash the text
    /// of each of them.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(category)
        hasher.combine(documentType)
        hasher.combine(role?.code)
        hasher.combine(action)
        hasher.combine(purpose)
        hasher.combine(relation)
        hasher.combine(consent)
    }
}

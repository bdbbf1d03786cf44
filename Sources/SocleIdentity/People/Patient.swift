// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// A patient of the region. What they decided is in their choices, not here.
package struct Patient: Hashable, Sendable {
    /// What the record says of the person's ability to decide.
    package enum Capacity: String, Sendable, CaseIterable {
        case able
        case unableToExpress = "unable_to_express"
        case minor
    }

    package var id: PatientIdentifier
    package var name: String
    package var ins: INS?
    package var insStatus: INSStatus
    /// Of a date known in part, the last day it may be.
    package var birthDate: CalendarDate?
    package var capacity: Capacity
    package var alive: Bool

    package init(
        id: PatientIdentifier, name: String = "", ins: INS? = nil, insStatus: INSStatus = .provisional,
        birthDate: CalendarDate? = nil, capacity: Capacity = .able, alive: Bool = true
    ) {
        self.id = id
        self.name = name
        self.ins = ins
        self.insStatus = insStatus
        self.birthDate = birthDate
        self.capacity = capacity
        self.alive = alive
    }

    /// The capacity at an instant: a minor comes of age on the eighteenth birthday (Code civil art. 414).
    ///
    /// The reverse is not inferred: a person under eighteen recorded as able is emancipated.
    package func capacity(at instant: Instant) -> Capacity {
        guard capacity == .minor, let majority = birthDate?.anniversary(18), majority <= instant else {
            return capacity
        }
        return .able
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension Resource {
    /// The patient's record. Of a date of birth known in part the last day it may be counts: until then they may be a minor.
    func planPatient(
        id: String, _ context: PlanContext, _ around: inout Surroundings
    ) throws(FHIRRefusal) -> RecordPlan {
        guard let identifier = PatientIdentifier(id) else {
            throw .unprocessable("the id is not an identifier", at: "Patient.id")
        }
        let known = around.patients[identifier]?.patient
        let birthDate = root.text("birthDate").flatMap { FHIRDate($0) }?.lastDay ?? known?.birthDate
        var patient = Patient(
            id: identifier, name: root.all("name").preferred?.displayName ?? "", ins: ins,
            insStatus: try insStatus, birthDate: birthDate,
            capacity: Patient.capacity(bornOn: birthDate, knownAs: known, at: context.now), alive: isAlive)
        if let element = root.extended(Vocabulary.capacity, "valueCode") {
            guard let capacity = element.value.string.flatMap(Patient.Capacity.init(rawValue:)) else {
                let list = Patient.Capacity.allCases.map(\.rawValue).joined(separator: ", ")
                throw .unprocessable("the capacity must be one of \(list)", at: element.path, .codeInvalid)
            }
            patient.capacity = capacity
        }
        if patient.insStatus == .qualified, patient.ins == nil {
            throw .unprocessable(
                "a qualified identity bears an INS whose key is right (RNIV)", at: "Patient.identifier")
        }
        around.patients[identifier, default: Surroundings.PatientRecords()].patient = patient
        return RecordPlan(changes: [PersonChange.patient(patient)], patient: identifier)
    }

    /// A number whose key is wrong is kept in the resource, and is nobody's INS.
    private var ins: INS? {
        root.all("identifier").first { Vocabulary.ins.contains($0.text("system") ?? "") && $0.text("use") != "old" }?
            .text("value").flatMap { INS($0) }
    }

    private var insStatus: INSStatus {
        get throws(FHIRRefusal) {
            let reliability = root.all("extension").first { $0.text("url") == Vocabulary.identityReliability }
            let status = reliability?.extended("identityStatus", "valueCoding") ?? reliability?["valueCoding"]
            guard let status else { return .provisional }
            guard let value = status.text("code").flatMap(INSStatus.init(rawValue:)) else {
                let list = INSStatus.allCases.map(\.rawValue).joined(separator: ", ")
                throw .unprocessable("the status of the identity must be one of \(list)", at: status.path, .codeInvalid)
            }
            return value
        }
    }

    /// Anything said of a death but that there was none is one: of a date that is unknown as well.
    private var isAlive: Bool {
        root["deceasedBoolean"]?.value.bool == false
            || ["deceasedBoolean", "deceasedDateTime", "_deceasedBoolean", "_deceasedDateTime"]
                .allSatisfy { root[$0] == nil }
    }
}

extension Patient {
    /// Whether somebody is a minor follows from the date of birth, each time it is said; what was said of them against it
    /// (an emancipated minor), or beside it (a protected adult), stays.
    fileprivate static func capacity(
        bornOn day: CalendarDate?, knownAs known: Patient?, at now: Instant
    ) -> Capacity {
        guard let known else { return day.map { isMinor(bornOn: $0, at: now) } == true ? .minor : .able }
        guard let day, known.capacity == .minor || known.capacity == .able, !known.isEmancipated(at: now) else {
            return known.capacity
        }
        return isMinor(bornOn: day, at: now) ? .minor : .able
    }

    /// Said to be able, and too young to be that by age.
    private func isEmancipated(at now: Instant) -> Bool {
        capacity == .able && birthDate.map { Patient.isMinor(bornOn: $0, at: now) } == true
    }

    fileprivate static func isMinor(bornOn day: CalendarDate, at now: Instant) -> Bool {
        day.anniversary(18).map { now < $0 } ?? false
    }

    /// A minor is one until they come of age, whatever was written last.
    func isMinor(at now: Instant) -> Bool {
        capacity == .minor && birthDate.map { Patient.isMinor(bornOn: $0, at: now) } ?? true
    }

    /// Whether its capacity says more than its date of birth does.
    func isCapacitySaid(at now: Instant) -> Bool {
        switch capacity {
        case .minor: birthDate == nil
        case .able: isEmancipated(at: now)
        default: true
        }
    }
}

extension [Element] {
    /// Of several names, the official one, else the first.
    var preferred: Element? { first { $0.text("use") == "official" } ?? first }
}

extension Element {
    var given: String? {
        let words = (value["given"]?.array ?? []).compactMap(\.string)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// A `HumanName` as people read it.
    var displayName: String {
        text("text") ?? [given, text("family")].compactMap(\.self).joined(separator: " ")
    }
}

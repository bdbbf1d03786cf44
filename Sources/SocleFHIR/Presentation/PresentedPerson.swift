// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// A record of a person or a place, and the resource that says it.
enum PresentedPerson {
    case patient(Patient)
    case professional(Professional)
    case structure(Structure)

    /// The record of that name; nil when there is none.
    init?(_ reference: Reference, in around: Surroundings) {
        let found: PresentedPerson? =
            switch reference.type {
            case "Patient":
                PatientIdentifier(reference.id).flatMap { around.patients[$0]?.patient }.map { .patient($0) }
            case "Practitioner":
                ProfessionalIdentifier(reference.id).flatMap { around.professionals[$0] }.map { .professional($0) }
            case "Organization":
                StructureIdentifier(reference.id).flatMap { around.structures[$0] }.map { .structure($0) }
            default: nil
            }
        guard let found else { return nil }
        self = found
    }

    init?(_ change: PersonChange) {
        switch change {
        case .patient(let patient): self = .patient(patient)
        case .professional(let professional): self = .professional(professional)
        case .structure(let structure): self = .structure(structure)
        case .link: return nil
        }
    }

    /// What its plan reads back as the same record.
    func content(at now: Instant) -> JSONObject {
        switch self {
        case .patient(let patient): patient.content(at: now)
        case .professional(let professional): professional.content
        case .structure(let structure): structure.content
        }
    }

    /// As the resource is read today where it was read otherwise when it was written: a date of birth known in part was
    /// none, and a qualification was one though it had ended. What a client wrote is not taken away for that.
    func read(as said: PresentedPerson, from content: JSONObject) -> PresentedPerson {
        switch (self, said) {
        case (.patient(var own), .patient(let said)) where own.birthDate == nil && said.birthDate != nil:
            own.birthDate = said.birthDate
            if own.capacity == .able { own.capacity = said.capacity }
            return .patient(own)
        case (.professional(var own), .professional(let said)) where own.profession != said.profession:
            let ended = (content["qualification"]?.array ?? []).filter { $0["period"]?["end"] != nil }
            let codes = ended.flatMap { $0["code"]?["coding"]?.array ?? [] }.map { $0["code"]?.string }
            guard codes.contains(own.profession.code) else { return self }
            (own.profession, own.speciality) = (said.profession, said.speciality)
            return .professional(own)
        default: return self
        }
    }

    /// A resource that says what this record says, where it said otherwise.
    func updating(_ content: JSONObject, saying said: PresentedPerson, at instant: Instant) -> JSONObject {
        let (now, before) = (self.content(at: instant), said.content(at: instant))
        var content = content
        for name in now.names + before.names where now[name] != before[name] {
            switch name {
            case "identifier", "extension":
                let others = (content[name]?.array ?? []).filter { !Vocabulary.isRecorded($0) }
                content[name] = .array(others + (now[name]?.array ?? []))
            case "qualification", "type", "name":
                // What is read first is the record's; the rest is somebody else's to say.
                let others = now[name]?.array == nil ? [] : PresentedPerson.others(than: name, in: content)
                content["_\(name)"] = nil
                content[name] = now[name]?.array.map { .array($0 + others) } ?? now[name]
            case "deceasedBoolean":
                for other in ["deceasedDateTime", "_deceasedDateTime", "_deceasedBoolean"] { content[other] = nil }
                content[name] = now[name]
            default:
                content["_\(name)"] = nil
                content[name] = now[name]
            }
        }
        return content.withoutEmptyLists
    }

    /// The names beside the one that records hold, the codes of systems that they do not, and what has ended.
    private static func others(than name: String, in content: JSONObject) -> [JSONValue] {
        var list = content[name]?.array ?? []
        if name == "name" {
            if !list.isEmpty { list.remove(at: list.firstIndex { $0["use"] == "official" } ?? 0) }
            return list
        }
        return list.filter { element in
            if element["period"]?["end"] != nil { return true }
            let codings = (element["code"] ?? element)["coding"]?.array ?? []
            return !codings.contains { Vocabulary.isRecorded(codeOf: $0["system"]?.string ?? "") }
        }
    }
}

extension Vocabulary {
    /// Whether records hold codes of a system, of a professional or of a structure.
    static func isRecorded(codeOf system: String) -> Bool {
        professions[system] != nil || specialities.contains(system) || system == structureType
    }

    /// Whether an identifier or an extension is one that records hold.
    fileprivate static func isRecorded(_ value: JSONValue) -> Bool {
        if let system = value["system"]?.string {
            return ins.union(rpps).union(finess).contains(system) && value["use"] != "old"
        }
        return [capacity, teamCapable, identityReliability].contains(value["url"]?.string ?? "")
    }
}

extension Patient {
    fileprivate func content(at now: Instant) -> JSONObject {
        let status: JSONValue = [
            "system": .string(Vocabulary.identityStatus), "code": .string(insStatus.rawValue),
        ]
        let reliability: JSONValue = [
            "url": .string(Vocabulary.identityReliability),
            "extension": [["url": "identityStatus", "valueCoding": status]],
        ]
        var extensions = [reliability]
        if isCapacitySaid(at: now) {
            extensions.append(["url": .string(Vocabulary.capacity), "valueCode": .string(capacity.rawValue)])
        }
        var content: JSONObject = ["resourceType": "Patient", "extension": .array(extensions)]
        if let ins {
            content["identifier"] = [
                ["system": .string(Vocabulary.insNIR), "value": .string(ins.number + ins.key)]
            ]
        }
        if !name.isEmpty { content["name"] = [["use": "official", "text": .string(name)]] }
        content["birthDate"] = birthDate.map { .string($0.description) }
        if !alive { content["deceasedBoolean"] = true }
        return content
    }
}

extension Professional {
    fileprivate var content: JSONObject {
        var name: JSONObject = ["use": "official", "text": .string(self.name)]
        name["family"] = familyName.map(JSONValue.string)
        name["given"] = givenName.map { [.string($0)] }
        func qualification(_ system: String, _ code: String) -> JSONValue {
            ["code": ["coding": [["system": .string("urn:oid:\(system)"), "code": .string(code)]]]]
        }
        var qualifications = [qualification(profession.system, profession.code)]
        if let speciality { qualifications.append(qualification(Vocabulary.specialityOID, speciality)) }
        var content: JSONObject = [
            "resourceType": "Practitioner", "active": .bool(registryStatus == .active), "name": [.object(name)],
            "qualification": .array(qualifications),
        ]
        if let number = RPPS(String(id.value.dropFirst())), number.professional == id {
            content["identifier"] = [["system": .string(Vocabulary.rppsURL), "value": .string(number.number)]]
        }
        return content
    }
}

extension Structure {
    fileprivate var content: JSONObject {
        var content: JSONObject = [
            "resourceType": "Organization", "name": .string(name),
            "extension": [["url": .string(Vocabulary.teamCapable), "valueBoolean": .bool(teamCapable)]],
        ]
        if !type.isEmpty {
            content["type"] = [
                ["coding": [["system": .string(Vocabulary.structureType), "code": .string(type)]]]
            ]
        }
        if let finess {
            content["identifier"] = [["system": .string(Vocabulary.finessURL), "value": .string(finess.number)]]
        }
        content["partOf"] = parent.map { Reference.json("Organization", $0.value) }
        return content
    }
}

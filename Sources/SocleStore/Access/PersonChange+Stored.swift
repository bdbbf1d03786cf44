// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
import SocleIdentity
import SocleJSON

extension PersonChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .professional(let professional): try PersonStatements.write(professional, on: connection)
        case .structure(let structure): try PersonStatements.write(structure, on: connection)
        case .patient(let patient): try PersonStatements.write(patient, on: connection)
        case .link(let link): try PersonStatements.write(link, on: connection)
        }
        return true
    }
}

enum PersonStatements {
    private static let professional: Statement = """
        INSERT INTO professionals
            (id, name, profession_code, profession_system, speciality, registry_status, given_name, family_name)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, given_name = excluded.given_name,
            family_name = excluded.family_name, profession_code = excluded.profession_code,
            profession_system = excluded.profession_system, speciality = excluded.speciality,
            registry_status = excluded.registry_status
        """
    private static let clearActivities: Statement = "DELETE FROM activities WHERE professional = $1"
    private static let activity: Statement = """
        INSERT INTO activities
            (professional, position, structure, kind, sector, mode, profession_code, profession_system, role,
            period_start, period_end)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """
    private static let structure: Statement = """
        INSERT INTO structures (id, name, type, finess, parent, team_capable) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, type = excluded.type, finess = excluded.finess,
            parent = excluded.parent, team_capable = excluded.team_capable
        """
    private static let patient: Statement = """
        INSERT INTO patients (id, name, ins, ins_status, birth_date, capacity, alive)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, ins = excluded.ins, ins_status = excluded.ins_status,
            birth_date = excluded.birth_date, capacity = excluded.capacity, alive = excluded.alive
        """
    private static let link: Statement = """
        INSERT INTO account_links (subject, kind, person, identity_match, details) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (subject) DO UPDATE SET kind = excluded.kind, person = excluded.person,
            identity_match = excluded.identity_match, details = excluded.details
        """

    static func write(_ value: Professional, on connection: any Connection) throws(StoreError) {
        try connection.execute(
            professional,
            [
                .text(value.id.value), .text(value.name), .text(value.profession.code),
                .text(value.profession.system), .optional(value.speciality), .text(value.registryStatus.rawValue),
                .optional(value.givenName), .optional(value.familyName),
            ])
        try connection.execute(clearActivities, [.text(value.id.value)])
        for (index, item) in value.activities.enumerated() {
            try connection.execute(
                activity,
                [
                    .text(value.id.value), .integer(Int64(index)), .text(item.structure.value), .text(item.kind),
                    .text(item.sector), .text(item.mode), .optional(item.profession?.code),
                    .optional(item.profession?.system), .optional(item.role), .optional(item.start),
                    .optional(item.end),
                ])
        }
        try connection.bump(.person, value.id.value)
    }

    static func write(_ value: Structure, on connection: any Connection) throws(StoreError) {
        // Before anything is read.
        try connection.bump(.structure, value.id.value)
        let formedTeam = try AccessReading.structure(value.id, on: connection)?.teamCapable == true
        try connection.execute(
            structure,
            [
                .text(value.id.value), .text(value.name), .text(value.type), .optional(value.finess?.number),
                .optional(value.parent?.value), .bool(value.teamCapable),
            ])
        if value.teamCapable != formedTeam { try EmergencyScore.renew(at: value.id, on: connection) }
    }

    static func write(_ value: Patient, on connection: any Connection) throws(StoreError) {
        try connection.execute(
            patient,
            [
                .text(value.id.value), .text(value.name), .optional(value.ins.map { $0.number + $0.key }),
                .text(value.insStatus.rawValue), .optional(value.birthDate?.description),
                .text(value.capacity.rawValue), .bool(value.alive),
            ])
        try connection.bump(.patient, value.id.value)
    }

    static func write(_ value: AccountLink, on connection: any Connection) throws(StoreError) {
        let columns = AccountLinkColumns(value.person)
        try connection.execute(
            link,
            [
                .text(value.subject), .text(columns.kind.rawValue), .optional(columns.person),
                .optional(columns.match?.rawValue), .text(columns.details.text),
            ])
        try SearchTables.note(value, on: connection)
        try connection.bump(.person, value.subject)
    }
}

/// How the person behind an account is laid out in a row.
struct AccountLinkColumns {
    enum Kind: String {
        case professional, patient
        case relatedPerson = "related_person"
        case administrator
    }

    var kind: Kind
    var person: String?
    var match: AccountLink.IdentityMatch?
    /// Roles of an administrator, relations of a related person.
    var details: JSONValue = []

    init(_ value: AccountLink.Person) {
        switch value {
        case .professional(let id):
            kind = .professional
            person = id.value
        case .patient(let id, let match):
            kind = .patient
            person = id.value
            self.match = match
        case .relatedPerson(let id, let match, let relations):
            kind = .relatedPerson
            person = id.value
            self.match = match
            details = .array(
                relations.map {
                    [
                        "patient": .string($0.patient.value), "code": .string($0.code),
                        "legal": .bool($0.legalRepresentative),
                    ]
                })
        case .administrator(let roles):
            kind = .administrator
            details = JSONValue(roles.sorted())
        }
    }

    /// Columns `kind, person, identity_match, details` from that position.
    static func person(of row: Row, from column: Int) throws(StoreError) -> AccountLink.Person {
        let unreadable = StoreError(.failed, "an account link cannot be read")
        let person = try row.optionalText(column + 1) ?? ""
        let details = try row.json(column + 3)
        func match() throws(StoreError) -> AccountLink.IdentityMatch {
            try row.value(column + 2, as: AccountLink.IdentityMatch.self)
        }
        switch try row.value(column, as: Kind.self) {
        case .professional:
            guard let id = ProfessionalIdentifier(person) else { throw unreadable }
            return .professional(id)
        case .patient:
            guard let id = PatientIdentifier(person) else { throw unreadable }
            return .patient(id, match: try match())
        case .relatedPerson:
            guard let id = RelatedPersonIdentifier(person) else { throw unreadable }
            var relations: [AccountLink.Relation] = []
            for item in details.array ?? [] {
                guard let patient = item["patient"]?.string.flatMap({ PatientIdentifier($0) }),
                    let code = item["code"]?.string, let legal = item["legal"]?.bool
                else { throw unreadable }
                relations.append(AccountLink.Relation(patient: patient, code: code, legalRepresentative: legal))
            }
            return .relatedPerson(id, match: try match(), of: relations)
        case .administrator:
            guard let roles = details.strings else { throw unreadable }
            return .administrator(roles: Set(roles))
        }
    }
}

extension Row {
    /// A column that holds JSON of our own writing.
    func json(_ column: Int) throws(StoreError) -> JSONValue {
        let text = try text(column)
        do throws(JSONError) {
            // Policy texts are the largest.
            return try JSONValue(parsing: text, limits: JSONLimits(bytes: 64 << 20))
        } catch {
            throw StoreError(.failed, "column \(column) is not JSON")
        }
    }

    func strings(_ column: Int) throws(StoreError) -> Set<String> {
        guard let strings = try json(column).strings else {
            throw StoreError(.failed, "column \(column) is not a list of texts")
        }
        return Set(strings)
    }
}

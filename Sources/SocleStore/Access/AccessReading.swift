// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON

/// Rows into records. A row that cannot be understood throws: nothing is decided on half a file.
enum AccessReading {
    private static let link: Statement = """
        SELECT kind, person, identity_match, details FROM account_links
        WHERE subject = $1 AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.subject = $1 AND disabled = 1)
        """
    private static let person: Statement = """
        SELECT kind, person, identity_match, details FROM account_links WHERE subject = $1
        """
    private static let professional: Statement = """
        SELECT p.name, p.profession_code, p.profession_system, p.speciality, p.registry_status,
            a.structure, a.kind, a.sector, a.mode, a.profession_code, a.profession_system,
            p.given_name, p.family_name, a.role, a.period_start, a.period_end
        FROM professionals p LEFT JOIN activities a ON a.professional = p.id
        WHERE p.id = $1 ORDER BY a.position
        """
    private static let structure: Statement = """
        SELECT name, type, finess, parent, team_capable FROM structures WHERE id = $1
        """
    private static let patient: Statement = """
        SELECT name, ins, ins_status, birth_date, capacity, alive, merge_root FROM patients WHERE id = $1
        """
    static let patientsByINS: Statement = "SELECT id FROM patients WHERE ins = $1 ORDER BY id LIMIT 100"
    static let othersByINS: Statement = """
        SELECT o.id FROM patients p JOIN patients o ON o.ins = p.ins AND o.id <> p.id
        WHERE p.id = $1 AND coalesce(o.merge_root, o.id) <> coalesce(p.merge_root, p.id) ORDER BY o.id LIMIT 100
        """
    static let structuresByFINESS: Statement = "SELECT id FROM structures WHERE finess = $1 ORDER BY id LIMIT 100"
    private static let mergeRoot: Statement = "SELECT merge_root FROM patients WHERE id = $1"
    private static let mergeGroup: Statement = "SELECT id FROM patients WHERE merge_root = $1 ORDER BY id"
    private static let memberships: Statement = """
        SELECT m.id, m.member_kind, m.member, m.period_start, m.period_end, m.role, m.legal_basis, m.added_by,
            s.team_capable, m.information, s.type
        FROM memberships m LEFT JOIN structures s ON s.id = m.member AND m.member_kind = 'structure'
        WHERE m.patient = $1 ORDER BY m.period_start, m.id
        """
    private static let choices: Statement = """
        SELECT id, version, kind, details, period_start, period_end, recorded_at, recorded_by, evidence FROM choices
        WHERE patient = $1 AND version =
            (SELECT max(last.version) FROM choices last WHERE last.patient = $1 AND last.id = choices.id)
        ORDER BY recorded_at, id
        """
    private static let history: Statement = """
        SELECT id, version, kind, details, period_start, period_end, recorded_at, recorded_by, evidence FROM choices
        WHERE patient = $1 ORDER BY id, version
        """
    static let services: Statement = "SELECT DISTINCT service FROM application_registrations"
    private static let registration: Statement = """
        SELECT service, purposes, actions, resource_types, held_types, asserted_subjects, names_by_rpps,
            pseudonymises, structure, traces
        FROM application_registrations WHERE client_id = $1
        """
    private static let active: Statement = "SELECT number FROM policy_pointer WHERE slot = 'active'"
    private static let policy: Statement = "SELECT author, created_at, files FROM policy_versions WHERE number = $1"

    private static func unreadable(_ what: String) -> StoreError { StoreError(.failed, "\(what) cannot be read") }

    /// nil for a disabled account too: an application that asserts it speaks for nobody.
    static func link(_ subject: String, on connection: any Connection) throws(StoreError) -> AccountLink? {
        guard let row = try connection.row(link, [.text(subject)]) else { return nil }
        return AccountLink(subject: subject, person: try AccountLinkColumns.person(of: row, from: 0))
    }

    /// Whose account it is, disabled or not: what they did stays theirs.
    static func person(
        of subject: String, on connection: any Connection
    ) throws(StoreError) -> AccountLink.Person? {
        try connection.row(person, [.text(subject)]).map { row throws(StoreError) in
            try AccountLinkColumns.person(of: row, from: 0)
        }
    }

    static func professional(
        _ id: ProfessionalIdentifier, on connection: any Connection
    ) throws(StoreError) -> Professional? {
        let rows = try connection.rows(professional, [.text(id.value)])
        guard let first = rows.first else { return nil }
        var activities: [Activity] = []
        for row in rows {
            guard let structure = try row.optionalText(5) else { continue }
            guard let place = StructureIdentifier(structure) else { throw unreadable("an activity") }
            var profession: CodedConcept?
            if let code = try row.optionalText(9), let system = try row.optionalText(10) {
                profession = CodedConcept(code: code, system: system)
            }
            activities.append(
                Activity(
                    structure: place, kind: try row.text(6), sector: try row.text(7), mode: try row.text(8),
                    profession: profession, role: try row.optionalText(13), start: try row.optionalInstant(14),
                    end: try row.optionalInstant(15)))
        }
        return Professional(
            id: id, name: try first.text(0), givenName: try first.optionalText(11),
            familyName: try first.optionalText(12),
            profession: CodedConcept(code: try first.text(1), system: try first.text(2)),
            speciality: try first.optionalText(3),
            registryStatus: try first.value(4, as: Professional.RegistryStatus.self), activities: activities)
    }

    static func structure(_ id: StructureIdentifier, on connection: any Connection) throws(StoreError) -> Structure? {
        guard let row = try connection.row(structure, [.text(id.value)]) else { return nil }
        return Structure(
            id: id, name: try row.text(0), type: try row.text(1),
            finess: try row.optionalText(2).flatMap { FINESS($0) },
            parent: try row.optionalText(3).flatMap { StructureIdentifier($0) }, teamCapable: try row.bool(4))
    }

    static func patient(_ id: PatientIdentifier, on connection: any Connection) throws(StoreError) -> Patient? {
        guard let row = try connection.row(patient, [.text(id.value)]) else { return nil }
        return try patient(id, row)
    }

    /// The record that answers for that identifier, with the identifiers that are one person with it.
    static func person(
        _ id: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> (patient: Patient?, identifiers: [PatientIdentifier]) {
        guard let row = try connection.row(patient, [.text(id.value)]) else { return (nil, [id]) }
        guard let root = try row.optionalText(6) else { return (try patient(id, row), [id]) }
        let identifiers = try group(root, on: connection)
        return (try patient(identifiers[0], on: connection), identifiers)
    }

    private static func patient(_ id: PatientIdentifier, _ row: Row) throws(StoreError) -> Patient {
        Patient(
            id: id, name: try row.text(0), ins: try row.optionalText(1).flatMap { INS($0) },
            insStatus: try row.value(2, as: INSStatus.self),
            birthDate: try row.optionalText(3).flatMap { CalendarDate($0) },
            capacity: try row.value(4, as: Patient.Capacity.self), alive: try row.bool(5))
    }

    /// The identifiers that are one person with this one, the one that answers first; itself when it stands alone.
    static func identifiers(
        of patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> [PatientIdentifier] {
        guard let root = try connection.row(mergeRoot, [.text(patient.value)])?.optionalText(0) else {
            return [patient]
        }
        return try group(root, on: connection)
    }

    private static func group(_ root: String, on connection: any Connection) throws(StoreError) -> [PatientIdentifier] {
        var identifiers: [PatientIdentifier] = []
        for row in try connection.rows(mergeGroup, [.text(root)]) {
            guard let id = PatientIdentifier(try row.text(0)) else { throw unreadable("a merged patient") }
            if id.value == root { identifiers.insert(id, at: 0) } else { identifiers.append(id) }
        }
        guard identifiers.first?.value == root else { throw unreadable("a merged patient") }
        return identifiers
    }

    static func memberships(
        of patient: PatientIdentifier, on connection: any Connection
    ) throws(StoreError) -> ([Membership], Set<StructureIdentifier>, teamCapable: Set<StructureIdentifier>) {
        var found: [Membership] = []
        var structures: Set<StructureIdentifier> = []
        var teamCapable: Set<StructureIdentifier> = []
        for row in try connection.rows(memberships, [.text(patient.value)]) {
            guard let party = PartyColumns.party(try row.value(1, as: Party.Kind.self), try row.text(2)) else {
                throw unreadable("a membership")
            }
            if case .structure(let id) = party {
                structures.insert(id)
                if let said = try row.optionalBool(8), TeamForming(type: try row.text(10)).holds(said: said) {
                    teamCapable.insert(id)
                }
            }
            found.append(
                Membership(
                    id: try row.text(0), patient: patient, member: party,
                    period: Period(start: try row.instant(3), end: try row.optionalInstant(4)),
                    role: try row.optionalText(5), legalBasis: try row.value(6, as: Membership.LegalBasis.self),
                    addedBy: try row.optionalText(7),
                    // A word that was taken before the list was closed tells nothing.
                    information: try row.optionalText(9).flatMap(Membership.Information.init(rawValue:))))
        }
        return (found, structures, teamCapable)
    }

    static func choices(
        of patient: PatientIdentifier, everyVersion: Bool = false, on connection: any Connection
    ) throws(StoreError) -> [PatientChoice] {
        var result: [PatientChoice] = []
        for row in try connection.rows(everyVersion ? history : choices, [.text(patient.value)]) {
            guard let kind = ChoiceColumns.kind(try row.value(2, as: ChoiceColumns.Name.self), try row.json(3)) else {
                throw unreadable("a choice")
            }
            result.append(
                PatientChoice(
                    id: try row.text(0), version: Int(try row.integer(1)), patient: patient, kind: kind,
                    period: Period(start: try row.instant(4), end: try row.optionalInstant(5)),
                    recordedAt: try row.instant(6), recordedBy: try row.optionalText(7),
                    evidence: try row.optionalText(8)))
        }
        return result
    }

    static func registration(
        _ client: String, on connection: any Connection
    ) throws(StoreError) -> ApplicationRegistration? {
        guard let row = try connection.row(registration, [.text(client)]) else { return nil }
        return ApplicationRegistration(
            clientID: client, service: try row.text(0), purposes: try row.strings(1), actions: try row.strings(2),
            resourceTypes: try row.strings(3), heldTypes: try row.strings(4),
            assertedSubjects: Set(try row.strings(5).compactMap(SubjectKind.init(rawValue:))),
            namesByRPPS: try row.bool(6), pseudonymises: try row.bool(7),
            structure: try row.optionalText(8).flatMap { StructureIdentifier($0) }, traces: try row.bool(9))
    }

    static func activePolicy(on connection: any Connection) throws(StoreError) -> Int64? {
        try connection.row(active)?.integer(0)
    }

    static func policy(_ number: Int64, on connection: any Connection) throws(StoreError) -> PolicyVersion? {
        guard let row = try connection.row(policy, [.integer(number)]) else { return nil }
        var files: [String: String] = [:]
        for member in try row.json(2).object?.members ?? [] {
            guard let text = member.value.string else { throw unreadable("a policy version") }
            files[member.name] = text
        }
        return PolicyVersion(
            number: number, text: PolicyText(files: files), author: try row.text(0), createdAt: try row.instant(1))
    }
}

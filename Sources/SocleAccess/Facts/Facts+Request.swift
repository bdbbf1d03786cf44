// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleIdentity

extension Facts {
    static let principalTypes: [SubjectKind: String] = [
        .professional: "Professional", .patient: "Patient", .relatedPerson: "RelatedPerson", .system: "System",
        .admin: "Admin",
    ]
    private static let resource = EntityUID(type: "Resource", id: "asked")

    /// The Cedar request. Principal and resource have fixed names: policies tell them apart by what they are in, so
    /// no policy can be written about one person.
    func request(matrix: MatrixAccess) -> Request {
        Request(
            principal: principal, action: EntityUID(type: "Action", id: action.rawValue), resource: Facts.resource,
            context: context(matrix))
    }

    private var principal: EntityUID {
        EntityUID(type: Facts.principalTypes[subject] ?? "System", id: "asking")
    }

    /// The principal in its role, the role in its code system; the resource in its category and type.
    /// - Throws: never, by these types and edges; if it ever did, nothing would be decided.
    func entities() throws(Entities.Fault) -> Entities {
        var list: [Entity] = []
        var above: Set<EntityUID> = []
        if subject == .professional, let role {
            let uid = Facts.role(system: role.system, code: role.code)
            above.insert(uid)
            list.append(Entity(uid, parents: [EntityUID(type: "RoleSystem", id: role.system)]))
        }
        if subject == .admin {
            for name in adminRoles {
                let uid = EntityUID(type: "AdminRole", id: name)
                above.insert(uid)
                list.append(Entity(uid, parents: [EntityUID(type: "AdminRoles", id: "any")]))
            }
        }
        list.append(Entity(principal, parents: above))
        var groups: Set<EntityUID> = [EntityUID(type: "Category", id: category)]
        if let documentType { groups.insert(EntityUID(type: "DocumentType", id: documentType)) }
        list.append(Entity(Facts.resource, parents: groups))
        return try Entities(list)
    }

    static func role(system: String, code: String) -> EntityUID {
        EntityUID(type: "Role", id: "\(system)|\(code)")
    }

    private func context(_ matrix: MatrixAccess) -> Record {
        func value(_ type: String, _ id: String) -> Value { .entity(EntityUID(type: type, id: id)) }
        return Record([
            ("application", value("Application", application.rawValue)),
            ("purpose", value("Purpose", purpose.rawValue)),
            ("level", value("Level", level.rawValue)),
            ("emergency", value("Emergency", emergency.rawValue)),
            ("justification", value("Justification", justification.rawValue)),
            ("pseudonymised", .bool(pseudonymised)),
            ("standing", value("Standing", standing.rawValue)),
            ("situation", value("Situation", situation.rawValue)),
            ("place", value("Place", place.rawValue)),
            ("identity_match", value("IdentityMatch", identityMatch.rawValue)),
            ("self", .bool(isSelf)),
            ("representative", .bool(representative)),
            ("mandate", value("Mandate", mandate.rawValue)),
            ("patient", value("PatientState", patient.rawValue)),
            ("capacity", value("Capacity", capacity.rawValue)),
            ("ins", value("Identity", ins.rawValue)),
            ("relation", value("Relation", relation.rawValue)),
            ("information", value("Information", information.rawValue)),
            ("opposition", .bool(opposition)),
            ("emergency_opposition", .bool(emergencyOpposition)),
            ("regulation_opposition", .bool(regulationOpposition)),
            ("blocked", .bool(blocked)),
            ("administrator", .bool(administrator)),
            ("consent", value("Consent", consent.rawValue)),
            ("occupational_consent", .bool(occupationalConsent)),
            ("mask", value("Mask", mask.rawValue)),
            ("minor_secret", .bool(minorSecret)),
            ("hidden_from_patient", .bool(hiddenFromPatient)),
            ("authorship", value("Authorship", authorship.rawValue)),
            ("matrix", value("Matrix", matrix.rawValue)),
            ("block_stops_emergency", .bool(blockStopsEmergency)),
            ("emergency_reveals_masked", .bool(emergencyRevealsMasked)),
            ("members_change_team", .bool(membersChangeTeam)),
            ("approvers_simulate", .bool(approversSimulate)),
            ("system_deposits", .bool(systemDeposits)),
            ("team_reads_deceased", .bool(teamReadsDeceased)),
        ])
    }

    /// The facts as names and values, for a trace.
    package func described(matrix: MatrixAccess) -> [(name: String, value: String)] {
        var lines: [(String, String)] = [
            ("subject", subject.rawValue), ("role", role.map { "\($0.system)|\($0.code)" } ?? "none"),
            ("action", action.rawValue), ("category", category), ("type", documentType ?? "none"),
        ]
        let context = context(matrix)
        for name in context.names {
            switch context[name] {
            case .entity(let uid): lines.append((name, uid.id))
            case .bool(let value): lines.append((name, value ? "true" : "false"))
            default: break
            }
        }
        return lines
    }
}

/// What the habilitation matrix says of one role and one document type. It opens nothing alone.
package enum MatrixAccess: String, Sendable, CaseIterable { case allow, deny, absent }

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What Sesan may set without touching a policy, for every service or for one: rules marked [P].
package struct PolicyParameters: Hashable, Sendable {
    /// Whether a block of a person or structure also stops their break-glass (R-OPP-2).
    package var blockStopsEmergency = true
    /// Whether break-glass shows masked documents (R-MASK-1).
    package var emergencyRevealsMasked = false
    /// How long a break-glass permit holds, as an ISO 8601 duration.
    package var breakGlassDuration = "PT4H"
    /// The same, as a span of time.
    package var breakGlassTime: Duration = .hours(4)
    /// What a circle of care waits for (R-TEAM-0).
    package var circle = Circle.information
    /// Whom a structure in the team brings in (R-TEAM-2).
    package var structureMembers = StructureMembers.all
    /// Whether a member may change the team, the patient being told (R-TEAM-4).
    package var membersChangeTeam = true
    /// Whether an approver may simulate a version that somebody else wrote (R-ADM-2).
    package var approversSimulate = false
    /// Whether an application without a user may deposit its structure's documents (R-SYS-1).
    package var systemDeposits = true
    /// Whether the care team goes on reading the file of a patient who died (R-DEC-1).
    package var teamReadsDeceased = false

    package enum Circle: String, Sendable, CaseIterable {
        /// The patient was informed and may oppose (CSP L.1110-4 IV).
        case information
        /// The patient agreed first.
        case consent
    }

    package enum StructureMembers: String, Sendable, CaseIterable {
        /// Whoever exercises there.
        case all
        /// Nobody: each professional is declared.
        case declared
    }

    package init() {}

    /// - Returns: false for a name that is no parameter, or a value it cannot have.
    mutating func set(_ name: String, to value: String) -> Bool {
        switch name {
        case "block_stops_emergency": return PolicyParameters.read(value, into: &blockStopsEmergency)
        case "members_change_team": return PolicyParameters.read(value, into: &membersChangeTeam)
        case "approvers_simulate": return PolicyParameters.read(value, into: &approversSimulate)
        case "system_deposits": return PolicyParameters.read(value, into: &systemDeposits)
        case "team_reads_deceased": return PolicyParameters.read(value, into: &teamReadsDeceased)
        case "circle": return PolicyParameters.read(value, into: &circle)
        case "structure_members": return PolicyParameters.read(value, into: &structureMembers)
        case "emergency_reveals_masked": return PolicyParameters.read(value, into: &emergencyRevealsMasked)
        case "break_glass_duration":
            guard let time = PolicyParameters.hoursOrMinutes(value) else { return false }
            breakGlassDuration = value
            breakGlassTime = time
            return true
        default: return false
        }
    }

    /// `PT4H` or `PT30M`, at most three days.
    private static func hoursOrMinutes(_ text: String) -> Duration? {
        guard text.hasPrefix("PT"), let count = Int64(text.dropFirst(2).dropLast()), count > 0, count <= 4320 else {
            return nil
        }
        let time: Duration? =
            switch text.last {
            case "H": .hours(count)
            case "M": .minutes(count)
            default: nil
            }
        return time.flatMap { $0 <= .hours(72) ? $0 : nil }
    }

    private static func read<Value: RawRepresentable>(
        _ text: String, into choice: inout Value
    ) -> Bool where Value.RawValue == String {
        guard let value = Value(rawValue: text) else { return false }
        choice = value
        return true
    }

    private static func read(_ text: String, into flag: inout Bool) -> Bool {
        guard let value = Bool(text) else { return false }
        flag = value
        return true
    }
}

/// The parameters of every service: what `parameters.csv` holds.
struct ParameterTable: Sendable {
    private(set) var general = PolicyParameters()
    private(set) var byService: [String: PolicyParameters] = [:]

    /// Columns `service` (`*` for all), `name`, `value`.
    init(_ table: CommaSeparated, faults: inout [PolicyFaults.Fault]) {
        for row in table.rows where row["service"] == "*" {
            if !general.set(row["name"], to: row["value"]) { faults.append(ParameterTable.fault(row)) }
        }
        for row in table.rows where row["service"] != "*" {
            var own = byService[row["service"]] ?? general
            if !own.set(row["name"], to: row["value"]) { faults.append(ParameterTable.fault(row)) }
            byService[row["service"]] = own
        }
    }

    /// What a version may not be published with, and one in force is read with all the same: the last line counts.
    static func faultsOfForm(_ text: PolicyText) -> [PolicyFaults.Fault] {
        var faults: [PolicyFaults.Fault] = []
        var lines: [[String]: Int] = [:]
        for row in CommaSeparated(text.files["parameters.csv"] ?? "").rows {
            func fault(_ message: String) {
                faults.append(PolicyFaults.Fault("parameters.csv", "\(row.line)", message))
            }
            let (service, name) = (row["service"], row["name"])
            if service != "*", !isService(service) {
                fault("`\(service)` can be no service: one is 1 to 128 letters, digits, `-`, `.`, `_`, `~` or `:`")
            }
            if let other = lines.updateValue(row.line, forKey: [service, name]) {
                fault("`\(name)` of `\(service)` is given again: line \(other) gives it")
            }
        }
        return faults
    }

    /// As a client's identifier, which a service is named by unless said.
    private static func isService(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
                default: false
                }
            }
    }

    subscript(service: String?) -> PolicyParameters { service.flatMap { byService[$0] } ?? general }

    private static func fault(_ row: CommaSeparated.Row) -> PolicyFaults.Fault {
        PolicyFaults.Fault(
            "parameters.csv", "\(row.line)", "no parameter `\(row["name"])` takes the value `\(row["value"])`")
    }
}

extension PolicyText {
    /// Those that have a parameter of their own.
    package var services: Set<String> {
        Set(CommaSeparated(files["parameters.csv"] ?? "").rows.map { $0["service"] }).subtracting(["*"])
    }
}

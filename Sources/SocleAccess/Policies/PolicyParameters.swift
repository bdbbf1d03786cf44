// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What Sesan may set without touching a policy, for every service or for one: rules marked [P].
package struct PolicyParameters: Hashable, Sendable {
    /// Whether a block of a person or structure also stops their break-glass (R-OPP-2).
    package var blockStopsEmergency = true
    /// Whether break-glass shows masked documents (R-MASK-1).
    package var emergencyRevealsMasked = false
    /// How long a break-glass permit holds, as an ISO 8601 duration.
    package var breakGlassDuration = "PT4H"

    package init() {}

    /// - Returns: false for a name that is no parameter, or a value it cannot have.
    mutating func set(_ name: String, to value: String) -> Bool {
        switch name {
        case "block_stops_emergency": return PolicyParameters.read(value, into: &blockStopsEmergency)
        case "emergency_reveals_masked": return PolicyParameters.read(value, into: &emergencyRevealsMasked)
        case "break_glass_duration":
            let digits = value.dropFirst(2).dropLast()
            guard value.hasPrefix("PT"), value.hasSuffix("H") || value.hasSuffix("M"),
                let count = Int(digits), count > 0
            else { return false }
            breakGlassDuration = value
            return true
        default: return false
        }
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

    subscript(service: String?) -> PolicyParameters { service.flatMap { byService[$0] } ?? general }

    private static func fault(_ row: CommaSeparated.Row) -> PolicyFaults.Fault {
        PolicyFaults.Fault(
            "parameters.csv", "\(row.line)", "no parameter `\(row["name"])` takes the value `\(row["value"])`")
    }
}

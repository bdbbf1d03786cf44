// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleFHIR
import SocleIdentity
import SocleJSON

extension FHIRChange: StoredChange {
    package func apply(on connection: any Connection) throws(StoreError) -> Bool {
        switch self {
        case .write(let version, let index): return try FHIRChange.write(version, index, on: connection)
        case .presented(let patient):
            try connection.execute(FHIRTables.presented, [.text(patient.value)])
            return true
        }
    }

    /// To be called by whatever changes a patient's team or choices, once the patient's revision is bumped.
    static func awaitPresentation(of patient: String, on connection: any Connection) throws(StoreError) {
        try connection.execute(FHIRTables.mark, [.text(patient)])
    }

    private static func write(
        _ version: StoredVersion, _ index: [IndexEntry], on connection: any Connection
    ) throws(StoreError) -> Bool {
        let address: [DatabaseValue] = [.text(version.reference.type), .text(version.reference.id)]
        let last = try connection.row(FHIRTables.currentVersion, address)?.integer(0) ?? 0
        guard version.version == last + 1 else { return false }
        let written = try connection.execute(
            FHIRTables.insertVersion,
            address + [
                .integer(version.version), .instant(version.lastUpdated), .text(JSONValue.object(version.content).text),
            ])
        guard written == 1 else { return false }
        try connection.execute(FHIRTables.setCurrent, address + [.integer(version.version)])
        try connection.execute(FHIRTables.clearIndex, address)
        for entry in index {
            var columns: [DatabaseValue] = [.text(""), .null, .null]
            switch entry.value {
            case .exact(let text), .text(let text): columns[0] = .text(text)
            case .span(let start, let end):
                // An instant covers its millisecond: an empty span would meet nothing.
                let close = end.map { max($0.milliseconds, (start?.milliseconds ?? $0.milliseconds - 1) + 1) }
                columns = [.text(""), .optional(start), .optional(close)]
            }
            try connection.execute(FHIRTables.insertIndex, address + [.text(entry.parameter)] + columns)
        }
        return true
    }
}

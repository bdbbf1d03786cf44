// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// Policy versions already compiled, by number: versions never change, so neither does what is kept.
package final class PolicyShelf: Sendable {
    private let records: any AccessRecords
    private let programs = Mutex<[Int64: PolicyProgram]>([:])

    package init(records: any AccessRecords) { self.records = records }

    /// - Returns: nil when there is no such version, or its text does not compile.
    /// - Throws: when the records cannot be read.
    package func program(_ number: Int64) async throws(RecordsUnavailable) -> PolicyProgram? {
        if let program = programs.withLock({ $0[number] }) { return program }
        guard let version = try await records.policy(number: number) else { return nil }
        let program: PolicyProgram
        do throws(PolicyFaults) {
            program = try PolicyProgram(number: number, text: version.text)
        } catch {
            return nil
        }
        programs.withLock { programs in
            // The version in force and those a rollback may bring back.
            if programs.count >= 4, let oldest = programs.keys.min() { programs[oldest] = nil }
            programs[number] = program
        }
        return program
    }
}

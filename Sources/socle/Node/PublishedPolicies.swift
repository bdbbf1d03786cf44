// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleStore

extension Installation {
    /// Puts the policies of the build, or of the configured folder, in force as version 1 where none was ever
    /// published. Later versions are people's affair: two of them, and never a restart.
    func publishFirstPolicies() async throws {
        let records = StoredAccessRecords(database: database)
        guard try await records.activePolicy() == nil else { return }
        let text = try PolicyFolder.read(configuration.policies)
        // Those of the build passed the gate when it was tested; the operator's folder passes it here.
        if let folder = configuration.policies {
            let report = try GateRun.report(text, inForce: nil, .en)
            guard report.passes else { throw CommandFailure("\(folder): \(report.failures(in: .en))") }
        }
        do {
            let submission = try PolicyPublication.submission(
                text, number: 1, author: "build", approver: "operator", at: clock())
            // Refused when another node was first: its version is in force then.
            _ = try await lane.commit(submission)
        } catch let faults as PolicyFaults {
            throw CommandFailure("the policies cannot be published: \(faults)")
        }
    }
}

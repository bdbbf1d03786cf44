// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleStore

extension Installation {
    /// What answers the decision routes: the region's rules, or the policy directory of the configuration.
    func decisions(
        records: StoredAccessRecords, memory: FactsMemory
    ) throws(CommandFailure) -> any DecidesAccess {
        let tokens = PageTokens(vault: vault, random: random)
        guard let access = configuration.access else {
            return RegionDecisions(
                decisions: DecisionPoint(
                    records: records, emergencies: StoredEmergencies(database), lane: lane, memory: memory,
                    clock: clock),
                search: RegionSearch(
                    records: records, index: StoredSearch(database: database), lane: lane, tokens: tokens, clock: clock)
            )
        }
        return GenericDecisionPoint(
            policies: try Self.policies(of: access), records: records, lane: lane, tokens: tokens, clock: clock)
    }

    private static func policies(of access: Configuration.Access) throws(CommandFailure) -> GenericPolicies {
        let text = try PolicyFolder.read(access.policies)
        guard let data = FileManager.default.contents(atPath: access.entities),
            let entities = String(data: data, encoding: .utf8)
        else { throw CommandFailure("\(access.entities): is not readable as UTF-8 text") }
        do throws(PolicyFaults) {
            return try GenericPolicies(text: text, entities: entities, file: access.entities)
        } catch {
            throw CommandFailure("\(access.policies): the policies cannot be served:\n\(error)")
        }
    }
}

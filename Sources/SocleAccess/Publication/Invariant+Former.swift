// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

extension Invariant {
    /// The invariants of the version in force, to be kept by the one that follows it.
    ///
    /// - Throws: when one of them cannot be read with the schema of the new version; it then has to be taken out by a
    ///   version of its own first, which changes no rule.
    static func former(_ inForce: PolicyText, against schema: Schema) throws(PolicyFaults) -> [Invariant] {
        do throws(PolicyFaults) {
            return try read(inForce, against: schema).map { invariant in
                var invariant = invariant
                invariant.id += " (in force)"
                return invariant
            }
        } catch {
            throw PolicyFaults(
                error.faults.map { fault in
                    var fault = fault
                    fault.message +=
                        ": so says the version in force; change its invariants first, in a version of their own"
                    return fault
                })
        }
    }
}

extension Policy {
    /// The same effect, scope and conditions, wherever and however they are written.
    func hasSameMeaning(as other: Policy) -> Bool {
        effect == other.effect && scope == other.scope && conditions.count == other.conditions.count
            && zip(conditions, other.conditions).allSatisfy { $0.keyword == $1.keyword && $0.body == $1.body }
    }
}

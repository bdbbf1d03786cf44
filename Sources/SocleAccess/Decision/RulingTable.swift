// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Synchronization

/// What the policies of one version answer to facts they have already met.
///
/// Facts are few, have few values, and are all that a policy reads: evaluating is a pure function of them, and this is
/// its table, filled in as it is asked. Nobody's decision is kept: the facts of each question are found anew.
final class RulingTable: Sendable {
    /// Categories and types are open sets: what is kept is bounded, and dropped when it is full.
    private static let limit = 4096
    private let rulings = Mutex<[Facts: Ruling]>([:])

    func ruling(on facts: Facts, evaluating evaluate: () -> Ruling) -> Ruling {
        if let known = rulings.withLock({ $0[facts] }) { return known }
        let ruling = evaluate()
        rulings.withLock { rulings in
            if rulings.count >= RulingTable.limit { rulings = [:] }
            rulings[facts] = ruling
        }
        return ruling
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The errors of one policy, each said once however many kinds of request meet it.
struct Findings {
    let policyID: String
    private(set) var errors: [ValidationError] = []
    private var seen: Set<ValidationError> = []

    init(policyID: String) { self.policyID = policyID }

    mutating func add(_ position: Position, _ message: String) {
        let error = ValidationError(policyID: policyID, position: position, message: message)
        if seen.insert(error).inserted { errors.append(error) }
    }
}

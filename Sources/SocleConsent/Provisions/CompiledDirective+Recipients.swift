// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Those to whom a directive may open care, at whatever date and for whatever data.
package struct DirectiveRecipients: Hashable, Sendable {
    package var parties: Set<Party>
    /// Whether a rule permits without naming anybody, and so may open to whoever asks.
    package var anybody: Bool

    package init(parties: Set<Party> = [], anybody: Bool = false) {
        self.parties = parties
        self.anybody = anybody
    }

    func includes(_ grantees: [Party]) -> Bool { anybody || grantees.contains(where: parties.contains) }
}

extension CompiledDirective {
    /// What an index of permits holds: whoever is not in it is permitted nothing by this directive alone. A rule for
    /// the care team opens to nobody else, and a rule for other purposes than care opens nothing here.
    package var recipients: DirectiveRecipients {
        let care = RulePurpose.closure(of: "TREAT")
        var recipients = DirectiveRecipients()
        guard opens else { return recipients }
        for clause in clauses
        where clause.effect == .permit && (clause.purposes.isEmpty || !clause.purposes.isDisjoint(with: care)) {
            if clause.actors.isEmpty { recipients.anybody = true }
            for case .party(let party) in clause.actors { recipients.parties.insert(party) }
        }
        return recipients
    }
}

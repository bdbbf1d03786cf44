// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

extension PolicySet {
    /// The policies of every `.cedar` file that is no invariant, each named after its file; faults are collected, and
    /// what is at fault is left out.
    init(_ text: PolicyText, faults: inout [PolicyFaults.Fault]) {
        self.init()
        for (file, contents) in text.files.sorted(by: { $0.key < $1.key })
        where file.hasSuffix(".cedar") && !Invariant.isInvariant(file) {
            do throws(SyntaxError) {
                for policy in try PolicySet(parsing: contents, idPrefix: "\(file)#").policies {
                    do throws(PolicySet.Fault) {
                        try add(policy)
                    } catch {
                        faults.append(PolicyFaults.Fault(file, "\(policy.position)", "\(error)"))
                    }
                }
            } catch {
                faults.append(PolicyFaults.Fault(file, "\(error.position)", error.message))
            }
        }
        if policies.isEmpty { faults.append(PolicyFaults.Fault("*.cedar", "", "no policy")) }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// What every version must keep, written as a Cedar policy in `invariants/`: where a `forbid` holds nothing may be
/// permitted, where a `permit` holds the answer must be a permit. It decides nothing: it is proved before publication.
struct Invariant: Sendable {
    /// `@id`.
    var id: String
    /// `@says`: one sentence.
    var statement: String
    /// `@law`: the article, or the rule of the platform.
    var law: String
    var policy: Policy

    static let folder = "invariants/"

    static func isInvariant(_ file: String) -> Bool { file.hasPrefix(folder) && file.hasSuffix(".cedar") }

    /// Those of a text, by file then position, checked against its schema.
    static func read(_ text: PolicyText, against schema: Schema) throws(PolicyFaults) -> [Invariant] {
        var faults: [PolicyFaults.Fault] = []
        var invariants: [Invariant] = []
        var names: Set<String> = []
        var set = PolicySet()
        for (file, contents) in text.files.sorted(by: { $0.key < $1.key }) where isInvariant(file) {
            do throws(SyntaxError) {
                for policy in try PolicySet(parsing: contents, idPrefix: "\(file)#").policies {
                    try? set.add(policy)
                    guard let id = policy.annotations["id"], let statement = policy.annotations["says"],
                        let law = policy.annotations["law"], !statement.isEmpty, !law.isEmpty
                    else {
                        faults.append(
                            PolicyFaults.Fault(file, "\(policy.position)", "an invariant needs @id, @says and @law"))
                        continue
                    }
                    if !names.insert(id).inserted {
                        faults.append(PolicyFaults.Fault(file, "\(policy.position)", "the name `\(id)` is taken"))
                    }
                    invariants.append(Invariant(id: id, statement: statement, law: law, policy: policy))
                }
            } catch {
                faults.append(PolicyFaults.Fault(file, "\(error.position)", error.message))
            }
        }
        for error in schema.validate(set) {
            faults.append(
                PolicyFaults.Fault(String(error.policyID.prefix { $0 != "#" }), "\(error.position)", error.message))
        }
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        return invariants
    }
}

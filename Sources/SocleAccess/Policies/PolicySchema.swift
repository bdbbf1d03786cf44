// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// The check of policies against the schema of facts: a name or a value that is not declared is a fault of the text,
/// found when the version is made and not when someone asks.
enum PolicySchema {
    static let file = "schema.cedarschema"

    static func check(_ set: PolicySet, against text: String?, faults: inout [PolicyFaults.Fault]) {
        guard let text else {
            faults.append(PolicyFaults.Fault(file, "", "is missing"))
            return
        }
        do throws(SyntaxError) {
            for error in try Schema(parsing: text).validate(set) {
                faults.append(
                    PolicyFaults.Fault(
                        String(error.policyID.prefix { $0 != "#" }), "\(error.position)", error.message))
            }
        } catch {
            faults.append(PolicyFaults.Fault(file, "\(error.position)", error.message))
        }
    }

    static func read(_ text: PolicyText) throws(PolicyFaults) -> Schema {
        guard let source = text.files[file] else { throw PolicyFaults([.init(file, "", "is missing")]) }
        do throws(SyntaxError) {
            return try Schema(parsing: source)
        } catch {
            throw PolicyFaults([.init(file, "\(error.position)", error.message)])
        }
    }

    /// Every fact declared is one that Socle computes, of the same type: another would be an error at each question.
    static func checkComputed(_ schema: Schema, _ text: PolicyText) throws(PolicyFaults) {
        let computed = Facts(subject: .professional, category: "").request(matrix: .absent).context
        var faults: [PolicyFaults.Fault] = []
        let actions = Set(Facts.Action.allCases.map(\.rawValue))
        for action in schema.actionNames {
            if !actions.contains(action.id) {
                faults.append(fault(action.id, text, "the action `\(action.id)` is none that Socle asks about"))
            }
            for type in schema.principalTypes(of: action)
            where !Facts.principalTypes.values.contains(type) {
                faults.append(fault(type, text, "nobody who asks is a `\(type)`"))
            }
            for (name, attribute) in schema.context(of: action)?.attributes.sorted(by: { $0.key < $1.key }) ?? [] {
                let agrees =
                    switch (computed[name.string], attribute.type) {
                    case (.bool?, .bool): true
                    case (.entity(let uid)?, .entity(let type)): uid.type == type.string
                    default: false
                    }
                if !agrees {
                    let message = "Socle computes no fact `\(name)` of the type \(attribute.type)"
                    faults.append(fault(name.string, text, message + ": see Sources/SocleAccess/Facts"))
                }
            }
        }
        guard faults.isEmpty else { throw PolicyFaults(Array(Set(faults)).sorted { $0.message < $1.message }) }
    }

    /// With the line where the name is declared.
    static func fault(_ name: String, _ text: PolicyText, _ message: String) -> PolicyFaults.Fault {
        let lines = (text.files[file] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        let line = lines.firstIndex { line in
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            return words.first.map(String.init) == name || line.contains(": \(name)")
        }
        return PolicyFaults.Fault(file, line.map { "\($0 + 1)" } ?? "", message)
    }
}

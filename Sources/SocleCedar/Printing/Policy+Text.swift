// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Policy: CustomStringConvertible {
    /// The policy in the text form: annotations by name, the scope, then a line for each condition.
    public var description: String {
        var lines: [String] = []
        for (name, value) in annotations.sorted(by: { $0.key < $1.key }) {
            lines.append(
                valuelessAnnotations.contains(name) ? "@\(name)" : "@\(name)(\(StringLiteral.quoted(value)))")
        }
        let principal = "principal" + scope.principal.text(.principal)
        lines.append(
            "\(effect.rawValue)(\(principal), action\(scope.action.text), resource\(scope.resource.text(.resource)))")
        lines += conditions.map { "\($0.keyword.rawValue) { \($0.body) }" }
        return lines.joined(separator: "\n") + ";"
    }
}

extension PolicySet: CustomStringConvertible {
    /// What is written as text: static policies and templates; links have no text form.
    public var description: String {
        let linked = Set(links.map { Text($0.id) })
        return (policies.filter { !linked.contains(Text($0.id)) } + templates).map { "\($0)\n" }.joined(separator: "\n")
    }
}

extension Scope.Constraint {
    fileprivate func text(_ slot: Slot) -> String {
        func written(_ reference: Scope.Reference) -> String {
            switch reference {
            case .entity(let uid): uid.description
            case .slot: "?\(slot.rawValue)"
            }
        }
        switch self {
        case .any: return ""
        case .equal(let reference): return " == \(written(reference))"
        case .within(let reference): return " in \(written(reference))"
        case .ofType(let type): return " is \(type)"
        case .ofTypeWithin(let type, let reference): return " is \(type) in \(written(reference))"
        }
    }
}

extension Scope.ActionConstraint {
    fileprivate var text: String {
        switch self {
        case .any: ""
        case .equal(let uid): " == \(uid)"
        case .within(let uid): " in \(uid)"
        case .withinAny(let uids): " in [\(uids.map(\.description).joined(separator: ", "))]"
        }
    }
}

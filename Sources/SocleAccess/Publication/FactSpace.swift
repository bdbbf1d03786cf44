// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar

/// Every combination of facts that policies can tell apart: a finite space, exactly counted.
///
/// It follows what `Facts` gives to policies: a professional has one role at most, in its code system; an
/// administrator has any number of roles; a resource has one category, and at most one document type. Combinations
/// that no record could bring about are points too: what is proved of all of them is proved of those that occur.
struct FactSpace: Sendable {
    let variables: [FactVariable]
    private let places: [String: Int]

    init(_ variables: [FactVariable]) {
        self.variables = variables
        places = Dictionary(zip(variables.map(\.name), variables.indices), uniquingKeysWith: { first, _ in first })
    }

    /// The space in which all of these schemas and policies can be read.
    ///
    /// - Throws: a fact that is not finite, or of another kind in another schema.
    init(schemas: [Schema], policies: [Policy]) throws(PolicyFaults) {
        var groups = NamedGroups()
        for policy in policies { groups.add(policy) }
        var subjects: [String] = []
        var actions: [String] = []
        var facts: [String: FactVariable] = [:]
        var faults: [PolicyFaults.Fault] = []
        for schema in schemas {
            for action in schema.actionNames {
                if !actions.contains(action.id) { actions.append(action.id) }
                for type in schema.principalTypes(of: action) where !subjects.contains(type) { subjects.append(type) }
            }
            for variable in FactSpace.facts(of: schema, &faults) {
                guard var known = facts[variable.name] else {
                    facts[variable.name] = variable
                    continue
                }
                if known.kind != variable.kind {
                    faults.append(FactSpace.fault("`\(variable.name)` is of another kind in the other version"))
                }
                known.values += variable.values.filter { !known.values.contains($0) }
                facts[variable.name] = known
            }
        }
        var variables = [
            FactVariable(kind: .subject, name: "subject", values: subjects),
            FactVariable(kind: .action, name: "action", values: actions),
            FactVariable(
                kind: .category, name: "category", values: groups.categories.sorted() + [FactVariable.another]),
            FactVariable(kind: .role, name: "role", values: groups.roleValues),
        ]
        for name in groups.adminRoles.sorted().map(Optional.some) + [nil] {
            variables.append(
                FactVariable(
                    kind: .adminRole(name), name: "holds \(name ?? "another role")", values: FactVariable.booleans))
        }
        if !groups.documentTypes.isEmpty {
            variables.append(
                FactVariable(
                    kind: .documentType, name: "type",
                    values: [FactVariable.none] + groups.documentTypes.sorted() + [FactVariable.another]))
        }
        // What is read early is asked early: that keeps diagrams small.
        variables += groups.reading.compactMap { facts.removeValue(forKey: $0) }
        variables += facts.values.sorted { $0.name < $1.name }
        for variable in variables where variable.values.count > FactVariable.mostValues {
            faults.append(FactSpace.fault("`\(variable.name)` has more than \(FactVariable.mostValues) values"))
        }
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        self.init(variables)
    }

    var widths: [Int] { variables.map(\.values.count) }

    func place(of name: String) -> Int? { places[name] }

    func place(of kind: FactVariable.Kind) -> Int? { variables.firstIndex { $0.kind == kind } }

    /// The members of the context that a schema declares; what is not finite is a fault.
    static func facts(of schema: Schema, _ faults: inout [PolicyFaults.Fault]) -> [FactVariable] {
        let contexts = Set(schema.actionNames.compactMap { schema.context(of: $0) })
        guard let context = contexts.first, contexts.count == 1 else {
            faults.append(fault("every action must have one and the same context: the facts"))
            return []
        }
        var variables: [FactVariable] = []
        for (name, attribute) in context.attributes.sorted(by: { $0.key < $1.key }) {
            guard attribute.isRequired else {
                faults.append(fault("the fact `\(name)` is optional: give it a value that says it is absent"))
                continue
            }
            switch attribute.type {
            case .bool:
                variables.append(
                    FactVariable(kind: .fact(isBoolean: true), name: name.string, values: FactVariable.booleans))
            case .entity(let type):
                if let values = schema.identifiers(ofType: type.string) {
                    variables.append(
                        FactVariable(kind: .fact(isBoolean: false), name: name.string, values: values.sorted()))
                    continue
                }
                fallthrough
            default:
                faults.append(
                    fault(
                        "the fact `\(name)` is not finite: a fact is a Bool or an entity of an `enum` type, so that "
                            + "every value it can have is written in the schema"))
            }
        }
        return variables
    }

    private static func fault(_ message: String) -> PolicyFaults.Fault {
        PolicyFaults.Fault(PolicySchema.file, "", message)
    }
}

extension DiagramStore {
    /// Where facts can stand together: only a professional has a role, only an administrator holds one of theirs.
    mutating func possible(in space: FactSpace) -> Node {
        guard let subject = space.place(of: .subject) else { return Self.always }
        func bits(_ level: Int, _ value: String) -> UInt64 {
            space.variables[level].place(of: value).map { 1 << UInt64($0) } ?? 0
        }
        var rules: [Node] = []
        for (level, variable) in space.variables.enumerated() {
            switch variable.kind {
            case .role:
                let isNone = test(level, isIn: bits(level, FactVariable.none))
                rules.append(or(isNone, test(subject, isIn: bits(subject, "Professional"))))
            case .adminRole:
                let isNot = test(level, isIn: 1)
                rules.append(or(isNot, test(subject, isIn: bits(subject, "Admin"))))
            case .subject, .action, .category, .documentType, .fact: break
            }
        }
        return and(rules)
    }
}

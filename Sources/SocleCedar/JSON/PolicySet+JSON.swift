// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Policies in their JSON form (EST).
///
/// - Source: Cedar language reference, JSON policy format and policy set format.
extension PolicySet {
    /// The whole set: static policies, templates, links.
    ///
    /// - Throws: when a condition is deeper than this reader of JSON bears. `a && b && c` is flat in a text and nested
    ///   in JSON.
    public func json() throws(JSONFault) -> String {
        let linked = Set(links.map { Text($0.id) })
        func members(_ policies: [Policy]) throws(JSONFault) -> JSON {
            var members: [(name: String, value: JSON)] = []
            for policy in policies where !linked.contains(Text(policy.id)) {
                members.append((policy.id, try policy.est()))
            }
            return .object(members)
        }
        let json = JSON.object([
            ("templates", try members(templates)), ("staticPolicies", try members(policies)),
            ("templateLinks", .array(links.map(\.est))),
        ])
        guard json.nesting <= JSONReader.usualDepth else {
            throw JSONFault(path: .root, message: "a condition is too deep for the JSON form")
        }
        return json.text
    }
}

extension PolicySet.Link {
    fileprivate var est: JSON {
        let filled = values.sorted { $0.key.rawValue < $1.key.rawValue }
        return .object([
            ("newId", .string(id)), ("templateId", .string(templateID)),
            ("values", .object(filled.map { ("?\($0.key.rawValue)", $0.value.est) })),
        ])
    }
}

extension Policy {
    /// One policy or template, its id left out.
    func est() throws(JSONFault) -> JSON {
        var conditions: [JSON] = []
        for condition in self.conditions {
            conditions.append(
                .object([("kind", .string(condition.keyword.rawValue)), ("body", try condition.body.est(1))]))
        }
        var members: [(name: String, value: JSON)] = [
            ("effect", .string(effect.rawValue)), ("principal", scope.principal.est(.principal)),
            ("action", scope.action.est), ("resource", scope.resource.est(.resource)),
            ("conditions", .array(conditions)),
        ]
        if !annotations.isEmpty {
            members.append(
                (
                    "annotations",
                    .object(
                        annotations.sorted { $0.key < $1.key }.map { name, value in
                            (name, valuelessAnnotations.contains(name) ? .null : .string(value))
                        })
                ))
        }
        return .object(members)
    }
}

extension EntityUID {
    var est: JSON { .object([("type", .string(type)), ("id", .string(id))]) }
}

extension Scope.Constraint {
    fileprivate func est(_ slot: Slot) -> JSON {
        func filler(_ reference: Scope.Reference) -> (name: String, value: JSON) {
            switch reference {
            case .entity(let uid): ("entity", uid.est)
            case .slot: ("slot", .string("?\(slot.rawValue)"))
            }
        }
        switch self {
        case .any: return .object([("op", .string("All"))])
        case .equal(let reference): return .object([("op", .string("==")), filler(reference)])
        case .within(let reference): return .object([("op", .string("in")), filler(reference)])
        case .ofType(let type): return .object([("op", .string("is")), ("entity_type", .string(type))])
        case .ofTypeWithin(let type, let reference):
            return .object([
                ("op", .string("is")), ("entity_type", .string(type)), ("in", .object([filler(reference)])),
            ])
        }
    }
}

extension Scope.ActionConstraint {
    fileprivate var est: JSON {
        switch self {
        case .any: .object([("op", .string("All"))])
        case .equal(let uid): .object([("op", .string("==")), ("entity", uid.est)])
        case .within(let uid): .object([("op", .string("in")), ("entity", uid.est)])
        case .withinAny(let uids):
            .object([
                ("op", .string("in")),
                uids.count == 1 ? ("entity", uids[0].est) : ("entities", .array(uids.map(\.est))),
            ])
        }
    }
}

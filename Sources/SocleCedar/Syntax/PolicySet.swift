// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Policies and templates, in the order they were written or added.
public struct PolicySet: Sendable {
    /// What is evaluated: static policies and linked templates.
    public private(set) var policies: [Policy]
    public private(set) var templates: [Policy]
    public private(set) var links: [Link]
    private var ids: Set<Text>
    /// Where each template stands, by its id.
    private var templatePlaces: [Text: Int] = [:]

    /// How a policy was made of a template.
    public struct Link: Hashable, Sendable {
        public let id: String
        public let templateID: String
        public let values: [Slot: EntityUID]
    }

    public init() {
        policies = []
        templates = []
        links = []
        ids = []
    }

    /// Reads policies; the nth, templates counted, is named `policyN` from 0, preceded by `idPrefix`.
    public init(parsing text: String, idPrefix: String = "", limits: ParsingLimits = ParsingLimits())
        throws(SyntaxError)
    {
        self.init()
        var parser = PolicyParser(text, limits)
        var count = 0
        while let policy = try parser.policy(id: "\(idPrefix)policy\(count)") {
            count += 1
            insert(policy)
        }
    }

    public enum Fault: Error, Hashable, Sendable {
        case duplicate(id: String)
        case noTemplate(id: String)
        case slots(templateID: String)
    }

    public mutating func add(_ policy: Policy) throws(Fault) {
        guard !ids.contains(Text(policy.id)) else { throw .duplicate(id: policy.id) }
        insert(policy)
    }

    private mutating func insert(_ policy: Policy) {
        ids.insert(Text(policy.id))
        guard policy.isTemplate else { return policies.append(policy) }
        templatePlaces[Text(policy.id)] = templates.count
        templates.append(policy)
    }

    /// Makes a policy of a template by filling each of its slots, and no other.
    public mutating func link(templateID: String, id: String, values: [Slot: EntityUID]) throws(Fault) {
        guard let template = templatePlaces[Text(templateID)].map({ templates[$0] }) else {
            throw .noTemplate(id: templateID)
        }
        guard Set(values.keys) == template.slots else { throw .slots(templateID: templateID) }
        try add(
            Policy(
                id: id, effect: template.effect, annotations: template.annotations,
                valuelessAnnotations: template.valuelessAnnotations,
                scope: Scope(
                    principal: template.scope.principal.filled(with: values[.principal]),
                    action: template.scope.action,
                    resource: template.scope.resource.filled(with: values[.resource])),
                conditions: template.conditions, position: template.position))
        links.append(Link(id: id, templateID: templateID, values: values))
    }
}

extension PolicySet.Fault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .duplicate(let id): "two policies are named `\(id)`"
        case .noTemplate(let id): "no template is named `\(id)`"
        case .slots(let id): "a link of template `\(id)` must fill its slots and no other"
        }
    }
}

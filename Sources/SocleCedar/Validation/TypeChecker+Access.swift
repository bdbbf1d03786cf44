// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Attributes and tags.
extension TypeChecker {
    /// `base has a.b` is `base has a && base.a has b`.
    mutating func has(_ base: Expression, _ path: [String], _ known: Set<Capability>) -> Typed? {
        var (subject, gained, truth) = (base, Set<Capability>(), CedarType.Truth.alwaysTrue)
        for name in path {
            guard let step = has(subject, Text(name), known.union(gained)) else { return nil }
            if step.type == .bool(.alwaysFalse) { return Typed(.bool(.alwaysFalse)) }
            if step.type == .boolean { truth = .unknown }
            gained.formUnion(step.capabilities)
            subject = Expression(.attribute(subject, name), at: base.position)
        }
        return Typed(.bool(truth), gained)
    }

    private mutating func has(_ base: Expression, _ name: Text, _ known: Set<Capability>) -> Typed? {
        guard let found = check(base, known) else { return nil }
        let record: RecordType
        let isPresent: Bool
        switch found.type {
        case .record(let type): (record, isPresent) = (type, true)
        // An entity may be unknown to the caller: even a required attribute may be missing.
        case .entity(let type):
            lookInto(found.reach, base)
            (record, isPresent) = (schema.entityTypes[type]?.attributes ?? RecordType(), false)
        default: return report(base, "expected a record or an entity, found \(found.type)")
        }
        guard let attribute = record.attributes[name] else { return Typed(.bool(.alwaysFalse)) }
        let capability = Capability.attribute(base, name)
        if known.contains(capability) || attribute.isRequired && isPresent { return Typed(.bool(.alwaysTrue)) }
        return Typed(.boolean, [capability])
    }

    mutating func attribute(
        _ name: String, of base: Expression, _ known: Set<Capability>, _ expression: Expression
    ) -> Typed? {
        guard let found = check(base, known) else { return nil }
        let attribute: RecordType.Attribute?
        let reach: Reach
        switch found.type {
        case .record(let record):
            reach = found.reach.member(Text(name))
            attribute = record.attributes[Text(name)]
        case .entity(let type):
            reach = lookInto(found.reach, base)
            attribute = schema.entityTypes[type]?.attributes.attributes[Text(name)]
        default: return report(base, "expected a record or an entity, found \(found.type)")
        }
        guard let attribute else { return report(expression, "\(found.type) has no attribute `\(name)`") }
        guard attribute.isRequired || known.contains(.attribute(base, Text(name))) else {
            return report(expression, "the attribute `\(name)` is optional: test it with `has` first")
        }
        return Typed(attribute.type, reach: reach)
    }

    mutating func hasTag(_ base: Expression, _ tag: Expression, _ known: Set<Capability>) -> Typed? {
        let (type, name) = (entity(base, known), expect([.string], tag, known))
        guard let type, name != nil else { return nil }
        lookInto(type.reach, base)
        guard schema.entityTypes[type.name]?.tags != nil else { return Typed(.bool(.alwaysFalse)) }
        let capability = Capability.tag(base, tag)
        return known.contains(capability) ? Typed(.bool(.alwaysTrue)) : Typed(.boolean, [capability])
    }

    mutating func getTag(
        _ base: Expression, _ tag: Expression, _ known: Set<Capability>, _ expression: Expression
    ) -> Typed? {
        let (type, name) = (entity(base, known), expect([.string], tag, known))
        guard let type, name != nil else { return nil }
        let reach = lookInto(type.reach, base)
        guard let tags = schema.entityTypes[type.name]?.tags else {
            return report(expression, "entities of type `\(type.name)` have no tags")
        }
        guard known.contains(.tag(base, tag)) else {
            return report(expression, "this tag may be missing: test it with `hasTag` first")
        }
        return Typed(tags, reach: reach)
    }
}

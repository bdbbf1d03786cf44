// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// `&&`, `||` and `if`: what is not reached is not checked, what `has` established is carried along.
extension TypeChecker {
    mutating func conjunction(_ operands: [Expression], _ known: Set<Capability>) -> Typed? {
        var (truth, gained) = (CedarType.Truth.alwaysTrue, Set<Capability>())
        var (isTyped, known) = (true, known)
        for operand in operands {
            guard let next = self.truth(of: operand, known) else {
                isTyped = false
                continue
            }
            if next.value == .alwaysFalse { return isTyped ? Typed(.bool(.alwaysFalse)) : nil }
            if next.value == .unknown { truth = .unknown }
            gained.formUnion(next.capabilities)
            known.formUnion(next.capabilities)
        }
        return isTyped ? Typed(.bool(truth), gained) : nil
    }

    mutating func disjunction(_ operands: [Expression], _ known: Set<Capability>) -> Typed? {
        var result: (value: CedarType.Truth, capabilities: Set<Capability>)?
        var isTyped = true
        for operand in operands {
            guard let next = truth(of: operand, known) else {
                isTyped = false
                continue
            }
            if next.value == .alwaysTrue { return isTyped ? Typed(.bool(.alwaysTrue)) : nil }
            switch (result?.value, next.value) {
            case (nil, _), (.alwaysFalse?, _): result = next
            case (_, .alwaysFalse): break
            default: result = (.unknown, result?.capabilities.intersection(next.capabilities) ?? [])
            }
        }
        guard isTyped, let result else { return nil }
        return Typed(.bool(result.value), result.capabilities)
    }

    mutating func conditional(
        _ test: Expression, _ then: Expression, _ otherwise: Expression, _ known: Set<Capability>
    ) -> Typed? {
        guard let truth = truth(of: test, known) else { return nil }
        let held = known.union(truth.capabilities)
        switch truth.value {
        case .alwaysTrue:
            return check(then, held).map {
                Typed($0.type, $0.capabilities.union(truth.capabilities), reach: $0.reach)
            }
        case .alwaysFalse: return check(otherwise, known)
        case .unknown:
            let (first, second) = (check(then, held), check(otherwise, known))
            guard let first, let second else { return nil }
            guard let type = first.type.joined(with: second.type) else {
                return report(then, "the branches of `if` have the types \(first.type) and \(second.type)")
            }
            return Typed(
                type, first.capabilities.union(truth.capabilities).intersection(second.capabilities),
                reach: first.reach.joined(with: second.reach))
        }
    }
}

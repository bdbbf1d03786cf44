// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension ConsentDirective {
    /// What the directive says of one access to fully described data: the tree read word by word.
    ///
    /// A rule speaks when who, why, what for, when and which data it names all hold. Its exceptions are asked first,
    /// and the rule itself only when none of them speaks; of several that speak, a refusal wins. A rule says of a
    /// dimension what it says itself, else what the rule above says; data is one dimension, and a level of
    /// confidentiality reaches those below it in a permit, those above it in a refusal. An exception holds no longer
    /// than its rule. Where a root permits some data only, the rest is refused to those it speaks to
    /// (IHE PCF: "nothing but the data is allowed").
    ///
    /// - Returns: nil when it says nothing of that access.
    package func evaluate(_ question: RuleQuestion, on data: RuleData) -> ConsentRule.Effect? {
        if let effect = ConsentDirective.evaluate(root, under: nil, question, data) { return effect }
        let speaks = ConsentDirective.speaks(root, to: question)
        return root.effect == .permit && speaks && !root.data.isEverything ? .deny : nil
    }

    private static func evaluate(
        _ rule: ConsentRule, under parent: ConsentRule?, _ question: RuleQuestion, _ data: RuleData
    ) -> ConsentRule.Effect? {
        let rule = inheriting(rule, from: parent)
        let exceptions = rule.exceptions.compactMap { evaluate($0, under: rule, question, data) }
        if exceptions.contains(.deny) { return .deny }
        if exceptions.contains(.permit) { return .permit }
        return speaks(rule, to: question) && rule.data.matches(data) == .yes ? rule.effect : nil
    }

    private static func inheriting(_ rule: ConsentRule, from parent: ConsentRule?) -> ConsentRule {
        var rule = rule
        rule.data = rule.data(under: parent.map { ($0.effect, $0.data) })
        guard let parent else { return rule }
        rule.period = rule.period.limited(to: parent.period)
        if rule.purposes.isEmpty { rule.purposes = parent.purposes }
        if rule.actors.isEmpty { rule.actors = parent.actors }
        if rule.actions.isEmpty { rule.actions = parent.actions }
        return rule
    }

    private static func speaks(_ rule: ConsentRule, to question: RuleQuestion) -> Bool {
        rule.period.contains(question.instant)
            && (rule.purposes.isEmpty || !rule.purposes.isDisjoint(with: question.purposes))
            && (rule.actors.isEmpty || !rule.actors.isDisjoint(with: question.actors))
            && question.isAbout(rule.actions, rule.effect)
    }
}

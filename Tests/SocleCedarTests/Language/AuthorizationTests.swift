// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Authorization · standard and strict")
struct AuthorizationTests {
    private func answers(_ text: String) throws -> (standard: Authorization, strict: Authorization) {
        let compiled = CompiledPolicies(try PolicySet(parsing: text))
        let entities = try Bench.entities()
        return (compiled.authorize(Bench.request, entities), compiled.authorizeStrictly(Bench.request, entities))
    }

    @Test("no policy permits nothing") func nothing() throws {
        let (standard, strict) = try answers("")
        #expect(standard.decision == .deny && strict.decision == .deny)
        #expect(standard.determining.isEmpty && standard.satisfied.isEmpty && standard.errors.isEmpty)
    }

    @Test("a satisfied permit allows and is named") func permit() throws {
        let (standard, strict) = try answers(
            "permit(principal, action, resource); permit(principal is Team, action, resource);")
        #expect(standard.decision == .allow && strict.decision == .allow)
        #expect(standard.determining == ["policy0"] && strict.determining == ["policy0"])
    }

    @Test("a satisfied forbid prevails, and the permit is still among the satisfied") func forbid() throws {
        let (standard, _) = try answers(
            "permit(principal, action, resource); forbid(principal in Region::\"north\", action, resource);")
        #expect(standard.decision == .deny && standard.determining == ["policy1"])
        #expect(standard.satisfied.map(\.id) == ["policy0", "policy1"])
    }

    @Test("an erring forbid is skipped by the standard, and denies strictly") func erringForbid() throws {
        let (standard, strict) = try answers(
            "permit(principal, action, resource); forbid(principal, action, resource) when { context.missing };")
        #expect(standard.decision == .allow && standard.errors.map(\.policyID) == ["policy1"])
        #expect(standard.errors.map(\.message) == ["1:81: the record has no `missing`"])
        #expect(strict.decision == .deny && strict.determining.isEmpty && strict.errors == standard.errors)
    }

    @Test("an erring permit denies strictly though another permits") func erringPermit() throws {
        let (standard, strict) = try answers(
            "permit(principal, action, resource); permit(principal, action, resource) when { 1 };")
        #expect(standard.decision == .allow && strict.decision == .deny)
    }

    @Test("an error behind a scope that does not fit is not met") func unreachedError() throws {
        let (standard, strict) = try answers(
            "permit(principal, action, resource); forbid(principal is Team, action, resource) when { context.missing };"
        )
        #expect(standard.errors.isEmpty && strict.decision == .allow)
    }

    @Test("the index finds every policy whose scope fits, in order and once") func index() throws {
        let scopes = [
            "principal, action, resource", "principal == User::\"alice\", action, resource",
            "principal in Team::\"care\", action, resource", "principal in Region::\"north\", action, resource",
            "principal is User, action, resource", "principal is User in Region::\"north\", action, resource",
            "principal, action == Action::\"read\", resource", "principal, action in Action::\"read\", resource",
            "principal, action in [Action::\"read\", Action::\"read\"], resource",
            "principal, action, resource == Note::\"1\"", "principal, action, resource in Note::\"1\"",
            "principal, action, resource is Note", "principal, action, resource is Note in Note::\"1\"",
        ]
        let others = [
            "principal == User::\"bob\", action, resource", "principal in Team::\"other\", action, resource",
            "principal is Team, action, resource", "principal is Team in Region::\"north\", action, resource",
            "principal, action == Action::\"write\", resource", "principal, action in [], resource",
            "principal, action, resource == Note::\"2\"", "principal, action, resource is User",
        ]
        let text = (others + scopes + others).map { "permit(\($0));" }.joined(separator: "\n")
        let answer = try answers(text).standard
        #expect(answer.determining == (others.count..<(others.count + scopes.count)).map { "policy\($0)" })
    }

    @Test("an action group is followed when the entities say so") func actionGroup() throws {
        let group = EntityUID(type: "Action", id: "reading")
        let compiled = CompiledPolicies(
            try PolicySet(parsing: "permit(principal, action in Action::\"reading\", resource);"))
        #expect(compiled.authorize(Bench.request, Entities()).decision == .deny)
        let entities = try Entities([Entity(Bench.read, parents: [group])])
        #expect(compiled.authorize(Bench.request, entities).decision == .allow)
    }

    @Test("a cycle or a repeated entity is refused") func hierarchy() {
        let (a, b) = (EntityUID(type: "T", id: "a"), EntityUID(type: "T", id: "b"))
        #expect(throws: Entities.Fault.duplicate(a)) { try Entities([Entity(a), Entity(a)]) }
        #expect(throws: Entities.Fault.self) { try Entities([Entity(a, parents: [b]), Entity(b, parents: [a])]) }
        #expect(throws: Entities.Fault.self) { try Entities([Entity(a, parents: [a])]) }
    }

    @Test("a deep hierarchy is followed to its top") func deepHierarchy() throws {
        let names = (0...300).map { EntityUID(type: "T", id: "\($0)") }
        let entities = try Entities(zip(names, names.dropFirst()).map { Entity($0, parents: [$1]) })
        #expect(entities.isEntity(names[0], in: names[300]))
        #expect(!entities.isEntity(names[300], in: names[0]))
    }

    @Test("a template decides only through its links") func templates() throws {
        var set = try PolicySet(parsing: "permit(principal == ?principal, action, resource in ?resource);")
        let entities = try Bench.entities()
        #expect(set.policies.isEmpty && set.templates.map(\.slots) == [[.principal, .resource]])
        #expect(throws: PolicySet.Fault.slots(templateID: "policy0")) {
            try set.link(templateID: "policy0", id: "l", values: [.principal: Bench.alice])
        }
        #expect(throws: PolicySet.Fault.noTemplate(id: "x")) { try set.link(templateID: "x", id: "l", values: [:]) }
        #expect(throws: PolicySet.Fault.duplicate(id: "policy0")) {
            try set.link(
                templateID: "policy0", id: "policy0", values: [.principal: Bench.alice, .resource: Bench.note])
        }
        #expect(CompiledPolicies(set).authorize(Bench.request, entities).decision == .deny)
        try set.link(templateID: "policy0", id: "l", values: [.principal: Bench.alice, .resource: Bench.note])
        #expect(CompiledPolicies(set).authorize(Bench.request, entities).determining == ["l"])
    }
}

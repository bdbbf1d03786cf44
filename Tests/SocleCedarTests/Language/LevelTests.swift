// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Level validation · Cedar RFC 76")
struct LevelTests {
    private static let schema = """
        entity Group;
        entity User in [Group] { manager: User, name: String } tags String;
        entity Note { owner: User, box: { owner: User } };
        action all;
        action read in [all] appliesTo { principal: User, resource: Note, context: { by: User, safe: Bool } };
        """

    private func findings(_ condition: String, level: Int?) throws -> [String] {
        try Schema(parsing: Self.schema)
            .validate(PolicySet(parsing: "permit(principal, action, resource) when { \(condition) };"), level: level)
            .map(\.message)
    }

    @Test(
        "a condition passes at the level it needs and not below",
        arguments: [
            ("context.safe", 0), ("principal == resource.owner", 1), ("principal.name == \"x\"", 1),
            ("resource.box.owner == principal", 1), ("resource.owner.name == \"x\"", 2),
            ("principal in Group::\"g\"", 1), ("resource.owner in Group::\"g\"", 2),
            ("resource.box.owner.manager.manager == principal", 3), ("context.by.manager.name == \"x\"", 2),
            ("principal.hasTag(\"a\") && principal.getTag(\"a\") == \"b\"", 1),
            ("(if context.safe then principal else resource.owner).name == \"x\"", 2), ("action in Action::\"all\"", 1),
            // Of a record written out, only the member that is read counts for what is read of it.
            ("{a: principal, b: resource.owner.manager}.a == principal", 2),
            ("{a: principal, b: resource.owner}.a.name == \"x\"", 1),
            ("{a: {b: principal}, c: principal}.a.b.manager.name == \"x\"", 2),
            ("{a: principal, b: User::\"b\"}.a.name == \"x\"", 1), ("{a: principal} has a", 0),
            ("(if context.safe then {a: principal} else {a: resource.owner}).a.name == \"x\"", 2),
            ("(if context.safe then {a: context.by, b: context.safe} else {a: principal, b: true}).a is User", 0),
            ("Action::\"read\" in action", 1), ("principal is User in Group::\"g\"", 1), ("principal is User", 0),
            ("principal.hasTag(principal.manager.name)", 2), ("principal has manager.manager.name", 3),
            ("principal in resource.owner.manager", 2), ("[resource.owner.manager].contains(principal)", 2),
        ]) func level(_ condition: String, _ needed: Int) throws
    {
        #expect(try findings(condition, level: needed) == [])
        #expect(try findings(condition, level: nil) == [])
        if needed > 0 { #expect(try !findings(condition, level: needed - 1).isEmpty) }
    }

    @Test("an entity written out cannot be looked into, whatever the level") func literals() throws {
        #expect(
            try findings("User::\"a\".name == \"x\"", level: 9) == [
                "an entity written out cannot be looked into under a level"
            ])
        #expect(try findings("User::\"a\" == principal", level: 0) == [])
    }

    @Test("a slot is in the reach of the request like any other ancestor") func slots() throws {
        func count(_ scope: String, level: Int) throws -> Int {
            try Schema(parsing: Self.schema).validate(PolicySet(parsing: "permit(\(scope));"), level: level).count
        }
        #expect(try count("principal == ?principal, action, resource == ?resource", level: 0) == 0)
        #expect(try count("principal in ?principal, action, resource", level: 0) == 1)
        #expect(try count("principal is User in ?principal, action, resource", level: 0) == 1)
        #expect(try count("principal in ?principal, action, resource", level: 1) == 0)
        #expect(try count("principal, action in Action::\"all\", resource", level: 0) == 1)
    }

    @Test("what is wrong without a level is told alone") func order() throws {
        #expect(try findings("principal.nickname == principal.manager.name", level: 0).count == 1)
    }
}

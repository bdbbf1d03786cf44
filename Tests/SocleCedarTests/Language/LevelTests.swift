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

    @Test("what is wrong without a level is told alone") func order() throws {
        #expect(try findings("principal.nickname == principal.manager.name", level: 0).count == 1)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleConsent
import SocleIdentity
import SocleStore
import Testing

@Suite("Split of patients · what was refused while they were one holds for both")
struct SplitTests: ThreePatients {
    @Test("what was refused while they were one holds for both after a split; a grant stays where it was written")
    func shared() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            var late = Sample.choice("late", .oppositionInEmergency, of: try id("PAT-A"))
            late.recordedAt = now + .seconds(1)
            var block = Sample.choice("late", .block(.professional(professional)), of: try id("PAT-B"))
            block.recordedAt = now + .seconds(2)
            var grant = Sample.choice("grant", .administrator(professional), of: try id("PAT-A"))
            grant.recordedAt = now + .seconds(3)
            var lifted = Sample.choice("lifted", .oppositionToSharing, of: try id("PAT-A"))
            lifted.recordedAt = now + .seconds(4)
            lifted.period.end = now + .seconds(5)
            // Directives: what they refuse is shared, what they permit stays where it was written.
            let dissent = ConsentDirective(
                root: ConsentRule(.deny, exceptions: [ConsentRule(.deny, actions: [.disclose])]))
            let assent = ConsentDirective(root: ConsentRule(.deny, exceptions: [ConsentRule(.permit, actions: [.use])]))
            var refusing = Sample.choice("refusing", .directive(dissent), of: try id("PAT-A"))
            refusing.recordedAt = now + .seconds(5)
            var granting = Sample.choice("granting", .directive(assent), of: try id("PAT-A"))
            granting.recordedAt = now + .seconds(6)
            try await store.write(
                ConsentChange.choose(late), ConsentChange.choose(block), ConsentChange.choose(grant),
                ConsentChange.choose(lifted), ConsentChange.choose(refusing), ConsentChange.choose(granting))
            try await store.write(try split("PAT-B", after: 9))
            let records = StoredAccessRecords(database: store.database)
            let (a, b) = try await (records.file(of: try id("PAT-A")), records.file(of: try id("PAT-B")))
            #expect(a.patient?.name == "PAT-A" && b.patient?.name == "PAT-B", "\(store.name)")
            #expect(a.merged.isEmpty && b.merged.isEmpty)
            for file in [a, b] {
                #expect(file.choices.contains { $0.kind == .oppositionInEmergency })
                #expect(file.choices.contains { $0.kind == .block(.professional(professional)) })
            }
            for directive in [dissent, assent] {
                let bounded = ConsentDirective(root: directive.root, refusesOnly: true)
                #expect(b.choices.contains { $0.kind == .directive(directive) } == false)
                #expect(b.choices.contains { $0.kind == .directive(bounded) }, "\(store.name)")
            }
            #expect(
                Set(a.choices.map(\.id)) == [
                    "c", "late", "grant", "lifted", "refusing", "granting", "split/PAT-B/late",
                ])
            #expect(b.choices.contains { $0.kind == .administrator(professional) } == false)
            #expect(b.choices.contains { $0.kind == .oppositionToSharing } == false)
            #expect(try await masks("PAT-A", in: store) == ["DOC-PAT-A"], "masks before the merge stay apart")
        }
    }

    @Test("a refusal that was shared and ended is shared again when it is made again") func splitTwice() async throws {
        try await withStores { store in
            try await populate(store)
            let records = StoredAccessRecords(database: store.database)
            var clock = now
            func opposed(_ name: String) async throws -> Bool {
                let instant = clock
                return try await records.file(of: try id(name)).choices.contains {
                    $0.kind == .oppositionToSharing && !$0.period.ended(by: instant)
                }
            }
            func write(_ choice: String, _ version: Int, of name: String, ended: Bool = false) async throws {
                var written = Sample.choice(choice, .oppositionToSharing, of: try id(name))
                written.version = version
                written.recordedAt = clock
                if ended { written.period.end = clock }
                try await store.write(ConsentChange.choose(written))
            }
            for round in 0..<2 {
                clock = clock + .hours(1)
                try await store.write(
                    IdentityChange.merge(survivor: try id("PAT-A"), absorbed: try id("PAT-B"), at: clock))
                clock = clock + .seconds(1)
                try await write("o", 2 * round + 1, of: "PAT-B")
                clock = clock + .seconds(1)
                try await store.write(IdentityChange.split(absorbed: try id("PAT-B"), at: clock))
                #expect(try await opposed("PAT-A"), "\(store.name) \(round)")
                clock = clock + .seconds(1)
                try await write("o", 2 * round + 2, of: "PAT-B", ended: true)
                try await write("split/PAT-B/o", 2 * round + 2, of: "PAT-A", ended: true)
                #expect(try await opposed("PAT-A") == false, "\(store.name) \(round)")
            }
        }
    }

    @Test("a directive that permits one and refuses another leaves its refusal with both, and no permit")
    func mixedDirective() async throws {
        try await withStores { store in
            try await populate(store)
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            let mixed = ConsentDirective(
                root: ConsentRule(
                    .permit, exceptions: [ConsentRule(.deny, actors: [.party(.professional(professional))])]))
            let permit = ConsentDirective(root: ConsentRule(.permit, actors: [.party(.professional(professional))]))
            let limited = ConsentDirective(
                root: ConsentRule(.permit, data: DataCondition(codes: ["http://loinc.org|X"])))
            for (index, (directive, age)) in [(mixed, 1), (permit, 1), (limited, 1), (mixed, -1)].enumerated() {
                var choice = Sample.choice("d\(index)", .directive(directive), of: try id("PAT-B"))
                choice.recordedAt = now + .seconds(age)
                try await store.write(ConsentChange.choose(choice))
            }
            var ended = Sample.choice("ended", .directive(mixed), of: try id("PAT-B"))
            ended.recordedAt = now + .seconds(1)
            ended.period.end = now + .seconds(2)
            try await store.write(ConsentChange.choose(ended))
            try await store.write(try split("PAT-B", after: 9))
            let file = try await StoredAccessRecords(database: store.database).file(of: try id("PAT-A"))
            let shared = file.choices.filter { if case .directive = $0.kind { true } else { false } }
            #expect(shared.map(\.id).sorted() == ["split/PAT-B/d0", "split/PAT-B/d2"], "\(store.name)")
            for choice in shared {
                guard case .directive(let directive) = choice.kind else { continue }
                #expect(directive.refusesOnly)
                #expect(directive.root == (choice.id.hasSuffix("d0") ? mixed.root : limited.root))
            }
        }
    }

    @Test("of a team that a refusal names, those who are in it are refused in the other record too") func namedTeam()
        async throws
    {
        try await withStores { store in
            try await populate(store)
            let structure = try #require(StructureIdentifier("STR-T"))
            let past = try #require(ProfessionalIdentifier("899700100099"))
            func join(_ id: String, _ member: Party, until end: Instant? = nil) throws -> ConsentChange {
                .join(
                    Membership(
                        id: id, patient: try self.id("PAT-B"), member: member,
                        period: Period(start: Instant(seconds: 1), end: end), legalBasis: .recognised))
            }
            let professional = try Sample.professional().id
            try await store.write(
                try join("t/1.1", .professional(professional)), try join("t/1.2", .structure(structure)),
                try join("t/1.3", .professional(past), until: now), try join("u/1.1", .professional(past)))
            try await store.write(try merge("PAT-A", "PAT-B"))
            let refusal = ConsentDirective(
                root: ConsentRule(.permit, exceptions: [ConsentRule(.deny, actors: [.team("t"), .team("empty")])]))
            var choice = Sample.choice("d", .directive(refusal), of: try id("PAT-B"))
            choice.recordedAt = now + .seconds(1)
            try await store.write(ConsentChange.choose(choice))
            try await store.write(try split("PAT-B", after: 9))
            let file = try await StoredAccessRecords(database: store.database).file(of: try id("PAT-A"))
            let shared = file.choices.compactMap { choice -> ConsentDirective? in
                guard case .directive(let directive) = choice.kind else { return nil }
                return directive
            }
            #expect(
                shared.map { $0.root.exceptions.map(\.actors) } == [
                    [
                        [
                            .party(.professional(professional)), .party(.structure(structure)),
                            .unknown("CareTeam/empty"),
                        ]
                    ]
                ], "\(store.name)")
        }
    }

    @Test(
        "of an emergency while they were one both are told after a split; of what came before, and of members, nobody new"
    )
    func emergencies() async throws {
        try await withStores { store in
            try await populate(store)
            func notice(
                _ about: String, of name: String, _ subject: Notice.Subject = .breakGlass,
                to recipient: Notice.Recipient = .patient, after seconds: Int64 = 1
            ) throws -> NoticeChange {
                .queue(
                    Notice(
                        patient: try id(name), recipient: recipient, subject: subject, about: about,
                        createdAt: now + .seconds(seconds)))
            }
            try await store.write(try merge("PAT-A", "PAT-B"))
            let professional = try Sample.professional().id
            try await store.write(
                notice("E1", of: "PAT-A"), notice("E2", of: "PAT-B", .regulation), notice("E0", of: "PAT-A", after: -1),
                notice("m", of: "PAT-A", .memberAdded), notice("E1", of: "PAT-A", to: .professional(professional)))
            try await store.write(try split("PAT-B", after: 9))
            let records = StoredNotices(store.database)
            for (name, told) in [("PAT-A", ["E0", "E1", "E1", "E2", "m"]), ("PAT-B", ["E1", "E2"]), ("PAT-C", [])] {
                let notices = try await records.followed(of: try id(name), limit: 10).map(\.notice)
                #expect(notices.map(\.about).sorted() == told, "\(store.name) \(name)")
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleStore
import Testing

/// After-the-fact control: what is on record explains an access, whenever it came to be known, and no longer once it is
/// on record no more.
extension EmergencyTests {
    private func levels(_ fixture: AccessFixture) async throws -> [String] {
        try await fixture.database.rows("SELECT level FROM emergency_accesses ORDER BY instant, id", [])
            .map { try $0.text(0) }
    }

    /// How many episodes the review list shows.
    private func unexplained(_ fixture: AccessFixture) async throws -> Int {
        try await StoredEmergencies(fixture.database).awaitingReview(unresolvedOnly: true, limit: 10).count
    }

    private func conclude(_ episode: String, _ fixture: AccessFixture) async throws {
        let review = EmergencyChange.review(episode: episode, by: "dpo", conclusion: "a member", at: Ward.now)
        try await fixture.write([review])
    }

    private func patient(_ id: String) throws -> PatientIdentifier { try #require(PatientIdentifier(id)) }

    private func stay(
        _ id: String, of patient: String = "PAT-2", _ member: Party, _ basis: Membership.LegalBasis = .recognised
    ) throws -> ConsentChange {
        .join(
            Membership(
                id: id, patient: try self.patient(patient), member: member,
                period: Period(start: Ward.now - .days(1)), legalBasis: basis))
    }

    private func referral(of patient: String = "PAT-2", to target: Party) throws -> ConsentChange {
        .refer(
            Referral(
                id: "sent", patient: try self.patient(patient),
                from: try #require(ProfessionalIdentifier(Self.physician)), to: target,
                period: Period(start: Ward.now - .days(1)), recordedAt: Ward.now))
    }

    private func merge(_ survivor: String, _ absorbed: String) throws -> IdentityChange {
        .merge(survivor: try patient(survivor), absorbed: try patient(absorbed), at: Ward.now)
    }

    private func split(_ absorbed: String) throws -> IdentityChange {
        .split(absorbed: try patient(absorbed), at: Ward.now)
    }

    private func practice(_ type: String, teamCapable: Bool, name: String = "Practice") throws -> PersonChange {
        .structure(
            Structure(
                id: try #require(StructureIdentifier("STR-1")), name: name, type: type, teamCapable: teamCapable))
    }

    @Test("what another node's faster clock recorded counts for who is told and for what explains the access")
    func fasterClock() async throws {
        try await ward { fixture, _ in
            let ahead = Ward.now + .minutes(1)
            let patient = try patient("PAT-2")
            let other = "899700100044"
            func join(_ id: String, _ professional: String, role: String?) throws -> ConsentChange {
                .join(
                    Membership(
                        id: id, patient: patient,
                        member: .professional(try #require(ProfessionalIdentifier(professional))),
                        period: Period(start: ahead), role: role, legalBasis: .recognised))
            }
            let changes: [ConsentChange] = [
                .leave(patient: patient, membership: "mt", at: ahead), try join("new", other, role: "PCP"),
                try join("nurse", Ward.nurse, role: nil),
            ]
            let entry = EntryDraft(
                kind: .administration, instant: ahead, actor: "fhir", patients: [patient], details: JSONObject())
            let outcome = try await fixture.lane.commit(Submission(changes: changes, entry: entry))
            guard case .committed = outcome else {
                Issue.record("\(outcome)")
                return
            }
            _ = try episode(try await fixture.ask(question()))
            let notices = try await fixture.database.rows("SELECT recipient FROM notices ORDER BY recipient", [])
            let recipients = try notices.map { try $0.text(0) }
            #expect(recipients == ["patient", "professional/\(other)"], "no more who was removed")
            #expect(try await unexplained(fixture) == 0)
        }
    }

    @Test("a membership or a referral that covers the access explains it, whichever was written first")
    func rescored() async throws {
        let patient = try #require(PatientIdentifier("PAT-2"))
        let nurse = try #require(ProfessionalIdentifier(Ward.nurse))
        let practice = try #require(StructureIdentifier("STR-1"))
        let before = Period(start: Ward.now - .days(1))
        func stay(_ member: Party, _ period: Period, _ basis: Membership.LegalBasis = .recognised) -> ConsentChange {
            .join(Membership(id: "late", patient: patient, member: member, period: period, legalBasis: basis))
        }
        func referral(
            _ target: Party, _ period: Period, from referrer: String = Self.physician
        ) throws -> ConsentChange {
            .refer(
                Referral(
                    id: "late", patient: patient, from: try #require(ProfessionalIdentifier(referrer)), to: target,
                    period: period, recordedAt: Ward.now))
        }
        let cases: [(ConsentChange, String)] = [
            (stay(.professional(nurse), before), "own"),
            (stay(.structure(practice), before), "structure"),
            (try referral(.professional(nurse), before), "referred"),
            (try referral(.structure(practice), before), "referred"),
            // Nobody explains their own accesses by their own word, nor through the place where they work.
            (try referral(.professional(nurse), before, from: Ward.nurse), "declared"),
            (try referral(.structure(practice), before, from: Ward.nurse), "declared"),
            // What does not cover it explains nothing: begun since, ended before, of another, or no team.
            (stay(.professional(nurse), Period(start: Ward.now + .milliseconds(1))), "declared"),
            (stay(.professional(nurse), Period(start: before.start, end: Ward.now)), "declared"),
            (stay(.structure(try #require(StructureIdentifier("STR-9"))), before), "declared"),
            (stay(.structure(practice), before, .establishment), "declared"),
        ]
        for (change, level) in cases {
            for isKnown in [true, false] {
                try await ward { fixture, _ in
                    if isKnown { try await fixture.write([change]) }
                    _ = try episode(try await fixture.ask(question()))
                    if !isKnown { try await fixture.write([change]) }
                    #expect(try await levels(fixture) == [level], "\(change), known: \(isKnown)")
                    #expect(try await unexplained(fixture) == (level == "declared" ? 1 : 0), "\(change)")
                }
            }
        }
    }

    @Test("a membership found to have ended before the access explains it no longer") func unresolved() async throws {
        try await ward { fixture, _ in
            _ = try episode(try await fixture.ask(question()))
            let patient = try #require(PatientIdentifier("PAT-2"))
            try await fixture.write([
                ConsentChange.join(
                    Membership(
                        id: "late", patient: patient,
                        member: .professional(try #require(ProfessionalIdentifier(Ward.nurse))),
                        period: Period(start: Ward.now - .days(1)), legalBasis: .recognised))
            ])
            #expect(try await unexplained(fixture) == 0)
            try await fixture.write([.leave(patient: patient, membership: "late", at: Ward.now)] as [ConsentChange])
            #expect(try await unexplained(fixture) == 1)
        }
    }

    /// The nurse is of the team when they break the glass; it is found later that they were not.
    @Test(
        "an access of a member is scored again when the membership on record proves wrong",
        arguments: [RelationLevel.own, .structure])
    func wrongMembership(level: RelationLevel) async throws {
        let nurse = try #require(ProfessionalIdentifier(Ward.nurse))
        let practice = try #require(StructureIdentifier("STR-1"))
        let patient = try #require(PatientIdentifier("PAT-2"))
        func stay(_ id: String, until end: Instant? = nil) -> ConsentChange {
            .join(
                Membership(
                    id: id, patient: patient, member: level == .own ? .professional(nurse) : .structure(practice),
                    period: Period(start: Ward.now - .days(1), end: end), legalBasis: .recognised))
        }
        try await ward { fixture, _ in
            try await fixture.write([stay("short", until: Ward.now + .hours(1)), stay("first"), stay("other")])
            let id = try episode(try await fixture.ask(question()))
            #expect(try await levels(fixture) == [level.rawValue])
            try await conclude(id, fixture)
            func end(_ membership: String, _ instant: Instant) async throws -> Int {
                let change = ConsentChange.leave(patient: patient, membership: membership, at: instant)
                try await fixture.write([change])
                return try await unexplained(fixture)
            }
            #expect(try await end("first", Ward.now + .milliseconds(1)) == 0, "it was over after the access")
            #expect(try await end("first", Ward.now - .days(1)) == 0, "another membership explains it")
            #expect(try await levels(fixture) == [level.rawValue])
            // Whoever is listed as someone close is no member, and explains nothing.
            try await fixture.write([
                .join(
                    Membership(
                        id: "close", patient: patient,
                        member: level == .own ? .professional(nurse) : .structure(practice),
                        period: Period(start: Ward.now - .days(1)), legalBasis: .circle)) as ConsentChange
            ])
            #expect(try await end("other", Ward.now - .days(1)) == 0)
            #expect(try await end("short", Ward.now) == 1, "none does any more: whoever closed the review did not know")
            #expect(try await levels(fixture) == ["declared"])
        }
    }

    // The nurse is in the team of PAT-1, and not in that of PAT-2.

    @Test(
        "a merge brings the memberships that explain an access, and takes them away once it is undone",
        arguments: [("PAT-1", "PAT-2"), ("PAT-2", "PAT-1")])
    func mergedAfter(_ survivor: String, _ absorbed: String) async throws {
        try await ward { fixture, _ in
            let id = try episode(try await fixture.ask(question()))
            #expect(try await levels(fixture) == ["declared"])
            try await fixture.write([merge(survivor, absorbed)])
            #expect(try await levels(fixture) == ["own"])
            try await conclude(id, fixture)
            try await fixture.write([split(absorbed)])
            #expect(try await levels(fixture) == ["declared"])
            #expect(try await unexplained(fixture) == 1, "whoever closed the review took them for one person")
        }
    }

    @Test("an access while two records were wrongly one is scored as the next one, once they are apart")
    func mergedBefore() async throws {
        try await ward { fixture, clock in
            try await fixture.write([merge("PAT-2", "PAT-1")])
            let id = try episode(try await fixture.ask(question()))
            #expect(try await levels(fixture) == ["own"])
            try await conclude(id, fixture)
            try await fixture.write([split("PAT-1")])
            #expect(try await unexplained(fixture) == 1)
            clock.advance(by: .hours(4))
            _ = try episode(try await fixture.ask(question()))
            #expect(try await levels(fixture) == ["declared", "declared"])
            #expect(try await unexplained(fixture) == 2)
        }
    }

    @Test(
        "what is written under one identifier of a merged patient scores the accesses under the other",
        arguments: [("PAT-2", "PAT-3"), ("PAT-3", "PAT-2")])
    func identifiers(_ asked: String, _ written: String) async throws {
        let nurse = Party.professional(try #require(ProfessionalIdentifier(Ward.nurse)))
        try await ward { fixture, _ in
            try await fixture.write([PersonChange.patient(Patient(id: try patient("PAT-3")))])
            _ = try episode(try await fixture.ask(question(of: asked)))
            try await fixture.write([merge("PAT-2", "PAT-3"), stay("late", of: written, nurse)])
            #expect(try await levels(fixture) == ["own"])
            let wrong = ConsentChange.leave(patient: try patient(written), membership: "late", at: Ward.now)
            try await fixture.write([wrong])
            #expect(try await levels(fixture) == ["declared"])
            try await fixture.write([referral(of: written, to: nurse)])
            #expect(try await levels(fixture) == ["referred"])
        }
    }

    @Test("a structure explains an access while it forms a team (CSP L.1110-12 1°), known before its team or after")
    func structures() async throws {
        let place = Party.structure(try #require(StructureIdentifier("STR-1")))
        try await ward { fixture, _ in
            try await fixture.write([stay("staff", place, .establishment)])
            let id = try episode(try await fixture.ask(question()))
            #expect(try await levels(fixture) == ["declared"], "nobody knows that structure")
            try await fixture.write([practice("MSP", teamCapable: true)])
            #expect(try await levels(fixture) == ["structure"])
            try await conclude(id, fixture)
            let reviews = StoredEmergencies(fixture.database)
            try await fixture.write([practice("MSP", teamCapable: true, name: "Another name")])
            #expect(try await reviews.awaitingReview(unresolvedOnly: false, limit: 10).isEmpty)
            for alone in [try practice("MSP", teamCapable: false), try practice("CABINET", teamCapable: true)] {
                try await fixture.write([alone])
                #expect(try await levels(fixture) == ["declared"], "\(alone)")
                #expect(try await unexplained(fixture) == 1)
                try await fixture.write([practice("MSP", teamCapable: true)])
                #expect(try await levels(fixture) == ["structure"])
                #expect(try await unexplained(fixture) == 0)
            }
        }
    }

    @Test("where a service wants each professional declared their structure explains nothing; a referral to it does")
    func declaredStaff() async throws {
        let place = Party.structure(try #require(StructureIdentifier("STR-1")))
        let nurse = Party.professional(try #require(ProfessionalIdentifier(Ward.nurse)))
        for isKnown in [true, false] {
            try await ward { fixture, _ in
                try await publish("point-acces-pro,structure_members,declared,", in: fixture)
                let staff: [any RecordChange] = [
                    try practice("MSP", teamCapable: true), try stay("staff", place),
                    try stay("service", place, .establishment),
                ]
                if isKnown { try await fixture.write(staff) }
                _ = try episode(try await fixture.ask(question()))
                if !isKnown { try await fixture.write(staff) }
                #expect(try await levels(fixture) == ["declared"], "known: \(isKnown)")
                #expect(try await unexplained(fixture) == 1)
                try await fixture.write([referral(to: place)])
                #expect(try await levels(fixture) == ["referred"])
                try await fixture.write([stay("own", nurse)])
                #expect(try await levels(fixture) == ["own"])
            }
        }
    }
}

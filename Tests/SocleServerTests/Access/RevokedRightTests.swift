// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore
import Synchronization
import Testing

@Suite("A right that was revoked stops the notifications of an application: it is told, asks again, and is refused")
struct RevokedRightTests {
    /// What the application was told: the change, and when it ends by itself.
    private final class Application: Sendable {
        private let events = Mutex<[(change: String, until: String?)]>([])
        var told: [(change: String, until: String?)] { events.withLock { $0 } }

        func receive(_ token: String) -> EventDelivery.Receipt {
            guard let claims = try? JSONValue(parsing: Array(token.utf8)),
                let event = claims["events"]?.object?.members.first?.value
            else { return .failed("not an event") }
            events.withLock { $0.append((event["change"]?.string ?? "?", event["until"]?.string)) }
            return .accepted
        }
    }

    private func with(
        _ body: (AccessFixture, Application, _ deliver: () async throws -> Void) async throws -> Void
    ) async throws {
        try await AccessFixture.with(now: Ward.now) { fixture in
            try await Ward.load(fixture)
            try await fixture.write([
                OAuthChange.createClient(
                    Client(
                        id: "point-acces-pro", name: "Point d'accès", authentication: .none, redirectURIs: [],
                        grantTypes: [.clientCredentials], scopes: [])),
                EventChange.subscribe(
                    EventSubscription(
                        client: "point-acces-pro", endpoint: "https://app.test/events", audience: "https://app.test",
                        kinds: Set(ChangeEvent.Kind.allCases))),
            ])
            let application = Application()
            let delivery = EventDelivery(
                records: StoredEvents(fixture.database), lane: fixture.lane, issuer: "https://socle.test", holder: "n",
                sign: { String(decoding: $0, as: UTF8.self) }, push: { token, _ in application.receive(token) },
                clock: { Ward.now })
            try await body(fixture, application) { _ = try await delivery.deliverDue() }
        }
    }

    private func reason(_ fixture: AccessFixture) async throws -> String? {
        try await fixture.ask(Ward.question())["context"]?["reason"]?.string
    }

    @Test("a member who leaves, and a patient who opposes") func revoked() async throws {
        let patient = try #require(PatientIdentifier("PAT-1"))
        let opposition = PatientChoice(
            id: "o", patient: patient, kind: .oppositionToSharing, period: Period(start: Ward.now), recordedAt: Ward.now
        )
        let changes: [(any RecordChange, told: String, refused: String)] = [
            (ConsentChange.leave(patient: patient, membership: "m1", at: Ward.now), "left", "membership_expired"),
            (ConsentChange.choose(opposition), "chosen", "opposition"),
        ]
        for (change, told, refused) in changes {
            try await with { fixture, application, deliver in
                #expect(try await reason(fixture) == "care_team")
                try await deliver()
                #expect(application.told.isEmpty)
                try await fixture.write([change])
                try await deliver()
                #expect(application.told.map(\.change) == [told])
                #expect(try await reason(fixture) == refused)
            }
        }
    }

    @Test("a choice that is withdrawn is told as ended, not as one that was made") func withdrawn() async throws {
        try await with { fixture, application, deliver in
            let patient = try #require(PatientIdentifier("PAT-1"))
            let opposition = PatientChoice(
                id: "o", patient: patient, kind: .oppositionToSharing, period: Period(start: Ward.now - .days(1)),
                recordedAt: Ward.now - .days(1))
            let end = Ward.now + .days(9)
            var shortened = opposition
            (shortened.version, shortened.period.end) = (2, end)
            let withdrawn = try #require(shortened.withdrawn(at: Ward.now, by: "sub-1"))
            try await fixture.write([opposition, shortened, withdrawn].map { ConsentChange.choose($0) })
            for _ in 1...3 { try await deliver() }
            #expect(application.told.map(\.change) == ["chosen", "chosen", "ended"])
            #expect(application.told.map(\.until) == [nil, end.description, nil])
        }
    }

    @Test("a membership that ends by the clock was told with its end") func ended() async throws {
        try await with { fixture, application, deliver in
            let patient = try #require(PatientIdentifier("PAT-1"))
            let end = Ward.now - .seconds(60)
            try await fixture.write([
                ConsentChange.leave(patient: patient, membership: "m1", at: Instant(seconds: 1_700_000_100)),
                ConsentChange.join(
                    Membership(
                        id: "m2", patient: patient,
                        member: .professional(try #require(ProfessionalIdentifier(Ward.nurse))),
                        period: Period(start: Instant(seconds: 1_700_000_200), end: end), legalBasis: .recognised)),
            ])
            try await deliver()
            #expect(application.told.map(\.change) == ["left", "joined"])
            #expect(application.told.last?.until == end.description)
            #expect(try await reason(fixture) == "membership_expired")
        }
    }
}

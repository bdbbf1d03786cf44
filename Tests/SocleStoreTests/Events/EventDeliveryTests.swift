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

/// An application that receives tokens, and refuses some.
private final class Receiver: Sendable {
    private let state = Mutex(State())

    private struct State {
        var received: [JSONValue] = []
        var refusals = 0
    }

    /// The `events` member of each token accepted, with the patient, in order.
    var received: [JSONValue] { state.withLock { $0.received } }

    func refuse(next count: Int) { state.withLock { $0.refusals = count } }

    /// The token is its claims: signing is tested with the signer.
    func push(_ token: String) -> EventDelivery.Receipt {
        state.withLock { state in
            if state.refusals > 0 {
                state.refusals -= 1
                return .failed("503")
            }
            guard let claims = try? JSONValue(parsing: Array(token.utf8)) else { return .failed("not JSON") }
            state.received.append(claims)
            return .accepted
        }
    }

    /// `PAT-1 joined`, ...
    var lines: [String] {
        received.compactMap { claims in
            guard let patient = claims["sub_id"]?["id"]?.string,
                let event = claims["events"]?.object?.members.first?.value
            else { return nil }
            return "\(patient) \(event["change"]?.string ?? "?") \(event["sequence"]?.integer ?? 0)"
        }
    }
}

@Suite("Change events · RFC 8417 tokens, RFC 8935 push: queued with the change, in order for each patient")
struct EventDeliveryTests {
    private func subscription(
        _ client: String = "app", kinds: Set<ChangeEvent.Kind> = Set(ChangeEvent.Kind.allCases)
    ) -> EventSubscription {
        EventSubscription(
            client: client, endpoint: "https://\(client).test/events", audience: "https://\(client).test", kinds: kinds)
    }

    private func delivery(
        _ store: TestStore, to receiver: Receiver, holder: String = "node-1", lane: StoreLane? = nil
    ) -> EventDelivery {
        EventDelivery(
            records: StoredEvents(store.database), lane: lane ?? store.lane, issuer: "https://socle.test",
            holder: holder, sign: { String(decoding: $0, as: UTF8.self) },
            push: { token, _ in receiver.push(token) }, clock: store.clock.now)
    }

    private func join(_ patient: String, _ id: String) throws -> ConsentChange {
        .join(
            Membership(
                id: id, patient: try #require(PatientIdentifier(patient)),
                member: .professional(try Sample.professional().id), period: Period(start: Instant(seconds: 10)),
                legalBasis: .recognised))
    }

    private func leave(_ patient: String, _ id: String) throws -> ConsentChange {
        .leave(patient: try #require(PatientIdentifier(patient)), membership: id, at: Instant(seconds: 99))
    }

    @Test("each kind of change is told, once, and says nothing of whom") func kinds() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let patient = try Sample.patient()
            let other = Patient(id: try #require(PatientIdentifier("PAT-2")))
            let nurse = try Sample.professional().id
            let address = EmergencyEpisode.Address(
                kind: .breakGlass, patient: patient.id, professional: nurse, service: "s")
            try await store.write(
                PersonChange.patient(patient), PersonChange.patient(other), EventChange.subscribe(subscription()),
                try join("PAT-1", "m"), try leave("PAT-1", "m"),
                ConsentChange.choose(Sample.choice("c", .block(.professional(nurse)), of: patient.id)),
                EmergencyChange.open(
                    EmergencyEpisode(
                        id: "e", address: address, opened: Instant(seconds: 5), until: Instant(seconds: 6))),
                IdentityChange.merge(survivor: patient.id, absorbed: other.id, at: Instant(seconds: 7)))
            let delivery = delivery(store, to: receiver)
            #expect(try await delivery.deliverDue().delivered == 6, "\(store.name)")
            #expect(try await delivery.deliverDue().delivered == 0)
            #expect(
                receiver.lines.filter { $0.hasPrefix("PAT-1") } == [
                    "PAT-1 joined 1", "PAT-1 left 2", "PAT-1 chosen 3", "PAT-1 opened 4", "PAT-1 merged 5",
                ])
            #expect(receiver.lines.contains("PAT-2 merged 1"))
            let first = try #require(receiver.received.first)
            #expect(first["iss"]?.string == "https://socle.test" && first["aud"]?.string == "https://app.test")
            #expect(first["sub"] == nil && first["exp"] == nil, "RFC 8417 §4.5, §4.6")
            #expect(Set(receiver.received.compactMap { $0["jti"]?.string }).count == 6)
            #expect(receiver.received.allSatisfy { !$0.text.contains(nurse.value) })
        }
    }

    @Test("what ends by itself says when, since nothing tells of it then") func ends() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let patient = try Sample.patient()
            let address = EmergencyEpisode.Address(
                kind: .breakGlass, patient: patient.id, professional: try Sample.professional().id, service: "s")
            try await store.write(
                PersonChange.patient(patient), EventChange.subscribe(subscription()),
                ConsentChange.join(
                    Membership(
                        id: "m", patient: patient.id, member: .professional(try Sample.professional().id),
                        period: Period(start: Instant(seconds: 10), end: Instant(seconds: 20)), legalBasis: .recognised)
                ),
                try join("PAT-1", "open"),
                EmergencyChange.open(
                    EmergencyEpisode(
                        id: "e", address: address, opened: Instant(seconds: 5), until: Instant(seconds: 6))))
            _ = try await delivery(store, to: receiver).deliverDue()
            let ends = receiver.received.map { $0["events"]?.object?.members.first?.value["until"]?.string }
            #expect(ends == [Instant(seconds: 20).description, nil, Instant(seconds: 6).description], "\(store.name)")
        }
    }

    @Test("a client that is disabled or gone is told nothing more, and none but one in use is subscribed")
    func outOfUse() async throws {
        try await withStores { store in
            try await store.enlist("app", "gone")
            let receiver = Receiver()
            #expect(
                try await store.outcome(of: EventChange.subscribe(subscription("unknown"))) == .refused(changeIndex: 0))
            try await store.write(
                EventChange.subscribe(subscription()), EventChange.subscribe(subscription("gone")),
                try join("PAT-1", "m"))
            try await store.write(OAuthChange.disableClient(id: "app"), OAuthChange.removeClient(id: "gone"))
            try await store.write(try leave("PAT-1", "m"))
            #expect(try await delivery(store, to: receiver).deliverDue().delivered == 0, "\(store.name)")
            #expect(receiver.lines.isEmpty)
            #expect(try await StoredEvents(store.database).subscriptions().isEmpty)
            for client in ["app", "gone"] {
                let again = try await store.outcome(of: EventChange.subscribe(subscription(client)))
                #expect(again == .refused(changeIndex: 0), "\(store.name): \(client)")
            }
        }
    }

    @Test("a change that is undone tells nobody; what was before a subscription neither") func undone() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            try await store.write(try join("PAT-1", "before"), EventChange.subscribe(subscription()))
            let twice = Submission(changes: [try join("PAT-1", "m"), try join("PAT-1", "m")], entry: nil)
            #expect(try await store.lane.commit(twice) == .refused(changeIndex: 1))
            #expect(try await delivery(store, to: receiver).deliverDue().delivered == 0)
            try await store.write(try join("PAT-1", "n"))
            _ = try await delivery(store, to: receiver).deliverDue()
            #expect(receiver.lines == ["PAT-1 joined 1"], "\(store.name)")
        }
    }

    @Test("only the kinds an application asked for, and nothing once it has left") func kindsAsked() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            try await store.write(
                EventChange.subscribe(subscription(kinds: [.choice])), try join("PAT-1", "m"),
                ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: try Sample.patient().id)))
            _ = try await delivery(store, to: receiver).deliverDue()
            #expect(receiver.lines == ["PAT-1 chosen 1"])
            try await store.write(
                ConsentChange.choose(Sample.choice("d", .oppositionInEmergency, of: try Sample.patient().id)),
                EventChange.unsubscribe(client: "app"))
            #expect(try await delivery(store, to: receiver).deliverDue().delivered == 0)
            #expect(try await store.outcome(of: EventChange.unsubscribe(client: "app")) == .refused(changeIndex: 0))
        }
    }

    @Test("an event that is refused is tried again later, and keeps back that patient's next, nobody else's")
    func retry() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            try await store.write(
                EventChange.subscribe(subscription()), try join("PAT-1", "m"), try leave("PAT-1", "m"))
            let delivery = delivery(store, to: receiver)
            receiver.refuse(next: 1)
            let failed = try await delivery.deliverDue()
            #expect(failed.delivered == 0 && failed.failures == ["app: 503"])
            // Another patient's event goes out while the first waits for its time.
            try await store.write(try join("PAT-2", "m"))
            #expect(try await delivery.deliverDue().delivered == 1)
            #expect(receiver.lines == ["PAT-2 joined 1"], "\(store.name)")
            store.clock.advance(by: .seconds(5) - .milliseconds(1))
            #expect(try await delivery.deliverDue().delivered == 0)
            store.clock.advance(by: .milliseconds(1))
            receiver.refuse(next: 1)
            #expect(try await delivery.deliverDue().delivered == 0)
            // Twice as long the second time.
            store.clock.advance(by: .seconds(9))
            #expect(try await delivery.deliverDue().delivered == 0)
            store.clock.advance(by: .seconds(1))
            #expect(try await delivery.deliverDue().delivered == 2)
            #expect(receiver.lines == ["PAT-2 joined 1", "PAT-1 joined 1", "PAT-1 left 2"])
        }
    }

    @Test("an application that is down for three days is given up on, which the journal tells") func abandoned()
        async throws
    {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            try await store.write(EventChange.subscribe(subscription()), try join("PAT-1", "m"))
            let delivery = delivery(store, to: receiver)
            let before = try await store.sequences(of: store.lane.chain).count
            receiver.refuse(next: 1000)
            var rounds = 0
            while try await store.database.integer("SELECT count(*) FROM event_deliveries") ?? 0 > 0, rounds < 200 {
                _ = try await delivery.deliverDue()
                store.clock.advance(by: .hours(1))
                rounds += 1
            }
            #expect((72...76).contains(rounds), "\(store.name) \(rounds)")
            #expect(try await store.sequences(of: store.lane.chain).count == before + 1)
            // What follows is delivered: the queue is not stuck.
            receiver.refuse(next: 0)
            try await store.write(try leave("PAT-1", "m"))
            #expect(try await delivery.deliverDue().delivered == 1)
        }
    }

    @Test("one application that is down holds up no other") func several() async throws {
        try await withStores { store in
            try await store.enlist("down", "up")
            let (down, up) = (Receiver(), Receiver())
            down.refuse(next: 1000)
            try await store.write(
                EventChange.subscribe(subscription("down")), EventChange.subscribe(subscription("up")),
                try join("PAT-1", "m"), try leave("PAT-1", "m"))
            let delivery = EventDelivery(
                records: StoredEvents(store.database), lane: store.lane, issuer: "https://socle.test", holder: "n",
                sign: { String(decoding: $0, as: UTF8.self) },
                push: { token, endpoint in (endpoint.contains("down") ? down : up).push(token) },
                clock: store.clock.now)
            #expect(try await delivery.deliverDue().delivered == 2)
            #expect(up.lines == ["PAT-1 joined 1", "PAT-1 left 2"] && down.lines.isEmpty)
        }
    }

    @Test("an application that takes its time keeps no other waiting, and is sent one token at a time")
    func slow() async throws {
        try await withStores { store in
            try await store.enlist("slow", "quick")
            let (slow, quick) = (Receiver(), Receiver())
            let (gate, opening) = AsyncStream<Void>.makeStream()
            let isAtGate = Mutex(false)
            try await store.write(
                EventChange.subscribe(subscription("slow")), EventChange.subscribe(subscription("quick")),
                try join("PAT-1", "m"))
            let delivery = EventDelivery(
                records: StoredEvents(store.database), lane: store.lane, issuer: "https://socle.test", holder: "n",
                sign: { String(decoding: $0, as: UTF8.self) },
                push: { token, endpoint in
                    guard endpoint.contains("slow") else { return quick.push(token) }
                    isAtGate.withLock { $0 = true }
                    for await _ in gate {}
                    return slow.push(token)
                }, clock: store.clock.now)
            async let first = delivery.deliverDue()
            while !isAtGate.withLock({ $0 }) || quick.lines.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            // The first call is at the gate still: others tell the quick one what comes.
            try await store.write(try leave("PAT-1", "m"))
            for _ in 0..<500 where quick.lines.count < 2 {
                _ = try await delivery.deliverDue()
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(quick.lines.count == 2 && slow.lines.isEmpty, "\(store.name)")
            opening.finish()
            _ = try await first
            #expect(slow.lines == ["PAT-1 joined 1", "PAT-1 left 2"])
            #expect(quick.lines == slow.lines)
        }
    }

    @Test("an application that wants its tokens elsewhere while one is on its way gets the next after it") func moved()
        async throws
    {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let (gate, opening) = AsyncStream<Void>.makeStream()
            let isAtGate = Mutex(false)
            try await store.write(EventChange.subscribe(subscription()), try join("PAT-1", "m"))
            let delivery = EventDelivery(
                records: StoredEvents(store.database), lane: store.lane, issuer: "https://socle.test", holder: "n",
                sign: { String(decoding: $0, as: UTF8.self) },
                push: { token, endpoint in
                    if endpoint.hasSuffix("/events") {
                        isAtGate.withLock { $0 = true }
                        for await _ in gate {}
                    }
                    return receiver.push(token)
                }, clock: store.clock.now)
            async let first = delivery.deliverDue()
            while !isAtGate.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
            var moved = subscription()
            moved.endpoint = "https://app.test/moved"
            try await store.write(EventChange.subscribe(moved), try leave("PAT-1", "m"))
            let meanwhile = try await delivery.deliverDue().delivered
            #expect(meanwhile == 0 && receiver.lines.isEmpty, "\(store.name)")
            opening.finish()
            _ = try await first
            _ = try await delivery.deliverDue()
            #expect(receiver.lines == ["PAT-1 joined 1", "PAT-1 left 2"])
        }
    }

    @Test("the turn of a slow application ends well before the lease, and where it wants its tokens is read again")
    func turn() async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let endpoints = Mutex<[String]>([])
            try await store.write(EventChange.subscribe(subscription()))
            for number in 1...12 { try await store.write(try join("PAT-\(number)", "m")) }
            let delivery = EventDelivery(
                records: StoredEvents(store.database), lane: store.lane, issuer: "https://socle.test", holder: "n",
                sign: { String(decoding: $0, as: UTF8.self) },
                push: { token, endpoint in
                    store.clock.advance(by: .seconds(4))
                    endpoints.withLock { $0.append(endpoint) }
                    return receiver.push(token)
                }, clock: store.clock.now)
            #expect(try await delivery.deliverDue().delivered == 5, "\(store.name)")
            var moved = subscription()
            moved.endpoint = "https://app.test/moved"
            try await store.write(EventChange.subscribe(moved))
            #expect(try await delivery.deliverDue().delivered == 5)
            #expect(try await delivery.deliverDue().delivered == 2)
            let expected = Array(repeating: "https://app.test/events", count: 5)
            #expect(
                endpoints.withLock { $0 } == expected + Array(repeating: "https://app.test/moved", count: 7))
            #expect(Set(receiver.lines).count == 12)
        }
    }

    /// Two nodes, the first of which has the lease, and one event that is due and was refused once.
    private func withTwoNodes(
        _ body: (TestStore, _ first: EventDelivery, _ second: EventDelivery) async throws -> Void
    ) async throws {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let lane = try await store.openLane(seed: 9)
            try await store.write(EventChange.subscribe(subscription()), try join("PAT-1", "m"))
            receiver.refuse(next: 1)
            let first = delivery(store, to: receiver)
            _ = try await first.deliverDue()
            store.clock.advance(by: .seconds(10))
            try await body(store, first, delivery(store, to: receiver, holder: "node-2", lane: lane))
            await lane.close()
        }
    }

    @Test("one node delivers at a time; another takes over when it is gone") func lease() async throws {
        try await withTwoNodes { store, _, second in
            let early = try await second.deliverDue().delivered
            store.clock.advance(by: EventDelivery.leaseTime)
            let late = try await second.deliverDue().delivered
            #expect([early, late] == [0, 1], "\(store.name): the first node has the lease, until it is over")
        }
    }

    @Test("a node that stops hands over at once, and hands over no other's lease") func handedOver() async throws {
        try await withTwoNodes { store, first, second in
            try await second.stop()
            #expect(try await second.deliverDue().delivered == 0, "\(store.name): the first node has the lease")
            try await first.stop()
            #expect(try await second.deliverDue().delivered == 1, "\(store.name)")
        }
    }

    @Test("changes made at once on two nodes are numbered as they were committed, none twice") func order() async throws
    {
        try await withStores { store in
            try await store.enlist("app")
            let receiver = Receiver()
            let lane = try await store.openLane(seed: 9)
            try await store.write(EventChange.subscribe(subscription()))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<20 {
                    let change = try join("PAT-1", "m\(index)")
                    let lane = index % 2 == 0 ? store.lane : lane
                    group.addTask { _ = try await lane.commit(Submission(changes: [change], entry: nil)) }
                }
                try await group.waitForAll()
            }
            #expect(try await delivery(store, to: receiver).deliverDue().delivered == 20)
            #expect(receiver.lines == (1...20).map { "PAT-1 joined \($0)" }, "\(store.name)")
            await lane.close()
        }
    }

    @Test("a key that cannot sign holds the event back, as an application that is down does") func unsigned()
        async throws
    {
        struct NoKey: Error {}
        try await withStores { store in
            try await store.enlist("app")
            try await store.write(EventChange.subscribe(subscription()), try join("PAT-1", "m"))
            let delivery = EventDelivery(
                records: StoredEvents(store.database), lane: store.lane, issuer: "https://socle.test", holder: "n",
                sign: { _ in throw NoKey() }, push: { _, _ in .accepted }, clock: store.clock.now)
            let outcome = try await delivery.deliverDue()
            #expect(outcome.delivered == 0 && outcome.failures.count == 1)
        }
    }
}

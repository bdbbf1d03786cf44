// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
import SocleConsent
package import SocleIdentity
import SocleJSON

/// Brings queued events and notices to the applications registered for them: at least once, in order for each patient.
///
/// What is not acknowledged keeps back what follows of the same patient in that queue alone; it is tried again later
/// and later. An event is given up after three days, which the journal tells; a notice never is.
package struct EventDelivery: Sendable {
    package enum Receipt: Hashable, Sendable {
        /// 202 (RFC 8935 §2.2).
        case accepted
        /// Anything else, or nothing: why, for the log.
        case failed(String)
    }

    /// Signs a token's claims. The header's `typ` is `SecurityEventToken.type`.
    package typealias Signing = @Sendable ([UInt8]) async throws -> String
    /// Posts a signed token to an endpoint.
    package typealias Push = @Sendable (_ token: String, _ endpoint: String) async -> Receipt

    package static let leaseTime: Duration = .minutes(1)
    /// How long one destination is delivered to before its registration and the lease are looked at again: it ends
    /// well before the lease does, one delivery's longest time included.
    package static let turnTime: Duration = .seconds(20)
    package static let keptTime: Duration = .days(3)

    private let records: any EventRecords
    private let lane: any CommitLane
    private let issuer: String
    /// Names this process among those that deliver.
    private let holder: String
    private let sign: Signing
    private let push: Push
    private let clock: @Sendable () -> Instant
    private let underWay = DestinationsUnderWay()

    package init(
        records: any EventRecords, lane: any CommitLane, issuer: String, holder: String,
        sign: @escaping Signing, push: @escaping Push, clock: @escaping @Sendable () -> Instant
    ) {
        self.records = records
        self.lane = lane
        self.issuer = issuer
        self.holder = holder
        self.sign = sign
        self.push = push
        self.clock = clock
    }

    /// Delivers what is due, until nothing is, each destination has failed once, or their turn is over. What another
    /// call is delivering to is left to it: a slow application keeps nobody waiting but itself.
    /// - Returns: how many were acknowledged, and what went wrong.
    package func deliverDue() async throws(RecordsUnavailable) -> (delivered: Int, failures: [String]) {
        let end = clock() + EventDelivery.turnTime
        let destinations = try await beginDestinations()
        let outcomes = await withTaskGroup(of: Result<(Int, String?), RecordsUnavailable>.self) {
            group in
            for destination in destinations {
                group.addTask {
                    defer { underWay.end(destination) }
                    do throws(RecordsUnavailable) {
                        return .success(try await deliver(to: destination, until: end))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var delivered = 0
        var failures: [String] = []
        for outcome in outcomes {
            let (count, failure) = try outcome.get()
            delivered += count
            if let failure { failures.append(failure) }
        }
        return (delivered, failures)
    }

    /// Those that something is due for, and nobody is delivering to.
    private func beginDestinations() async throws(RecordsUnavailable) -> [PushDestination] {
        guard underWay.beginLooking() else { return [] }
        defer { underWay.endLooking() }
        var destinations: [PushDestination] = []
        for destination in try await records.destinations() where !underWay.contains(destination) {
            let pending = try await records.due(for: destination, at: clock(), limit: 1)
            if !pending.isEmpty { destinations.append(destination) }
        }
        guard !destinations.isEmpty, try await holdsLease() else { return [] }
        underWay.begin(destinations)
        return destinations
    }

    /// To be called once nothing is being delivered: what is queued waits for no lease to run out.
    package func stop() async throws(RecordsUnavailable) { _ = try await commit(.release(holder: holder)) }

    /// Stops at the first failure: an application that is down is not asked once for each patient.
    private func deliver(to destination: PushDestination, until end: Instant) async throws(RecordsUnavailable) -> (
        Int, String?
    ) {
        var delivered = 0
        while true {
            let due = try await records.due(for: destination, at: clock(), limit: 100)
            guard !due.isEmpty else { return (delivered, nil) }
            for pending in due {
                // A slow application must not let another node send what this one is about to.
                guard clock() < end else { return (delivered, nil) }
                switch await send(pending, to: destination) {
                case .accepted:
                    guard try await settle(pending) else { return (delivered, nil) }
                    delivered += 1
                case .failed(let why):
                    try await postpone(pending, why: why)
                    return (delivered, "\(destination.client): \(why)")
                }
            }
        }
    }

    private func send(_ pending: PendingPush, to destination: PushDestination) async -> Receipt {
        let claims = SecurityEventToken(
            pending.message, issuer: issuer, audience: destination.audience, issuedAt: clock()
        ).claims
        do {
            return await push(try await sign(JSONValue.object(claims).bytes), destination.endpoint)
        } catch {
            return .failed("the event could not be signed")
        }
    }

    /// That a person was told is an act of its own, which the journal keeps.
    private func settle(_ pending: PendingPush) async throws(RecordsUnavailable) -> Bool {
        let now = clock()
        guard case .notice(let notice, _) = pending.message else {
            return try await commit(.delivered(pending, at: now))
        }
        return try await commit(
            .delivered(pending, at: now),
            entry: EntryDraft(
                kind: .administration, instant: now, actor: nil, patient: notice.patient,
                details: [
                    "action": "notice_delivered", "client": .string(pending.client), "notice": .string(notice.id),
                    "subject": .string(notice.subject.rawValue), "recipient": .string(notice.recipient.text),
                    "about": .string(notice.about), "attempts": .integer(Int64(pending.attempts + 1)),
                ]))
    }

    private func postpone(_ pending: PendingPush, why: String) async throws(RecordsUnavailable) {
        let now = clock()
        if case .event(let event) = pending.message, now - pending.queuedAt >= EventDelivery.keptTime {
            _ = try await commit(
                .delivered(pending, at: now),
                entry: EntryDraft(
                    kind: .administration, instant: now, actor: nil, patient: event.patient,
                    details: [
                        "action": "event_abandoned", "client": .string(pending.client),
                        "event": .string(event.id), "kind": .string(event.kind.rawValue),
                        "attempts": .integer(Int64(pending.attempts + 1)),
                    ]))
            return
        }
        // 5 seconds, doubled each time, an hour at most.
        let pause = Duration.seconds(min(5 << min(pending.attempts, 10), 3600))
        _ = try await commit(.postponed(pending, until: now + pause, why: why))
    }

    private func holdsLease() async throws(RecordsUnavailable) -> Bool {
        let now = clock()
        return try await commit(.lease(holder: holder, now: now, until: now + EventDelivery.leaseTime))
    }

    private func commit(_ change: EventChange, entry: EntryDraft? = nil)
        async throws(RecordsUnavailable) -> Bool
    {
        do throws(LaneUnavailable) {
            if case .committed = try await lane.commit(Submission(changes: [change], entry: entry)) {
                return true
            }
            return false
        } catch {
            throw RecordsUnavailable(detail: error.detail)
        }
    }
}

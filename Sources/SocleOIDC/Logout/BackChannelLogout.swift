// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleAudit
package import SocleCrypto
package import SocleIdentity
import SocleJSON

/// Tells applications that a session ended, from a queue in the store, until they say they heard
/// (Back-Channel Logout 1.0 §2.5, §2.8).
package struct BackChannelLogout: Sendable {
    /// Posts a form to an address; the status of the answer, nil when none came.
    package typealias Tell = @Sendable (_ uri: String, _ form: [UInt8]) async -> Int?

    /// After each attempt that failed, how long to wait: some seven hours in all, as long as most sessions last.
    package static let pauses: [Duration] = [
        .seconds(10), .seconds(30), .minutes(2), .minutes(10), .hours(1), .hours(6),
    ]

    /// How many are told at once.
    package static let batch = 32

    private let records: any LogoutRecords
    private let lane: any CommitLane
    private let answers: ProtectedAnswers
    private let issuer: String
    private let random: SecureRandom
    private let tell: Tell

    package init(
        records: any LogoutRecords, lane: any CommitLane, answers: ProtectedAnswers, issuer: String,
        random: SecureRandom, tell: @escaping Tell
    ) {
        self.records = records
        self.lane = lane
        self.answers = answers
        self.issuer = issuer
        self.random = random
        self.tell = tell
    }

    /// Tries the notices that are due, at most a batch, all at once.
    /// - Returns: how many were settled.
    package func deliverDue(now: Instant) async throws(RecordsUnavailable) -> Int {
        let due = try await records.due(at: now, limit: Self.batch)
        return await withTaskGroup(of: Bool.self) { group in
            for (notice, client) in due { group.addTask { await deliver(notice, to: client, now: now) } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    private func deliver(_ notice: LogoutNotice, to client: Client?, now: Instant) async -> Bool {
        guard let client, !client.disabled, let uri = client.metadata.backChannelLogoutURI else {
            // Nobody to tell any more.
            return await commit(.settle(notice), entry: nil)
        }
        // The next attempt is fixed before this one: a node that dies meanwhile leaves the notice to the others.
        let pause = Self.pauses[min(notice.attempts, Self.pauses.count - 1)]
        guard await commit(.attempt(notice, next: now + pause), entry: nil),
            let form = await form(notice, client, now: now)
        else { return false }
        let status = await tell(uri, form)
        let isTold = status == 200 || status == 204
        guard isTold || notice.attempts >= Self.pauses.count else { return false }
        return await commit(.settle(notice), entry: entry(notice, isTold: isTold, status: status, now: now))
    }

    /// nil when no key could sign: tried again like any failure.
    private func form(_ notice: LogoutNotice, _ client: Client, now: Instant) async -> [UInt8]? {
        let token = LogoutToken(
            issuer: issuer, audience: client.id, subject: notice.subject, sessionID: notice.sessionID, issuedAt: now,
            id: random.token())
        // A compact JWT holds no character that a form would escape.
        return (try? await answers.signed(token.payload, algorithm: client.idTokenAlgorithm, type: LogoutToken.type))
            .map { Array("logout_token=\($0)".utf8) }
    }

    private func entry(_ notice: LogoutNotice, isTold: Bool, status: Int?, now: Instant) -> EntryDraft {
        var details: JSONObject = [
            "event": .string(isTold ? "application_told" : "application_not_told"), "client": .string(notice.clientID),
            "session": .string(notice.sessionID), "attempts": .integer(Int64(notice.attempts + 1)),
        ]
        if let status { details["status"] = .integer(Int64(status)) }
        return EntryDraft(kind: .signOut, instant: now, actor: nil, details: details)
    }

    private func commit(_ change: LogoutChange, entry: EntryDraft?) async -> Bool {
        guard case .committed = try? await lane.commit(Submission(changes: [change], entry: entry)) else {
            return false
        }
        return true
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// The accounts, read. Written by `SignInChange`.
package protocol AccountRecords: Sendable {
    /// - Parameter login: as `Login` normalises it.
    func account(login: Login) async throws(RecordsUnavailable) -> Account?
    func account(subject: String) async throws(RecordsUnavailable) -> Account?
    /// By login, at most `limit` after the one given.
    func accounts(after login: Login?, limit: Int) async throws(RecordsUnavailable) -> [Account]
}

/// The sessions, read with their account in one snapshot.
package protocol SessionRecords: Sendable {
    /// The session of a cookie, ended or not, and its account. Each carries its revision.
    func session(cookieDigest: String) async throws(RecordsUnavailable) -> (session: Session, account: Account)?
    /// The session named by a `sid`, ended or not.
    func session(id: String) async throws(RecordsUnavailable) -> Session?
}

/// Authorization requests under way.
package protocol InteractionRecords: Sendable {
    func interaction(id: String) async throws(RecordsUnavailable) -> Interaction?
}

/// In which situations a person exercises, at that instant: joined to the registry at start.
package protocol SituationSource: Sendable {
    /// In the order to offer them; empty for who has none (an administrator).
    func situations(of account: Account, at now: Instant) async throws(RecordsUnavailable) -> [ExerciseSituation]
}

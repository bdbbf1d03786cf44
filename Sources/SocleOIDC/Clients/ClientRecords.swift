// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The registered clients, read by the routes. Written by `OAuthChange`.
package protocol ClientRecords: Sendable {
    /// nil when there is none; a disabled client is returned as such.
    func client(_ id: String) async throws(RecordsUnavailable) -> Client?

    /// All clients by identifier, at most `limit` after the one given.
    func clients(after id: String?, limit: Int) async throws(RecordsUnavailable) -> [Client]

    /// Whether an enabled client has a redirect URI of that origin.
    func isRegistered(origin: String) async throws(RecordsUnavailable) -> Bool
}

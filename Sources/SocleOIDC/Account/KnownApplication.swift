// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity

/// An application that may know a person now: they are signed in to it, it keeps an access of theirs, or they agreed
/// that it may.
package struct KnownApplication: Hashable, Sendable {
    package var clientID: String
    /// nil when it was deleted.
    package var client: Client?
    package var consent: ApplicationConsent?
    /// Those that stand.
    package var grants: [Grant]

    /// The region's own applications need no agreement: Sesan answers for them.
    package var isThirdParty: Bool { client?.metadata.isThirdParty ?? true }
    /// It keeps its access when the person has signed out (OpenID Connect Core §11).
    package var isOffline: Bool { grants.contains(where: \.offline) }
    /// Whether the person is the one to end it: otherwise signing out does.
    package var canBeEnded: Bool { isThirdParty || isOffline }

    /// What it may know: agreed to, or granted.
    package var scopes: Set<String> { grants.reduce(into: consent?.scopes ?? []) { $0.formUnion($1.scopes) } }
    package var claims: Set<String> {
        grants.reduce(into: consent?.claims ?? []) { $0.formUnion($1.terms.claims.names) }
    }
    package var since: Instant? { (grants.map(\.createdAt) + (consent.map { [$0.givenAt] } ?? [])).min() }

    /// Every application of those consents and grants, by client identifier.
    /// - Parameters:
    ///   - openSessions: those not ended: a grant that is not offline stands with its session alone.
    package static func all(
        consents: [ApplicationConsent], grants: [Grant], openSessions: Set<String>
    ) -> [KnownApplication] {
        let standing = Dictionary(
            grouping: grants.filter { $0.offline || openSessions.contains($0.sessionID) }, by: \.clientID)
        let agreed = Dictionary(consents.map { ($0.clientID, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(standing.keys).union(agreed.keys).sorted().map { id in
            KnownApplication(clientID: id, client: nil, consent: agreed[id], grants: standing[id] ?? [])
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleOIDC
import SocleServer

/// What the launcher lists: the applications people sign in to, by name.
///
/// Every one of them, whoever asks: which services a person holds rights in is not recorded yet, and each service
/// decides for itself who may enter.
struct Launcher: Sendable {
    /// A region has about fifteen services; beyond this many the page is no launcher any more.
    static let limit = 200

    let clients: any ClientRecords
    let issuer: String

    @Sendable func services(of account: Account) async throws(RecordsUnavailable) -> [ServiceLink] {
        let all = try await clients.clients(after: nil, limit: Self.limit)
        let links = all.compactMap { client in
            client.disabled ? nil : client.start(issuer: issuer).map { ServiceLink(name: client.name, url: $0) }
        }
        // As a dictionary has them: É among the E.
        func key(_ link: ServiceLink) -> String {
            link.name.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
        }
        return links.sorted { (key($0), $0.url) < (key($1), $1.url) }
    }
}

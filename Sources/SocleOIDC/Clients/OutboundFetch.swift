// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The one way out: fetches a document a client has registered the address of. Whoever provides it guards the egress
/// (DESIGN section 5): the name resolved once, private addresses refused, no redirect, bounded in size and time.
package struct OutboundFetch: Sendable {
    package struct Refused: Error, Hashable, Sendable {
        package var detail: String
        package init(detail: String) { self.detail = detail }
    }

    /// Whether anything is fetched at all: what would need it is not offered otherwise.
    package let isOffered: Bool
    private let body: @Sendable (_ uri: String) async throws(Refused) -> [UInt8]

    /// - Parameter document: the bytes at an `https` address.
    package init(document: @escaping @Sendable (_ uri: String) async throws(Refused) -> [UInt8]) {
        isOffered = true
        body = document
    }

    private init() {
        isOffered = false
        body = { _ throws(Refused) in throw Refused(detail: "nothing is fetched") }
    }

    /// For an installation that calls nobody.
    package static let none = OutboundFetch()

    /// Never more than this, whoever provides it: keys of a client, a request object, a list of redirect URIs.
    package static let limit = 64 * 1024

    package func document(_ uri: String) async throws(Refused) -> [UInt8] {
        if let fault = FetchedURI.fault(of: uri) { throw Refused(detail: "the address \(fault)") }
        let bytes = try await body(uri)
        guard bytes.count <= Self.limit else { throw Refused(detail: "the document is too long") }
        return bytes
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleJSON

/// Where a page of results begins, as a text the client hands back: sealed, so that it tells nothing and cannot be
/// made up, and bound to the client and to the question it was given for.
package struct PageTokens: Sendable {
    /// Bytes of a token.
    static let limit = 4096

    private let vault: Vault
    private let random: SecureRandom

    /// - Parameter vault: the same on every node, so that any of them gives the next page.
    package init(vault: Vault, random: SecureRandom) {
        self.vault = vault
        self.random = random
    }

    func seal(_ position: [String], client: String, question digest: String) -> String {
        let sealed = vault.seal(
            JSONValue(position).bytes, context: PageTokens.context(client, digest), random: random)
        return Base64URL.encode(sealed)
    }

    /// - Throws: for any token that was not given to this client for this question.
    func open(_ token: String?, client: String, question digest: String) throws(MalformedQuestion) -> [String]? {
        guard let token else { return nil }
        guard let sealed = Base64URL.decode(token),
            let bytes = vault.open(sealed, context: PageTokens.context(client, digest)),
            let position = (try? JSONValue(parsing: bytes))?.strings
        else { throw MalformedQuestion("`page.token` is not one given for this question") }
        return position
    }

    private static func context(_ client: String, _ digest: String) -> String {
        "page of a search \(digest) \(client)"
    }
}

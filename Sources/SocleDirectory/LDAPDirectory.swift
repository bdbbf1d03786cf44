// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CLDAP
import SocleCrypto

/// What a directory says of a name and a password.
package enum DirectoryVerdict: Equatable, Sendable {
    case accepted
    /// A wrong password, an unknown name, a locked account: the directory does not say which, nor do we.
    case refused
}

/// Why a directory could not be asked: nothing is known of the password. Neither text holds a name or a password.
package enum DirectoryFault: Error, Equatable, Sendable {
    /// The address is not `ldaps://` or `ldapi://`, nor `ldap://` on this machine: passwords would travel in clear.
    case unacceptableAddress
    /// Too many sign-ins wait already.
    case busy
    case unreachable(code: Int32)
    /// It answered, with a result that says nothing of the password (RFC 4511 §4.1.9).
    case failed(code: Int32)
}

/// A directory reached by simple binds (RFC 4513 §5.1.3), one at a time on one connection of its own.
///
/// One thread owns the connection, since a handle shared by threads serves one and starves the others. A connection
/// that has gone is opened again, once, within the same question.
package final class LDAPDirectory: Sendable {
    private let thread = BlockingPool(threads: 1, capacity: 32)
    private let connection: LDAPConnection

    /// - Parameters:
    ///   - address: `ldaps://host`; `ldap://` only for this machine.
    ///   - timeout: for reaching the server and for its answer, in whole seconds.
    package init(address: String, timeout: Int = 5) throws(DirectoryFault) {
        guard LDAPDirectory.isAcceptable(address) else { throw .unacceptableAddress }
        connection = LDAPConnection(address: address, timeout: timeout)
    }

    /// Whether the password is that of the entry of this distinguished name.
    ///
    /// An empty password is refused here: to a directory it means "nobody in particular", and many answer success
    /// (RFC 4513 §5.1.2). So is an empty name.
    package func bind(_ name: String, password: String) async throws(DirectoryFault) -> DirectoryVerdict {
        guard !name.isEmpty, !password.isEmpty, !name.utf8.contains(0), name.utf8.count <= 1024,
            password.utf8.count <= 1024
        else { return .refused }
        let outcome = await thread.run { [connection] () -> Result<DirectoryVerdict, DirectoryFault> in
            connection.bind(name, password: password)
        }
        guard let outcome else { throw .busy }
        return try outcome.get()
    }

    private static func isAcceptable(_ address: String) -> Bool {
        if address.hasPrefix("ldaps://") || address.hasPrefix("ldapi://") { return true }
        guard address.hasPrefix("ldap://") else { return false }
        let host = address.dropFirst("ldap://".count).prefix { $0 != "/" }
        return ["127.0.0.1", "localhost", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
            && !host.contains(" ") && !host.contains("@")
    }
}

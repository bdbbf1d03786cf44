// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CLDAP
import Glibc

/// A connection to a directory, opened at first use and again after it was lost.
///
/// INVARIANT: every method is called from the one thread of its `LDAPDirectory`, whose closures are the only holders of
/// the connection while it runs; the handle never leaves this class.
final class LDAPConnection: @unchecked Sendable {
    private let address: String
    private let timeout: Int
    private var handle: OpaquePointer?

    init(address: String, timeout: Int) {
        self.address = address
        self.timeout = timeout
    }

    deinit { close() }

    func bind(_ name: String, password: String) -> Result<DirectoryVerdict, DirectoryFault> {
        let isReused = handle != nil
        var code = attempt(name, password)
        if isReused, LDAPConnection.lost.contains(code) {
            // The server, or something on the way, closes idle connections: that is no reason to refuse anyone.
            close()
            code = attempt(name, password)
        }
        switch code {
        case LDAP_SUCCESS: return .success(.accepted)
        case LDAP_INVALID_CREDENTIALS, LDAP_INAPPROPRIATE_AUTH, LDAP_NO_SUCH_OBJECT, LDAP_INVALID_DN_SYNTAX:
            return .success(.refused)
        case let code where code < 0:
            close()
            return .failure(.unreachable(code: code))
        default: return .failure(.failed(code: code))
        }
    }

    /// libldap's own codes, all negative, for a connection that is no more.
    private static let lost: [Int32] = [LDAP_SERVER_DOWN, LDAP_CONNECT_ERROR]

    private func attempt(_ name: String, _ password: String) -> Int32 {
        guard let handle = open() else { return LDAP_CONNECT_ERROR }
        var secret = Array(password.utf8CString)
        defer { secret.withUnsafeMutableBytes { if let start = $0.baseAddress { explicit_bzero(start, $0.count) } } }
        return secret.withUnsafeMutableBufferPointer { secret in
            // Its length is given, so that a zero byte within a password does not cut it.
            var credential = berval(bv_len: ber_len_t(secret.count - 1), bv_val: secret.baseAddress)
            // No mechanism is the simple one.
            return ldap_sasl_bind_s(handle, name, nil, &credential, nil, nil, nil)
        }
    }

    private func open() -> OpaquePointer? {
        if let handle { return handle }
        guard ldap_initialize(&handle, address) == LDAP_SUCCESS, let handle else { return nil }
        var version = LDAP_VERSION3
        var wait = timeval(tv_sec: timeout, tv_usec: 0)
        var certificate = LDAP_OPT_X_TLS_DEMAND
        var newContext: Int32 = 0
        guard ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS,
            ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &wait) == LDAP_OPT_SUCCESS,
            ldap_set_option(handle, LDAP_OPT_TIMEOUT, &wait) == LDAP_OPT_SUCCESS,
            ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &certificate) == LDAP_OPT_SUCCESS,
            ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &newContext) == LDAP_OPT_SUCCESS,
            // A referral would take the password to another server.
            ldap_set_option(handle, LDAP_OPT_REFERRALS, nil) == LDAP_OPT_SUCCESS
        else {
            close()
            return nil
        }
        return handle
    }

    private func close() {
        if let handle { ldap_unbind_ext_s(handle, nil, nil) }
        handle = nil
    }
}

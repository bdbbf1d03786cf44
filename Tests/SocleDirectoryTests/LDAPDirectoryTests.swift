// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleDirectory
import Testing

@Suite(
    "LDAP directory · simple bind, RFC 4513 §5.1",
    .enabled(if: PrivateSlapd.isExpected, "needs the Debian package `slapd`"), .timeLimit(.minutes(1)))
struct LDAPDirectoryTests {
    let server: PrivateSlapd

    init() throws { server = try PrivateSlapd() }

    @Test("the right password is accepted; a wrong one, an unknown name and a malformed one are refused")
    func verdicts() async throws {
        let directory = try LDAPDirectory(address: server.address)
        #expect(try await directory.bind(PrivateSlapd.name, password: PrivateSlapd.password) == .accepted)
        for wrong in ["wrong", PrivateSlapd.password + " ", PrivateSlapd.password + "\0", "é"] {
            #expect(try await directory.bind(PrivateSlapd.name, password: wrong) == .refused)
        }
        #expect(try await directory.bind("uid=nobody,dc=test", password: PrivateSlapd.password) == .refused)
        #expect(try await directory.bind("not a name", password: PrivateSlapd.password) == .refused)
        #expect(try await directory.bind(PrivateSlapd.name, password: PrivateSlapd.password) == .accepted)
    }

    @Test("an empty password or name is refused, though this server would answer success") func unauthenticated()
        async throws
    {
        #expect(try server.acceptsUnauthenticatedBinds())
        let directory = try LDAPDirectory(address: server.address)
        #expect(try await directory.bind(PrivateSlapd.name, password: "") == .refused)
        #expect(try await directory.bind("", password: "") == .refused)
        #expect(try await directory.bind("", password: PrivateSlapd.password) == .refused)
        #expect(try await directory.bind(PrivateSlapd.name + "\0", password: PrivateSlapd.password) == .refused)
    }

    @Test(
        "CVE-2021-29156, GHSA-98q5-5qh2-7w75: a name is bound as it stands: no filter is made of it, no wildcard widens it",
        arguments: [
            "*", "*,dc=test", "uid=*,dc=test", "*)(uid=*))(|(uid=*", "(objectClass=*)", "uid=*", "dc=test)(&(uid=*",
            "uid=\\2a,dc=test",
        ])
    func filters(_ name: String) async throws {
        let directory = try LDAPDirectory(address: server.address)
        #expect(try await directory.bind(name, password: PrivateSlapd.password) == .refused)
    }

    @Test("many at once are each told their own verdict") func many() async throws {
        let directory = try LDAPDirectory(address: server.address)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<24 {
                group.addTask {
                    let isRight = index % 3 == 0
                    let password = isRight ? PrivateSlapd.password : "wrong \(index)"
                    let verdict = try await directory.bind(PrivateSlapd.name, password: password)
                    return verdict == (isRight ? .accepted : .refused)
                }
            }
            for try await isOwn in group { #expect(isOwn) }
        }
    }

    @Test("a server that went away is unreachable, and no verdict on the password") func gone() async throws {
        let directory = try LDAPDirectory(address: server.address, timeout: 1)
        #expect(try await directory.bind(PrivateSlapd.name, password: PrivateSlapd.password) == .accepted)
        server.stop()
        await #expect(throws: DirectoryFault.unreachable(code: -1)) {
            try await directory.bind(PrivateSlapd.name, password: PrivateSlapd.password)
        }
    }
}

@Suite("LDAP addresses · no password in clear on a network")
struct LDAPAddressTests {
    @Test(
        "TLS, a local socket and this machine are accepted",
        arguments: [
            "ldaps://ldap.example.fr", "ldapi://%2Frun%2Fldapi", "ldap://127.0.0.1:3890", "ldap://localhost",
            "ldap://[::1]:389",
        ]) func accepted(address: String) throws
    { _ = try LDAPDirectory(address: address) }

    @Test(
        "anything else is refused",
        arguments: [
            "", "ldap://ldap.example.fr", "ldap://127.0.0.1.example.fr", "ldap://localhost.example.fr",
            "ldap://127.0.0.1 ldap://example.fr", "LDAP://127.0.0.1", "http://127.0.0.1", "ldap://localhost@example.fr",
            "ldap://localhost:1@example.fr", "127.0.0.1",
        ]) func refused(address: String)
    {
        #expect(throws: DirectoryFault.unacceptableAddress) { try LDAPDirectory(address: address) }
    }
}

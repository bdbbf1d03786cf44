// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import TestSupport

/// Debian's slapd on a loopback port of its own and a temporary folder. It ends with the test process at the latest:
/// its shell waits on a pipe that this process holds.
final class PrivateSlapd: Sendable {
    static let name = "uid=anne,dc=test"
    static let password = "un mot de passe d'essai"

    private static let program = "/usr/sbin/slapd"

    /// Absent, it is a skip on a developer's machine and a failure in continuous integration.
    static let isExpected =
        FileManager.default.isExecutableFile(atPath: program)
        || ProcessInfo.processInfo.environment["CI"] == "true"

    let address: String
    private let folder: URL
    private let server: Program

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("socle-slapd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        address = "ldap://127.0.0.1:\(try PrivateSlapd.freePort())"
        // `bind_anon_dn`: as many servers are set up, a bind without a password succeeds as nobody.
        try """
        include /etc/ldap/schema/core.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        pidfile \(folder.path)/slapd.pid
        allow bind_anon_dn
        database mdb
        suffix "dc=test"
        directory \(folder.path)/data
        access to attrs=userPassword by anonymous auth by * none
        access to * by * none

        """.write(to: folder.appendingPathComponent("slapd.conf"), atomically: true, encoding: .utf8)
        try """
        dn: dc=test
        objectClass: dcObject
        objectClass: organization
        dc: test
        o: test

        dn: \(PrivateSlapd.name)
        objectClass: person
        objectClass: uidObject
        uid: anne
        cn: Anne
        sn: Essai
        userPassword: \(PrivateSlapd.password)

        """.write(to: folder.appendingPathComponent("people.ldif"), atomically: true, encoding: .utf8)
        server = try Self.start(in: folder, at: address)
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func stop() {
        server.release()
        server.wait()
    }

    /// What the server itself answers to a name without a password, asked with OpenLDAP's own client where present.
    func acceptsUnauthenticatedBinds() throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ldapwhoami") else { return true }
        let client = try Program.run("ldapwhoami", ["-x", "-H", address, "-D", PrivateSlapd.name, "-w", ""])
        return client.status == 0
    }

    private static func start(in folder: URL, at address: String) throws -> Program {
        let conf = folder.appendingPathComponent("slapd.conf").path
        let script = """
            \(PrivateSlapd.program) -T add -f '\(conf)' -l '\(folder.path)/people.ldif' || exit 1
            \(PrivateSlapd.program) -f '\(conf)' -h '\(address)' -d 0 & P=$!
            cat > /dev/null
            kill -INT $P
            wait $P
            """
        let server = try Program("/bin/sh", ["-c", script])
        let port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        for _ in 0..<200 {
            if PrivateSlapd.answers(port) { return server }
            guard server.isRunning else { break }
            usleep(25_000)
        }
        server.release()
        server.wait()
        throw Program.Failure(detail: "slapd did not start")
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func answers(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard status else { throw Program.Failure(detail: "no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation

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

    struct Failure: Error { var detail: String }

    let address: String
    private let folder: URL
    private let process = Process()
    private let leash = Pipe()

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
        try start()
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func stop() {
        try? leash.fileHandleForWriting.close()
        if process.isRunning { process.waitUntilExit() }
    }

    /// What the server itself answers to a name without a password, asked with OpenLDAP's own client where present.
    func acceptsUnauthenticatedBinds() throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/ldapwhoami") else { return true }
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/ldapwhoami")
        client.arguments = ["-x", "-H", address, "-D", PrivateSlapd.name, "-w", ""]
        client.standardOutput = FileHandle.nullDevice
        client.standardError = FileHandle.nullDevice
        try client.run()
        client.waitUntilExit()
        return client.terminationStatus == 0
    }

    private func start() throws {
        let conf = folder.appendingPathComponent("slapd.conf").path
        let script = """
            \(PrivateSlapd.program) -T add -f '\(conf)' -l '\(folder.path)/people.ldif' || exit 1
            \(PrivateSlapd.program) -f '\(conf)' -h '\(address)' -d 0 & P=$!
            cat > /dev/null
            kill -INT $P
            wait $P
            """
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        process.standardInput = leash
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let port = UInt16(address.split(separator: ":").last ?? "") ?? 0
        for _ in 0..<200 {
            if PrivateSlapd.answers(port) { return }
            guard process.isRunning else { break }
            usleep(25_000)
        }
        stop()
        throw Failure(detail: "slapd did not start")
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
        guard status else { throw Failure(detail: "no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Logging
import SocleIdentity
import Testing

@testable import socle

private let smallest = """
    issuer: https://socle.example.fr
    database:
      sqlite: socle.db
    keys:
      directory: keys
      master_key_file: /etc/socle/master.key
    """

private func read(_ yaml: String, _ environment: [String: String] = [:]) throws(ConfigurationFaults) -> Configuration {
    try Configuration(yaml: yaml, file: "socle.yaml", folder: "/srv", environment: environment)
}

/// The faults' lines, as an operator reads them, without the heading.
private func faults(_ yaml: String, _ environment: [String: String] = [:]) -> [String] {
    do {
        _ = try read(yaml, environment)
        return []
    } catch {
        return error.description.split(separator: "\n").dropFirst().map(String.init)
    }
}

@Suite("Configuration · DESIGN section 3, Files")
struct ConfigurationTests {
    @Test("the smallest file gives the documented defaults, paths relative to the file") func defaults() throws {
        let configuration = try read(smallest)
        #expect(configuration.issuer.description == "https://socle.example.fr")
        #expect(configuration.listen == .init(address: "127.0.0.1", port: 8080))
        #expect(configuration.database == .sqlite("/srv/socle.db"))
        #expect(configuration.keys == .init(directory: "/srv/keys", master: .file("/etc/socle/master.key")))
        #expect(configuration.sessions == .init(idle: .minutes(30), absolute: .hours(10)))
        #expect(configuration.tokens.access == .minutes(5))
        #expect(configuration.decisions == .init(factsMemory: 64 << 20, rate: 50_000))
        #expect(configuration.access == nil)
        #expect(configuration.log.level == .info)
        #expect(configuration.trustedProxies.isEmpty)
    }

    @Test("every setting is read") func everything() throws {
        let configuration = try read(
            """
            issuer: https://socle.example.fr:8443
            listen: { address: 0.0.0.0, port: 8443 }
            trusted_proxies: [10.0.0.0/8, "::1"]
            database: { postgresql: "postgresql://socle@db/socle" }
            keys:
              directory: /keys
              master_key_file: master
              rotation: 30d
              pkcs11:
                module: /usr/lib/softhsm/libsofthsm2.so
                pin_file: pin
                current: ["pkcs11:token=socle;object=es256"]
                next: ["pkcs11:token=socle;object=es256-b"]
                previous: []
            policies: policies
            sessions: { idle: 15m, absolute: 8h }
            tokens: { access: 120s, refresh_idle: 1d }
            decisions: { facts_memory: 512, rate: 200 }
            outbound: { allow: [10.9.0.0/16], authorities: region.pem }
            log: { level: debug }
            """)
        #expect(configuration.listen == .init(address: "0.0.0.0", port: 8443))
        #expect(configuration.trustedProxies == ["10.0.0.0/8", "::1"])
        #expect(configuration.database == .postgresql("postgresql://socle@db/socle"))
        #expect(configuration.keys.rotation == .days(30))
        #expect(
            configuration.keys.hardware
                == .init(
                    module: "/usr/lib/softhsm/libsofthsm2.so", pinFile: "/srv/pin",
                    current: ["pkcs11:token=socle;object=es256"], next: ["pkcs11:token=socle;object=es256-b"]))
        #expect(configuration.policies == "/srv/policies")
        #expect(configuration.sessions == .init(idle: .minutes(15), absolute: .hours(8)))
        #expect(configuration.tokens == .init(access: .seconds(120), refreshIdle: .days(1)))
        #expect(configuration.decisions == .init(factsMemory: 512 << 20, rate: 200))
        #expect(configuration.outbound == .init(allow: ["10.9.0.0/16"], authorities: "/srv/region.pem"))
        #expect(configuration.log.level == .debug)
    }

    @Test("another policy directory needs its entities, and the other way round") func genericDecisions() throws {
        let missing = { (name: String) in "socle.yaml: `\(name)` is missing: another policy directory needs both" }
        #expect(faults(smallest + "\naccess: { policies: p }") == [missing("access.entities")])
        #expect(faults(smallest + "\naccess: { entities: e }") == [missing("access.policies")])
        let configuration = try read(smallest + "\naccess: { policies: p, entities: /e.json }")
        #expect(configuration.access == .init(policies: "/srv/p", entities: "/e.json"))
    }

    @Test("operations.md explains every setting that is read") func documented() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let source = try String(
            contentsOf: root.appending(path: "Sources/socle/Configuration/Configuration+Reading.swift"),
            encoding: .utf8)
        let page = try String(contentsOf: root.appending(path: "docs/operations.md"), encoding: .utf8)
        let read = Set(
            source.matches(of: /reader\.(?:text|requiredText|integer|duration|list|choice)\(\s*"([a-z_.0-9]+)"/).map {
                String($0.1)
            })
        #expect(read.count > 15 && read.contains("access.entities"))
        for setting in read { #expect(page.contains("`\(setting)`"), "\(setting)") }
    }

    @Test("a variable goes over the file, and a list is separated by commas") func environment() throws {
        let configuration = try read(
            smallest,
            [
                "SOCLE_ISSUER": "http://localhost:9000", "SOCLE_LISTEN_PORT": "9000",
                "SOCLE_TRUSTED_PROXIES": "10.1.2.3, 10.2.0.0/16",
            ])
        #expect(configuration.issuer.description == "http://localhost:9000")
        #expect(configuration.listen.port == 9000)
        #expect(configuration.trustedProxies == ["10.1.2.3", "10.2.0.0/16"])
    }

    @Test("the master key in the environment makes its file unnecessary") func masterKeyVariable() throws {
        let yaml = smallest.replacingOccurrences(of: "  master_key_file: /etc/socle/master.key", with: "")
        #expect(try read(yaml, ["SOCLE_MASTER_KEY": "x"]).keys.master == .environment)
        #expect(faults(yaml) == ["socle.yaml: `keys.master_key_file` is missing: name a file, or set SOCLE_MASTER_KEY"])
    }

    @Test("keys of a hardware module are named whole, by URIs that hold no PIN") func hardware() {
        func told(_ lines: String...) -> [String] {
            faults(smallest + "\n  pkcs11:\n" + lines.map { "    \($0)\n" }.joined())
        }
        #expect(
            told("module: /m.so") == [
                "socle.yaml: `keys.pkcs11.current` must name the key that signs",
                "socle.yaml: `keys.pkcs11.pin_file` is missing",
            ])
        let rest = ["module: /m.so", "pin_file: pin"]
        #expect(
            told(rest[0], rest[1], "current: [\"es256\"]") == [
                "socle.yaml:10: `keys.pkcs11.current` must hold URIs such as `pkcs11:token=socle;object=es256` (RFC 7512)"
            ])
        #expect(
            told(rest[0], rest[1], "current: [\"pkcs11:object=a?pin-value=1234\"]") == [
                "socle.yaml:10: `keys.pkcs11.current` must not hold the PIN: `keys.pkcs11.pin_file` names its file"
            ])
        #expect(told(rest[0], rest[1], "current: [\"pkcs11:object=a\"]").isEmpty)
        #expect(faults(smallest + "\n  rotation: 30m").count == 1)
    }

    @Test("all faults are reported together, in the order of their lines") func together() {
        let found = faults(
            """
            issuer: http://socle.example.fr
            listen:
              port: eighty
              adress: 127.0.0.1
            database: { sqlite: a, postgresql: b }
            sessions:
              idle: 30
            color: blue
            """)
        #expect(
            found == [
                "socle.yaml:1: `issuer` must be `https`: only a loopback host may use `http`",
                "socle.yaml:3: `listen.port` must be a whole number from 0 to 65535",
                "socle.yaml:4: `listen.adress` is not a known setting (did you mean `listen.address`?)",
                "socle.yaml:5: `database` must name one of `database.sqlite` and `database.postgresql`, not both",
                "socle.yaml:7: `sessions.idle` must be a whole number and a unit (`90s`, `30m`, `12h`, `30d`) from 1m to 1d",
                "socle.yaml:8: `color` is not a known setting",
                "socle.yaml: `keys.directory` is missing",
                "socle.yaml: `keys.master_key_file` is missing: name a file, or set SOCLE_MASTER_KEY",
            ])
    }

    @Test("a fault in a variable names the variable, and never its value") func faultyVariable() {
        let found = faults(smallest, ["SOCLE_LISTEN_PORT": "secret-looking"])
        #expect(found == ["environment SOCLE_LISTEN_PORT: `listen.port` must be a whole number from 0 to 65535"])
    }

    @Test("a variable that names no setting is reported, not refused") func unknownVariable() throws {
        let environment = ["SOCLE_LISTEN_PROT": "1", "SOCLE_VECTORS": "/x", "SOCLE_MASTER_KEY": "x", "HOME": "/"]
        #expect(try read(smallest, environment).unknownVariables == ["SOCLE_LISTEN_PROT"])
    }

    @Test(
        "what is wrong with one setting is told on its line",
        arguments: [
            ("listen: { port: 70000 }", "`listen.port` must be a whole number from 0 to 65535"),
            ("listen: { port: 08 }", "`listen.port` must be a whole number from 0 to 65535"),
            ("listen: { port: [80] }", "`listen.port` must be one value, not a list"),
            ("listen: { address: '' }", "`listen.address` has no value"),
            ("listen: { certificate: c.pem }", "`listen.certificate` is not a known setting"),
            ("trusted_proxies: 10.0.0.1", "`trusted_proxies` must be a list"),
            ("trusted_proxies: [[a]]", "`trusted_proxies` must be a list of single values"),
            (
                "trusted_proxies: [10.0.0.0/33]",
                "`trusted_proxies` must hold addresses or networks such as `10.0.0.0/8` or `::1`"
            ),
            (
                "outbound: { allow: [intranet] }",
                "`outbound.allow` must hold addresses or networks such as `10.0.0.0/8` or `::1`"
            ),
            (
                "trusted_proxies: [proxy.local]",
                "`trusted_proxies` must hold addresses or networks such as `10.0.0.0/8` or `::1`"
            ),
            ("sessions: { idle: 2h, absolute: 1h }", "`sessions.idle` must not be longer than `sessions.absolute`"),
            (
                "tokens: { access: 2d }",
                "`tokens.access` must be a whole number and a unit (`90s`, `30m`, `12h`, `30d`) from 1m to 1h"
            ),
            (
                "tokens: { access: -5m }",
                "`tokens.access` must be a whole number and a unit (`90s`, `30m`, `12h`, `30d`) from 1m to 1h"
            ),
            (
                "log: { level: loud }",
                "`log.level` must be one of `trace`, `debug`, `info`, `notice`, `warning`, `error`, `critical`"
            ),
            ("decisions: { rate: 0 }", "`decisions.rate` must be a whole number from 1 to 1000000"),
            ("sessions: 3", "`sessions` is not a known setting"),
            ("cors: {}", "`cors` is not a known setting"),
            ("policies: ~", "`policies` has no value"),
        ])
    func refusals(line: String, message: String) {
        #expect(faults(smallest + "\n" + line) == ["socle.yaml:7: " + message])
    }

    @Test(
        "a text that is no YAML mapping is refused with its line",
        arguments: [
            ("- issuer", "socle.yaml:1: must hold `name: value` lines"),
            ("issuer: a\nissuer: b", "socle.yaml:1: names given twice: issuer"),
        ])
    func notAMapping(yaml: String, message: String) {
        #expect(faults(yaml).contains(message))
    }

    @Test("a syntax error gives its line and none of the text") func syntax() {
        let found = faults("issuer: \"https://x\nkeys: [")
        #expect(found.contains { $0.contains("is not YAML") })
        #expect(!found.contains { $0.contains("https://x") })
    }

    @Test("an empty file lacks each required setting") func empty() {
        #expect(
            faults("") == [
                "socle.yaml: `database` is missing: give `database.sqlite` or `database.postgresql`",
                "socle.yaml: `issuer` is missing", "socle.yaml: `keys.directory` is missing",
                "socle.yaml: `keys.master_key_file` is missing: name a file, or set SOCLE_MASTER_KEY",
            ])
    }
}

@Suite("Issuer · OpenID Connect Discovery 1.0 §3, RFC 8414 §2")
struct IssuerTests {
    @Test(
        "an https origin, or an http one on loopback, is an issuer",
        arguments: [
            "https://socle.example.fr", "https://socle.example.fr:8443", "http://localhost:8080", "http://127.0.0.1",
            "http://[::1]:8080",
        ])
    func accepted(text: String) throws {
        #expect(try Issuer(text).description == text)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "socle.example.fr", "ftp://x", "http://socle.example.fr", "http://localhost.example.fr",
            "https://", "https://a/", "https://a/path", "https://a?b", "https://a#b", "https://u@a", "https://A",
            "https://a:0", "https://a:65536", "https://a:080", "https://a:", "https://a..b", "https://é", "https://a b",
            "http://[::1", "https://a\n",
        ])
    func refused(text: String) {
        #expect(throws: CommandFailure.self) { try Issuer(text) }
    }
}

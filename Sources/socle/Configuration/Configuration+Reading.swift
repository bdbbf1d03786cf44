// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import Logging
import SocleIdentity
import SocleOutbound

extension Configuration {
    /// The variable that may hold the master key itself.
    static let masterKeyVariable = "SOCLE_MASTER_KEY"

    /// Reads and validates a file.
    /// - Throws: `ConfigurationFaults` with every fault, or `CommandFailure` when the file cannot be read.
    init(file: String, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("\(file): cannot be read: give the path of a YAML file this user may read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure("\(file): is not UTF-8 text")
        }
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        try self.init(yaml: text, file: file, folder: folder, environment: environment)
    }

    /// - Parameters:
    ///   - file: as named in faults.
    ///   - folder: what relative paths are relative to.
    init(yaml: String, file: String, folder: String, environment: [String: String]) throws(ConfigurationFaults) {
        var reader = ConfigurationReader(yaml: yaml, environment: environment)
        func path(_ text: String?) -> String? {
            text.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
        }

        var issuer: Issuer?
        if let text = reader.requiredText("issuer") {
            do throws(CommandFailure) {
                issuer = try Issuer(text)
            } catch { reader.refuse("issuer", error.description) }
        }

        let address = reader.text("listen.address") ?? "127.0.0.1"
        let port = reader.integer("listen.port", in: 0...65535) ?? 8080

        let proxies = reader.list("trusted_proxies") ?? []
        for proxy in proxies where AddressBlock(proxy) == nil {
            reader.refuse("trusted_proxies", "must hold addresses or networks such as `10.0.0.0/8` or `::1`")
        }

        let sqlite = path(reader.text("database.sqlite"))
        let postgresql = reader.text("database.postgresql")
        if sqlite != nil, postgresql != nil {
            reader.refuse("database", "must name one of `database.sqlite` and `database.postgresql`, not both")
        } else if !reader.has("database.sqlite"), !reader.has("database.postgresql") {
            reader.refuse("database", "is missing: give `database.sqlite` or `database.postgresql`")
        }
        let storage = sqlite.map(Storage.sqlite) ?? postgresql.map(Storage.postgresql)

        let directory = path(reader.requiredText("keys.directory"))
        let masterFile = path(reader.text("keys.master_key_file"))
        var master: MasterKeySource?
        if environment[Self.masterKeyVariable] != nil {
            master = .environment
        } else if let masterFile {
            master = .file(masterFile)
        } else if !reader.has("keys.master_key_file") {
            reader.refuse("keys.master_key_file", "is missing: name a file, or set \(Self.masterKeyVariable)")
        }

        let rotation = reader.duration("keys.rotation", in: .hours(1)...(.days(400)))
        let hardware = Self.hardware(&reader, path: path)

        let policies = path(reader.text("policies"))
        let (accessPolicies, entities) = (path(reader.text("access.policies")), path(reader.text("access.entities")))
        var access: Access?
        if let accessPolicies, let entities {
            access = Access(policies: accessPolicies, entities: entities)
        } else if let one = [accessPolicies, entities].firstIndex(where: { $0 != nil }) {
            let missing = one == 0 ? "access.entities" : "access.policies"
            if !reader.has(missing) { reader.refuse(missing, "is missing: another policy directory needs both") }
        }
        var sessions = Sessions()
        if let idle = reader.duration("sessions.idle", in: .minutes(1)...(.hours(24))) { sessions.idle = idle }
        if let absolute = reader.duration("sessions.absolute", in: .minutes(5)...(.days(7))) {
            sessions.absolute = absolute
        }
        if sessions.idle > sessions.absolute {
            reader.refuse("sessions.idle", "must not be longer than `sessions.absolute`")
        }
        var tokens = Tokens()
        if let access = reader.duration("tokens.access", in: .minutes(1)...(.hours(1))) { tokens.access = access }
        if let idle = reader.duration("tokens.refresh_idle", in: .minutes(10)...(.days(90))) {
            tokens.refreshIdle = idle
        }
        var decisions = Decisions()
        if let megabytes = reader.integer("decisions.facts_memory", in: 0...65_536) {
            decisions.factsMemory = megabytes << 20
        }
        if let rate = reader.integer("decisions.rate", in: 1...1_000_000) { decisions.rate = rate }
        let outbound = Outbound(
            allow: reader.list("outbound.allow") ?? [], authorities: path(reader.text("outbound.authorities")))
        for network in outbound.allow where AddressBlock(network) == nil {
            reader.refuse("outbound.allow", "must hold addresses or networks such as `10.0.0.0/8` or `::1`")
        }
        let level = reader.choice("log.level", Logger.Level.self) ?? .info

        let faults = reader.finish()
        guard faults.isEmpty, let issuer, let storage, let directory, let master else {
            throw ConfigurationFaults(file: file, faults: faults)
        }
        var keys = Keys(directory: directory, master: master, hardware: hardware)
        if let rotation { keys.rotation = rotation }
        self.init(
            issuer: issuer,
            listen: Listen(address: address, port: port),
            trustedProxies: proxies, database: storage, keys: keys, policies: policies, access: access,
            sessions: sessions, tokens: tokens, decisions: decisions, outbound: outbound, log: Log(level: level),
            unknownVariables: reader.unknownVariables(besides: [Self.masterKeyVariable, "SOCLE_VECTORS"]))
    }

    /// All of `keys.pkcs11`, or none of it.
    private static func hardware(
        _ reader: inout ConfigurationReader, path: (String?) -> String?
    ) -> Keys.Hardware? {
        let section = "keys.pkcs11"
        let states = ["current", "next", "previous"].map { "\(section).\($0)" }
        let isGiven = (states + ["\(section).module", "\(section).pin_file"]).contains { reader.has($0) }
        let module = path(isGiven ? reader.requiredText("\(section).module") : reader.text("\(section).module"))
        let pin = path(isGiven ? reader.requiredText("\(section).pin_file") : reader.text("\(section).pin_file"))
        let uris = states.map { name in
            let list = reader.list(name) ?? []
            if !list.allSatisfy({ $0.hasPrefix("pkcs11:") }) {
                reader.refuse(name, "must hold URIs such as `pkcs11:token=socle;object=es256` (RFC 7512)")
            } else if list.contains(where: { $0.contains("pin-value") || $0.contains("pin-source") }) {
                reader.refuse(name, "must not hold the PIN: `\(section).pin_file` names its file")
            }
            return list
        }
        guard isGiven else { return nil }
        if uris[0].isEmpty { reader.refuse(states[0], "must name the key that signs") }
        guard let module, let pin else { return nil }
        return Keys.Hardware(module: module, pinFile: pin, current: uris[0], next: uris[1], previous: uris[2])
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE

/// A register with its keys in memory.
struct LoadedKeys: Sendable {
    var mark: KeyFolder.Mark?
    var register = KeyRegister()
    var keys: [String: SigningKey] = [:]

    func current(_ use: KeyRecord.Use, _ algorithm: SignatureAlgorithm) -> (id: String, key: SigningKey)? {
        guard let record = register.record(use, algorithm, .current), let key = keys[record.id] else { return nil }
        return (record.id, key)
    }

    func key(_ use: KeyRecord.Use, _ id: String) -> SigningKey? {
        register.records.contains { $0.id == id && $0.use == use } ? keys[id] : nil
    }

    /// Current keys first: a client that names no `kid` tries them in order.
    var published: [JWK] {
        let order: [KeyRecord.State] = [.current, .next, .previous]
        let records = order.flatMap { state in
            register.records.filter { $0.state == state && $0.use == .tokens }
        }
        return records.compactMap { record in
            keys[record.id].map { JWK(key: $0.publicKey, keyID: record.id, algorithm: record.algorithm) }
        }
    }
}

extension KeyFolder {
    /// The register and its keys; those already in memory are not read again, since a key never changes.
    func load(besides known: LoadedKeys) throws(CommandFailure) -> LoadedKeys {
        // Marked before it is read: a register written in between is read again.
        var loaded = LoadedKeys(mark: mark(), register: try readRegister())
        for record in loaded.register.records {
            loaded.keys[record.id] = if let key = known.keys[record.id] { key } else { try readKey(record) }
        }
        return loaded
    }

    /// Makes a key and enters it in the register, which the caller writes.
    func add(
        _ algorithm: SignatureAlgorithm, _ use: KeyRecord.Use, _ state: KeyRecord.State, to loaded: inout LoadedKeys,
        at instant: Instant
    ) throws(CommandFailure) {
        guard let key = try? SigningKey.generate(algorithm) else {
            throw CommandFailure("\(path): no key could be made")
        }
        let thumbprint = Base64URL.decode(JWK.thumbprint(of: key.publicKey.numbers)) ?? []
        let id = Base64URL.encode(thumbprint.prefix(16))
        try writeKey(key, id: id)
        loaded.keys[id] = key
        loaded.register.records.append(
            KeyRecord(id: id, algorithm: algorithm, use: use, state: state, since: instant))
    }
}

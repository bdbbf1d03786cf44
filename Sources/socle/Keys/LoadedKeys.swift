// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE

/// A register with its keys in memory.
struct LoadedKeys: Sendable {
    enum Key: Sendable {
        case signing(SigningKey)
        case decryption(DecryptionKey)
    }

    var mark: KeyFolder.Mark?
    var register = KeyRegister()
    var keys: [String: Key] = [:]

    func current(_ use: KeyRecord.Use, _ algorithm: SignatureAlgorithm) -> (id: String, key: SigningKey)? {
        guard let record = register.record(use, .signature(algorithm), .current),
            case .signing(let key) = keys[record.id]
        else { return nil }
        return (record.id, key)
    }

    func key(_ use: KeyRecord.Use, _ id: String) -> SigningKey? {
        guard register.records.contains(where: { $0.id == id && $0.use == use }), case .signing(let key) = keys[id]
        else { return nil }
        return key
    }

    /// The key of that name, or the current one, when it is of the kind that algorithm needs.
    func decryptionKey(_ id: String?, for algorithm: KeyManagementAlgorithm) -> DecryptionKey? {
        for record in register.records where record.use == .encryption {
            guard id.map({ $0 == record.id }) ?? (record.state == .current),
                case .decryption(let key) = keys[record.id], algorithm.suits(key.publicKey.numbers)
            else { continue }
            return key
        }
        return nil
    }

    /// The token keys in that state, and the key to encrypt to where it is current.
    func published(_ state: KeyRecord.State) -> [JWK] {
        register.records.filter { $0.state == state && $0.use != .journal }.compactMap { record in
            switch keys[record.id] {
            case .signing(let key): JWK(key: key.publicKey, keyID: record.id, algorithm: key.algorithm)
            case .decryption(let key) where state == .current: JWK(key: key.publicKey, keyID: record.id)
            case .decryption, nil: nil
            }
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
        _ algorithm: KeyAlgorithm, _ use: KeyRecord.Use, _ state: KeyRecord.State, to loaded: inout LoadedKeys,
        at instant: Instant
    ) throws(CommandFailure) {
        let key: LoadedKeys.Key
        let numbers: PublicKeyNumbers
        if case .signature(let algorithm) = algorithm, let made = try? SigningKey.generate(algorithm) {
            (key, numbers) = (.signing(made), made.publicKey.numbers)
        } else if case .keyManagement = algorithm,
            let made = try? DecryptionKey.generate(algorithm.isRSA ? .rsa : .ec(.p256))
        {
            (key, numbers) = (.decryption(made), made.publicKey.numbers)
        } else {
            throw CommandFailure("\(path): no key could be made")
        }
        let id = Self.identifier(of: numbers)
        try writeKey(key, id: id)
        loaded.keys[id] = key
        loaded.register.records.append(
            KeyRecord(id: id, algorithm: algorithm, use: use, state: state, since: instant))
    }

    static func identifier(of numbers: PublicKeyNumbers) -> String {
        Base64URL.encode((Base64URL.decode(JWK.thumbprint(of: numbers)) ?? []).prefix(16))
    }
}

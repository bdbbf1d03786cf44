// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJOSE

/// The token keys an operator keeps in a hardware module (PKCS#11), each named by its RFC 7512 URI. They are made and
/// turned by the operator, with the module's own tools: Socle signs with them and publishes their public parts.
struct HardwareKeys: Sendable {
    struct Key: Sendable {
        var id: String
        var uri: String
        var state: KeyRecord.State
        var key: SigningKey
    }

    static let none = HardwareKeys(keys: [])

    let keys: [Key]

    /// Opens the module and every key named. Blocks.
    ///
    /// - Throws: what the operator has to see to: the PIN, the library, the object of a URI.
    static func open(_ settings: Configuration.Keys.Hardware?) throws(CommandFailure) -> HardwareKeys {
        guard let settings else { return .none }
        let pin = try PrivateFile.secretLine(settings.pinFile, what: "the PIN of the token")
        var keys: [Key] = []
        do throws(HardwareFault) {
            let module = try HardwareModule.open(library: settings.module, pin: pin)
            for (state, uris) in settings.uris {
                for uri in uris {
                    let key = try named(uri, in: module)
                    keys.append(
                        Key(id: KeyFolder.identifier(of: key.publicKey.numbers), uri: uri, state: state, key: key))
                }
            }
        } catch {
            throw CommandFailure("\(settings.module): \(error.reason)")
        }
        for key in keys {
            guard keys.filter({ $0.id == key.id }).count == 1 else {
                throw CommandFailure("\(key.uri): is the same key as another URI of `keys.pkcs11` names")
            }
            let rivals = keys.filter { $0.state == .current && $0.key.algorithm == key.key.algorithm }
            guard rivals.count <= 1 else {
                throw CommandFailure("`keys.pkcs11.current` names two \(key.key.algorithm.rawValue) keys: one signs")
            }
        }
        return HardwareKeys(keys: keys)
    }

    private static func named(_ uri: String, in module: HardwareModule) throws(HardwareFault) -> SigningKey {
        do throws(HardwareFault) { return try module.signingKey(uri) } catch {
            throw HardwareFault(reason: "`\(uri)`: \(error.reason)")
        }
    }

    func current(_ algorithm: SignatureAlgorithm) -> (id: String, key: SigningKey)? {
        keys.first { $0.state == .current && $0.key.algorithm == algorithm }.map { ($0.id, $0.key) }
    }

    func key(_ id: String) -> SigningKey? { keys.first { $0.id == id }?.key }

    func published(_ state: KeyRecord.State) -> [JWK] {
        keys.filter { $0.state == state }
            .map { JWK(key: $0.key.publicKey, keyID: $0.id, algorithm: $0.key.algorithm) }
    }
}

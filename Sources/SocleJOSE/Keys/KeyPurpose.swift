// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
import SocleJSON

/// The `use` of a key (RFC 7517 §4.2).
package enum KeyUse: String, Hashable, Sendable {
    case signature = "sig"
    case encryption = "enc"
}

/// The `alg` of a key (RFC 7517 §4.4): a key that names one is used with no other.
package enum KeyAlgorithm: Hashable, Sendable {
    case signature(SignatureAlgorithm)
    case mac(MACAlgorithm)
    case keyManagement(KeyManagementAlgorithm)
    /// Of a shared secret that is itself the content key (`dir`).
    case content(ContentEncryption)

    package init?(name: String) {
        if let algorithm = SignatureAlgorithm(rawValue: name) {
            self = .signature(algorithm)
        } else if let algorithm = MACAlgorithm(rawValue: name) {
            self = .mac(algorithm)
        } else if let algorithm = KeyManagementAlgorithm(rawValue: name) {
            self = .keyManagement(algorithm)
        } else if let encryption = ContentEncryption(rawValue: name) {
            self = .content(encryption)
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .signature(let algorithm): algorithm.rawValue
        case .mac(let algorithm): algorithm.rawValue
        case .keyManagement(let algorithm): algorithm.rawValue
        case .content(let encryption): encryption.rawValue
        }
    }

    /// Whether it works with a public key of that kind.
    func suits(_ numbers: PublicKeyNumbers) -> Bool {
        switch self {
        case .signature(let algorithm): numbers.algorithms.contains(algorithm)
        case .keyManagement(let algorithm): algorithm.suits(numbers)
        case .mac, .content: false
        }
    }

    fileprivate var use: KeyUse {
        switch self {
        case .signature, .mac: .signature
        case .keyManagement, .content: .encryption
        }
    }
}

/// What a JWK says it is for, beside its numbers.
struct KeyPurpose {
    let keyID: String?
    let algorithm: KeyAlgorithm?
    let use: KeyUse?
    /// Another `use` than these two is somebody else's: the key is read, and serves nothing here.
    private let isOfAnotherUse: Bool
    private let operations: Set<String>?

    /// - Throws: `malformedKey` for members of a wrong type, an algorithm that is not offered or contradicts `use`.
    init(_ object: JSONObject) throws(JOSEError) {
        keyID = try KeyPurpose.text("kid", in: object)
        let name = try KeyPurpose.text("alg", in: object)
        algorithm = name.flatMap(KeyAlgorithm.init)
        guard name == nil || algorithm != nil else { throw .malformedKey }
        let use = try KeyPurpose.text("use", in: object)
        self.use = use.flatMap(KeyUse.init)
        isOfAnotherUse = use != nil && self.use == nil
        if let algorithm, let use = self.use, algorithm.use != use { throw .malformedKey }
        if let value = object["key_ops"] {
            guard let strings = value.strings, Set(strings).count == strings.count else { throw .malformedKey }
            operations = Set(strings)
        } else {
            operations = nil
        }
    }

    var verifies: Bool { allows(.signature, ["verify"]) }
    var signs: Bool { allows(.signature, ["sign"]) }
    /// Of a shared secret, which both makes and checks codes.
    var authenticates: Bool { allows(.signature, ["sign", "verify"]) }
    var encrypts: Bool { allows(.encryption, ["encrypt", "wrapKey", "deriveKey", "deriveBits"]) }
    var decrypts: Bool { allows(.encryption, ["decrypt", "unwrapKey", "deriveKey", "deriveBits"]) }

    private func allows(_ wanted: KeyUse, _ some: Set<String>) -> Bool {
        guard !isOfAnotherUse, (use ?? wanted) == wanted, (algorithm?.use ?? wanted) == wanted else { return false }
        return operations.map { !$0.isDisjoint(with: some) } ?? true
    }

    private static func text(_ name: String, in object: JSONObject) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformedKey }
        return text
    }
}

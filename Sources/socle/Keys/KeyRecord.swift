// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJSON

/// One line of the key directory's register: which key, for what, in which state. The key itself is `<id>.pem`.
struct KeyRecord: Equatable, Sendable {
    /// What a key may sign. A journal key never signs a token, nor is it published.
    enum Use: String, Sendable {
        case tokens
        case journal
    }

    /// Of each algorithm: one `current` signs; one `next` is published ahead of its turn, so that clients hold it
    /// before they meet it; those `previous` are published until what they signed has expired.
    enum State: String, Sendable {
        case next
        case current
        case previous
    }

    /// The first 16 bytes of the key's RFC 7638 thumbprint, 22 characters: the `kid`.
    var id: String
    var algorithm: SignatureAlgorithm
    var use: Use
    var state: State
    /// When it took that state.
    var since: Instant
}

/// The register: `ring.json` in the key directory.
struct KeyRegister: Equatable, Sendable {
    static let version: Int64 = 1

    var records: [KeyRecord] = []

    init() {}

    /// nil for a text this version did not write.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["version"]?.integer == Self.version,
            let values = json["keys"]?.array
        else { return nil }
        let records = values.compactMap(KeyRecord.init)
        guard records.count == values.count, Set(records.map(\.id)).count == records.count else { return nil }
        self.records = records
    }

    var json: JSONValue {
        ["version": .integer(Self.version), "keys": .array(records.map(\.json))]
    }

    func record(_ use: KeyRecord.Use, _ algorithm: SignatureAlgorithm, _ state: KeyRecord.State) -> KeyRecord? {
        records.first { $0.use == use && $0.algorithm == algorithm && $0.state == state }
    }
}

extension KeyRecord {
    init?(_ json: JSONValue) {
        // The identifier names a file: nothing but base64url characters.
        guard let id = json["id"]?.string, Base64URL.decode(id)?.count == 16,
            let algorithm = json["algorithm"]?.string.flatMap(SignatureAlgorithm.init),
            let use = json["use"]?.string.flatMap(Use.init), let state = json["state"]?.string.flatMap(State.init),
            let since = json["since"]?.string.flatMap({ Instant(iso8601: $0) })
        else { return nil }
        self.init(id: id, algorithm: algorithm, use: use, state: state, since: since)
    }

    var json: JSONValue {
        [
            "id": .string(id), "algorithm": .string(algorithm.rawValue), "use": .string(use.rawValue),
            "state": .string(state.rawValue), "since": .string(since.description),
        ]
    }
}

extension KeyRegister {
    /// Current becomes previous, next becomes current.
    mutating func turn(_ algorithm: SignatureAlgorithm, at instant: Instant) {
        for index in records.indices where records[index].use == .tokens && records[index].algorithm == algorithm {
            switch records[index].state {
            case .current: records[index].state = .previous
            case .next: records[index].state = .current
            case .previous: continue
            }
            records[index].since = instant
        }
    }

    /// Takes out token keys that have been previous for longer; a journal key stays, for old entries name it.
    mutating func removeExpired(at instant: Instant, after retention: Duration) -> [String] {
        let isExpired = { (record: KeyRecord) in
            record.use == .tokens && record.state == .previous && record.since + retention < instant
        }
        let expired = records.filter(isExpired).map(\.id)
        records.removeAll(where: isExpired)
        return expired
    }
}

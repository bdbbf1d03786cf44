// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJOSE
import SocleJSON

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

    func record(_ use: KeyRecord.Use, _ algorithm: KeyAlgorithm, _ state: KeyRecord.State) -> KeyRecord? {
        records.first { $0.use == use && $0.algorithm == algorithm && $0.state == state }
    }

    /// The algorithms that have a current key, the journal's aside, in the order in which they got one.
    var rotating: [KeyRecord] { records.filter { $0.state == .current && $0.use != .journal } }
}

extension KeyRegister {
    /// Current becomes previous, next becomes current.
    mutating func turn(_ algorithm: KeyAlgorithm, at instant: Instant) {
        for index in records.indices where records[index].use != .journal && records[index].algorithm == algorithm {
            switch records[index].state {
            case .current: records[index].state = .previous
            case .next: records[index].state = .current
            case .previous: continue
            }
            records[index].since = instant
        }
    }

    /// Every key of the algorithm becomes previous: something else signs with it from now on.
    mutating func retire(_ algorithm: KeyAlgorithm, at instant: Instant) {
        for index in records.indices
        where records[index].use == .tokens && records[index].algorithm == algorithm
            && records[index].state != .previous
        {
            records[index].state = .previous
            records[index].since = instant
        }
    }

    /// Takes out what has been previous for longer; a journal key stays, for old entries name it.
    mutating func removeExpired(at instant: Instant, after retention: Duration) -> [String] {
        let isExpired = { (record: KeyRecord) in
            record.use != .journal && record.state == .previous && record.since + retention < instant
        }
        let expired = records.filter(isExpired).map(\.id)
        records.removeAll(where: isExpired)
        return expired
    }

    /// What a schedule has to do: an algorithm without a next key gets one at once, so that clients may read it well
    /// before it signs; one whose current key has signed for the period turns, if its next one has been published for
    /// half of that, or a day.
    func due(after period: Duration, at instant: Instant) -> [KeyAlgorithm] {
        let lead = min(period / 2, .days(1))
        return rotating.compactMap { current in
            let isOld = current.since + period <= instant
            guard current.use == .tokens else { return isOld ? current.algorithm : nil }
            guard let next = record(.tokens, current.algorithm, .next) else { return current.algorithm }
            return isOld && next.since + lead <= instant ? current.algorithm : nil
        }
    }
}

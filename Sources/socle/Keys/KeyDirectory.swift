// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleOIDC
import Synchronization

/// The signing keys as encrypted PEM files of one folder, shared by every process that works on it: a server sees
/// within a second what `socle keys rotate` did, and at once where a token names a key it has not met.
///
/// ES256, the journal's EdDSA key and an EC key to encrypt to are made when the folder is opened; RSA, which takes up to
/// a second, on first need, on a thread of its own, once however many ask. An algorithm that has a current key in a
/// hardware module has none here.
final class KeyDirectory: Sendable {
    /// What clients may be told of at any time: `published` makes these where they are absent.
    static let published: [SignatureAlgorithm] = [.es256, .rs256]
    /// What opens things encrypted to this server: an EC key for agreement, plain or wrapping, and an RSA key for either
    /// OAEP, which is all that many clients have.
    static let encryption: [KeyAlgorithm] = [.keyManagement(.ecdhES), .keyManagement(.rsaOAEP256)]
    /// How long a key is published after its last signature: longer than any token that names it lives.
    static let retention: Duration = .days(7)
    /// How long the register is taken to be what it was. A key that turned in between has at worst signed a second
    /// longer, and is still published.
    static let attention: Duration = .seconds(1)

    private struct State {
        var loaded: LoadedKeys
        var checked: Instant
        var making: [KeyAlgorithm: Task<LoadedKeys, any Error>] = [:]
    }

    private let folder: KeyFolder
    let hardware: HardwareKeys
    private let clock: @Sendable () -> Instant
    private let pool = BlockingPool(threads: 1, capacity: 16)
    private let state: Mutex<State>

    /// Opens the folder, making it and its first keys where they are absent.
    ///
    /// - Parameter passphrase: derived from the master key; another one opens none of the files.
    init(
        path: String, passphrase: Secret, hardware: HardwareKeys = .none, clock: @escaping @Sendable () -> Instant
    ) throws(CommandFailure) {
        let folder = KeyFolder(path: path, passphrase: passphrase)
        self.folder = folder
        self.hardware = hardware
        self.clock = clock
        try folder.make()
        let now = clock()
        var loaded = try folder.load(besides: LoadedKeys())
        var first: [(KeyAlgorithm, KeyRecord.Use)] = [(.signature(.edDSA), .journal)]
        first += Self.encryption.filter { !$0.isRSA }.map { ($0, .encryption) }
        if hardware.current(.es256) == nil { first.insert((.signature(.es256), .tokens), at: 0) }
        for (algorithm, use) in first where loaded.register.record(use, algorithm, .current) == nil {
            loaded = try Self.make(algorithm, use, in: folder, besides: loaded, at: now)
        }
        let replaced = loaded.register.rotating.filter { record in
            guard case .signature(let algorithm) = record.algorithm else { return false }
            return hardware.current(algorithm) != nil
        }
        if !replaced.isEmpty {
            loaded = try folder.locked { () throws(CommandFailure) in
                var loaded = try folder.load(besides: loaded)
                for record in replaced { loaded.register.retire(record.algorithm, at: now) }
                try folder.writeRegister(loaded.register)
                loaded.mark = folder.mark()
                return loaded
            }
        }
        state = Mutex(State(loaded: loaded, checked: now))
    }

    /// The keys an installation is configured with.
    convenience init(
        _ settings: Configuration.Keys, master: Secret, clock: @escaping @Sendable () -> Instant
    ) throws(CommandFailure) {
        try self.init(
            path: settings.directory, passphrase: MasterKey.passphrase(master),
            hardware: try HardwareKeys.open(settings.hardware), clock: clock)
    }

    /// What the register says now.
    var records: [KeyRecord] { refreshed(atOnce: true).register.records }

    /// The journal's own key (DESIGN section 7).
    func journalKey() throws(CommandFailure) -> (id: String, key: SigningKey) {
        guard let current = refreshed().current(.journal, .edDSA) else {
            throw CommandFailure("\(folder.path): holds no journal key")
        }
        return current
    }

    /// A key the journal was ever signed with; nil for one this folder never held.
    func journalVerificationKey(_ id: String) -> VerificationKey? { known { $0.key(.journal, id) }?.publicKey }

    /// Makes what a first request would otherwise wait for: to be called once the server listens.
    func prepare() async throws {
        for algorithm in Self.published { _ = try await current(algorithm) }
        for algorithm in Self.encryption where refreshed().register.record(.encryption, algorithm, .current) == nil {
            _ = try await made(algorithm, .encryption)
        }
    }

    /// The present keys, read again when another process has written the register. A folder that cannot be read at
    /// this moment changes nothing: the keys in memory are still good, and the next call tries again.
    private func refreshed(atOnce: Bool = false) -> LoadedKeys {
        let now = clock()
        let (loaded, isDue) = state.withLock { state in
            // A clock set back must not blind the server until it has caught up.
            let isDue = atOnce || now < state.checked || state.checked + Self.attention <= now
            if isDue { state.checked = now }
            return (state.loaded, isDue)
        }
        guard isDue, folder.mark() != loaded.mark, let fresh = try? folder.load(besides: loaded) else {
            return loaded
        }
        state.withLock { $0.loaded = fresh }
        return fresh
    }

    /// A key that is not known may have been made a moment ago by another process.
    private func known<Key>(_ find: (LoadedKeys) -> Key?) -> Key? {
        find(refreshed()) ?? find(refreshed(atOnce: true))
    }

    private func made(_ algorithm: KeyAlgorithm, _ use: KeyRecord.Use) async throws -> LoadedKeys {
        let task = state.withLock { state in
            if let running = state.making[algorithm] { return running }
            let task = Task { [folder, pool, clock, known = state.loaded] () async throws -> LoadedKeys in
                let outcome = await pool.run { () -> Result<LoadedKeys, CommandFailure> in
                    Result { () throws(CommandFailure) in
                        try Self.make(algorithm, use, in: folder, besides: known, at: clock())
                    }
                }
                guard let outcome else { throw CommandFailure("\(folder.path): too many keys are being made") }
                return try outcome.get()
            }
            state.making[algorithm] = task
            return task
        }
        let outcome = await task.result
        state.withLock { state in
            if state.making[algorithm] == task { state.making[algorithm] = nil }
            if case .success(let loaded) = outcome { state.loaded = loaded }
        }
        return try outcome.get()
    }

    /// The register with a current key of the algorithm and, for tokens, its successor. Blocks.
    private static func make(
        _ algorithm: KeyAlgorithm, _ use: KeyRecord.Use, in folder: KeyFolder, besides known: LoadedKeys,
        at instant: Instant
    ) throws(CommandFailure) -> LoadedKeys {
        try folder.locked { () throws(CommandFailure) in
            // Another process may have made it while this one waited.
            var loaded = try folder.load(besides: known)
            guard loaded.register.record(use, algorithm, .current) == nil else { return loaded }
            try folder.add(algorithm, use, .current, to: &loaded, at: instant)
            // An RSA successor would double the wait of whoever needs the first one; rotation makes it.
            if use == .tokens, !algorithm.isRSA { try folder.add(algorithm, use, .next, to: &loaded, at: instant) }
            try folder.writeRegister(loaded.register)
            loaded.mark = folder.mark()
            return loaded
        }
    }
}

extension KeyDirectory: SigningKeyRing, DecryptionKeyRing {
    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) {
        if let current = hardware.current(algorithm) ?? refreshed().current(.tokens, algorithm) { return current }
        guard let current = try await made(.signature(algorithm), .tokens).current(.tokens, algorithm) else {
            throw CommandFailure("\(folder.path): holds no \(algorithm.rawValue) key")
        }
        return current
    }

    /// Current keys first: a client that names no `kid` tries them in order.
    func published() async throws -> [JWK] {
        try await prepare()
        let loaded = refreshed()
        let order: [KeyRecord.State] = [.current, .next, .previous]
        return order.flatMap { hardware.published($0) + loaded.published($0) }
    }

    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        let key = hardware.key(id) ?? known { $0.key(.tokens, id) }
        return key.map { ($0.algorithm, $0.publicKey) }
    }

    func decryptionKey(_ id: String?, for algorithm: KeyManagementAlgorithm) async -> DecryptionKey? {
        known { $0.decryptionKey(id, for: algorithm) }
    }
}

extension KeyDirectory {
    /// One turn of each algorithm in use: next becomes current, current becomes previous, a new next is made, and what
    /// has been previous for longer than `retention` is removed. An algorithm without a next only gets one, so that
    /// clients may read it before it signs. Blocks, for RSA up to a second.
    ///
    /// - Returns: the algorithms that got a successor and keep their current key until the next turn.
    func rotate(_ algorithms: [KeyAlgorithm]? = nil) throws(CommandFailure) -> [KeyAlgorithm] {
        try rotate { register in
            register.rotating.map(\.algorithm).filter { algorithms?.contains($0) ?? true }
        }
    }

    /// What a schedule would turn now.
    func due(after period: Duration) -> [KeyAlgorithm] {
        refreshed(atOnce: true).register.due(after: period, at: clock())
    }

    /// Turns what is due, off the cooperative threads. What another process has turned meanwhile is due no more.
    func rotateDue(after period: Duration) async throws(CommandFailure) {
        let now = clock()
        let outcome = await pool.run { [self] in
            Result { () throws(CommandFailure) in try rotate { $0.due(after: period, at: now) } }
        }
        guard let outcome else { throw CommandFailure("\(folder.path): too many keys are being made") }
        _ = try outcome.get()
    }

    private func rotate(_ choose: (KeyRegister) -> [KeyAlgorithm]) throws(CommandFailure) -> [KeyAlgorithm] {
        let known = state.withLock { $0.loaded }
        let now = clock()
        let (loaded, waiting) = try folder.locked { () throws(CommandFailure) in
            var loaded = try folder.load(besides: known)
            var waiting: [KeyAlgorithm] = []
            for algorithm in choose(loaded.register) {
                if case .keyManagement = algorithm {
                    loaded.register.turn(algorithm, at: now)
                    try folder.add(algorithm, .encryption, .current, to: &loaded, at: now)
                    continue
                }
                if loaded.register.record(.tokens, algorithm, .next) == nil {
                    waiting.append(algorithm)
                } else {
                    loaded.register.turn(algorithm, at: now)
                }
                try folder.add(algorithm, .tokens, .next, to: &loaded, at: now)
            }
            let expired = loaded.register.removeExpired(at: now, after: Self.retention)
            try folder.writeRegister(loaded.register)
            // Only now that no register names them.
            for id in expired {
                folder.removeKey(id)
                loaded.keys[id] = nil
            }
            loaded.mark = folder.mark()
            return (loaded, waiting)
        }
        state.withLock { $0.loaded = loaded }
        return waiting
    }
}

extension KeyAlgorithm {
    var isRSA: Bool { name.hasPrefix("RS") || name.hasPrefix("PS") }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleIdentity
import SocleJOSE
import SocleOIDC
import Synchronization

/// The signing keys as encrypted PEM files of one folder, shared by every process that works on it: a server sees
/// at its next signature what `socle keys rotate` did.
///
/// ES256 and the journal's EdDSA key are made when the folder is opened; RSA, which takes up to a second, on first
/// need, on a thread of its own, once however many ask.
final class KeyDirectory: Sendable {
    /// What clients may be told of at any time: `published` makes these where they are absent.
    static let published: [SignatureAlgorithm] = [.es256, .rs256]
    /// How long a key is published after its last signature: longer than any token that names it lives.
    static let retention: Duration = .days(7)

    private struct State {
        var loaded: LoadedKeys
        var making: [SignatureAlgorithm: Task<LoadedKeys, any Error>] = [:]
    }

    private let folder: KeyFolder
    private let clock: @Sendable () -> Instant
    private let pool = BlockingPool(threads: 1, capacity: 16)
    private let state: Mutex<State>

    /// Opens the folder, making it and its first keys where they are absent.
    ///
    /// - Parameter passphrase: derived from the master key; another one opens none of the files.
    init(path: String, passphrase: Secret, clock: @escaping @Sendable () -> Instant) throws(CommandFailure) {
        folder = KeyFolder(path: path, passphrase: passphrase)
        self.clock = clock
        try folder.make()
        var loaded = try folder.load(besides: LoadedKeys())
        for (algorithm, use) in [(SignatureAlgorithm.es256, KeyRecord.Use.tokens), (.edDSA, .journal)]
        where loaded.current(use, algorithm) == nil {
            loaded = try Self.make(algorithm, use, in: folder, besides: loaded, at: clock())
        }
        state = Mutex(State(loaded: loaded))
    }

    /// What the register says now.
    var records: [KeyRecord] { refreshed().register.records }

    /// The journal's own key (DESIGN section 7).
    func journalKey() throws(CommandFailure) -> (id: String, key: SigningKey) {
        guard let current = refreshed().current(.journal, .edDSA) else {
            throw CommandFailure("\(folder.path): holds no journal key")
        }
        return current
    }

    /// A key the journal was ever signed with; nil for one this folder never held.
    func journalVerificationKey(_ id: String) -> VerificationKey? { refreshed().key(.journal, id)?.publicKey }

    /// Makes what a first request would otherwise wait for: to be called once the server listens.
    func prepare() async throws {
        for algorithm in Self.published { _ = try await current(algorithm) }
    }

    /// The present keys, read again when another process has written the register. A folder that cannot be read at
    /// this moment changes nothing: the keys in memory are still good, and the next call tries again.
    private func refreshed() -> LoadedKeys {
        let loaded = state.withLock { $0.loaded }
        guard folder.mark() != loaded.mark, let fresh = try? folder.load(besides: loaded) else { return loaded }
        state.withLock { $0.loaded = fresh }
        return fresh
    }

    private func made(_ algorithm: SignatureAlgorithm) async throws -> LoadedKeys {
        let task = state.withLock { state in
            if let running = state.making[algorithm] { return running }
            let task = Task { [folder, pool, clock, known = state.loaded] () async throws -> LoadedKeys in
                let outcome = await pool.run { () -> Result<LoadedKeys, CommandFailure> in
                    Result { () throws(CommandFailure) in
                        try Self.make(algorithm, .tokens, in: folder, besides: known, at: clock())
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
        _ algorithm: SignatureAlgorithm, _ use: KeyRecord.Use, in folder: KeyFolder, besides known: LoadedKeys,
        at instant: Instant
    ) throws(CommandFailure) -> LoadedKeys {
        try folder.locked { () throws(CommandFailure) in
            // Another process may have made it while this one waited.
            var loaded = try folder.load(besides: known)
            guard loaded.current(use, algorithm) == nil else { return loaded }
            try folder.add(algorithm, use, .current, to: &loaded, at: instant)
            // An RSA successor would double the wait of whoever needs the first one; rotation makes it.
            if use == .tokens, algorithm != .rs256, algorithm != .ps256 {
                try folder.add(algorithm, use, .next, to: &loaded, at: instant)
            }
            try folder.writeRegister(loaded.register)
            loaded.mark = folder.mark()
            return loaded
        }
    }
}

extension KeyDirectory: SigningKeyRing {
    func current(_ algorithm: SignatureAlgorithm) async throws -> (id: String, key: SigningKey) {
        if let current = refreshed().current(.tokens, algorithm) { return current }
        guard let current = try await made(algorithm).current(.tokens, algorithm) else {
            throw CommandFailure("\(folder.path): holds no \(algorithm.rawValue) key")
        }
        return current
    }

    func published() async throws -> [JWK] {
        try await prepare()
        return refreshed().published
    }

    func verificationKey(_ id: String) async -> (algorithm: SignatureAlgorithm, key: VerificationKey)? {
        refreshed().key(.tokens, id).map { ($0.algorithm, $0.publicKey) }
    }
}

extension KeyDirectory {
    /// One turn of each algorithm in use: next becomes current, current becomes previous, a new next is made, and what
    /// has been previous for longer than `retention` is removed. An algorithm without a next only gets one, so that
    /// clients may read it before it signs. Blocks, for RSA up to a second.
    ///
    /// - Returns: the algorithms that got a successor and keep their current key until the next turn.
    func rotate(_ algorithms: [SignatureAlgorithm]? = nil) throws(CommandFailure) -> [SignatureAlgorithm] {
        let known = state.withLock { $0.loaded }
        let now = clock()
        let (loaded, waiting) = try folder.locked { () throws(CommandFailure) in
            var loaded = try folder.load(besides: known)
            var waiting: [SignatureAlgorithm] = []
            for algorithm in SignatureAlgorithm.allCases where algorithms?.contains(algorithm) ?? true {
                guard loaded.current(.tokens, algorithm) != nil else { continue }
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

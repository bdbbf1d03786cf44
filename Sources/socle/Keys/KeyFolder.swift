// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleJOSE
import SocleJSON

/// The files of a key directory: `ring.json`, one `<id>.pem` a key, `lock`. Every call blocks.
struct KeyFolder: Sendable {
    /// Tells one writing of the register from another: its inode, size and times.
    struct Mark: Equatable, Sendable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    let path: String
    let passphrase: Secret

    private var register: String { path + "/ring.json" }
    private func file(_ id: String) -> String { "\(path)/\(id).pem" }

    /// Makes the folder where it is absent, for its owner alone.
    func make() throws(CommandFailure) {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw fault("cannot be made", path) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw CommandFailure("\(path): is not a folder")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw CommandFailure("\(path): others may write in it: `chmod 700 \(path)`")
        }
    }

    /// One process at a time changes the folder; the lock ends with the process that holds it.
    func locked<Result>(_ body: () throws(CommandFailure) -> Result) throws(CommandFailure) -> Result {
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault("cannot be locked", path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw fault("cannot be locked", path) }
        }
        return try body()
    }

    func mark() -> Mark? {
        var status = stat()
        guard stat(register, &status) == 0 else { return nil }
        return Mark(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }

    /// An empty register where there is none yet.
    func readRegister() throws(CommandFailure) -> KeyRegister {
        guard mark() != nil else { return KeyRegister() }
        guard let parsed = KeyRegister(parsing: try read(register)) else {
            throw CommandFailure("\(register): is not a register of this version: restore it from a backup")
        }
        return parsed
    }

    func writeRegister(_ value: KeyRegister) throws(CommandFailure) {
        try write(value.json.bytes + [0x0A], to: register)
    }

    func readKey(_ record: KeyRecord) throws(CommandFailure) -> LoadedKeys.Key {
        let path = file(record.id)
        let pem = String(decoding: try read(path), as: UTF8.self)
        do throws(CryptoError) {
            guard case .signature(let algorithm) = record.algorithm else {
                return .decryption(try DecryptionKey(pem: pem, passphrase: passphrase))
            }
            return .signing(try SigningKey(pem: pem, passphrase: passphrase, algorithm: algorithm))
        } catch {
            throw CommandFailure("\(path): does not open with this master key, or is damaged")
        }
    }

    func writeKey(_ key: LoadedKeys.Key, id: String) throws(CommandFailure) {
        let pem =
            switch key {
            case .signing(let key): try? key.pem(passphrase: passphrase)
            case .decryption(let key): try? key.pem(passphrase: passphrase)
            }
        guard let pem else { throw CommandFailure("\(file(id)): cannot be encrypted") }
        try write(Array(pem.utf8), to: file(id))
    }

    func removeKey(_ id: String) { unlink(file(id)) }

    private func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0, let data = FileManager.default.contents(atPath: path) else {
            throw fault("cannot be read", path)
        }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure("\(path): others may read it: `chmod 600 \(path)`")
        }
        return Array(data)
    }

    /// Whole or not at all, durable before it is seen: a register never names a key that is not there.
    private func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        try PrivateFile.write(bytes, to: path)
        let folder = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw fault("cannot be written", path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw fault("cannot be written", path) }
    }

    private func fault(_ what: String, _ path: String) -> CommandFailure {
        CommandFailure("\(path): \(what): \(String(cString: strerror(errno)))")
    }
}

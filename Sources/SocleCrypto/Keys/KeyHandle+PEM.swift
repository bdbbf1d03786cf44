// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL

extension KeyHandle {
    private static let banner = "-----BEGIN ENCRYPTED PRIVATE KEY-----"

    /// Reads an encrypted PKCS#8 PEM (RFC 7468 §11). A key in clear is refused, so that none is kept by mistake.
    convenience init(pem: String, passphrase: Secret) throws(CryptoError) {
        defer { ERR_clear_error() }
        guard pem.hasPrefix(KeyHandle.banner) else { throw .unreadableKey }
        // Given as the callback's argument, with its end marked: without a callback libcrypto takes it from there,
        // and never asks the terminal.
        var passphrase = passphrase.unredacted + [0]
        guard !passphrase.dropLast().contains(0) else { throw .unreadableKey }
        // INVARIANT: the BIO points into the bytes and copies nothing, so that it must not outlive this closure.
        let read = Array(pem.utf8).withUnsafeBytes { bytes -> OpaquePointer? in
            guard let input = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else { return nil }
            defer { BIO_free(input) }
            return PEM_read_bio_PrivateKey_ex(input, nil, nil, &passphrase, nil, nil)
        }
        guard let pointer = read else { throw .unreadableKey }
        self.init(taking: pointer)
    }

    /// PKCS#8 encrypted by PBES2 with AES-256-CBC (RFC 8018 §6.2).
    ///
    /// - Parameter passphrase: of 256 bits of entropy, as ours are derived: the key stretching is libcrypto's default.
    func pem(passphrase: Secret) throws(CryptoError) -> String {
        // Of a key elsewhere libcrypto would write the public part, and call it private.
        guard !isInHardware, !passphrase.unredacted.isEmpty, !passphrase.unredacted.contains(0),
            let output = BIO_new(BIO_s_secmem())
        else { throw .operationFailed }
        defer { BIO_free(output) }
        let written = passphrase.unredacted.withUnsafeBufferPointer { passphrase in
            passphrase.withMemoryRebound(to: CChar.self) {
                PEM_write_bio_PKCS8PrivateKey(
                    output, pointer, CipherAlgorithm.aes256CBC.pointer, $0.baseAddress, Int32($0.count), nil,
                    nil)
            }
        }
        var text: UnsafeMutablePointer<CChar>?
        let count = socle_bio_bytes(output, &text)
        guard written == 1, let text, count > 0 else { throw .operationFailed }
        return String(
            decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
    }
}

extension SigningKey {
    /// Reads an encrypted PKCS#8 PEM.
    ///
    /// - Parameter algorithm: for an RSA key, which of its algorithms it signs with; RS256 unless said.
    package convenience init(
        pem: String, passphrase: Secret, algorithm: SignatureAlgorithm? = nil
    ) throws(CryptoError) {
        let handle = try KeyHandle(pem: pem, passphrase: passphrase)
        guard let first = try handle.numbers().algorithms.first else { throw .wrongAlgorithm }
        try self.init(handle: handle, algorithm: algorithm ?? first)
    }

    package func pem(passphrase: Secret) throws(CryptoError) -> String { try handle.pem(passphrase: passphrase) }
}

extension DecryptionKey {
    package convenience init(pem: String, passphrase: Secret) throws(CryptoError) {
        try self.init(handle: KeyHandle(pem: pem, passphrase: passphrase))
    }

    package func pem(passphrase: Secret) throws(CryptoError) -> String { try handle.pem(passphrase: passphrase) }
}

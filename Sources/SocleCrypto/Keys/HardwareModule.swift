// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import COpenSSL
import Synchronization

/// Keys in a hardware security module, reached through its PKCS#11 library by libp11's engine (Debian's
/// `libengine-pkcs11-openssl`). The private keys stay in it: what is handed out only asks it to sign.
///
/// The engine can be loaded once in a process: one library and one PIN, for the life of the process.
///
/// INVARIANT: the engine is never freed, and libp11 guards what it shares with a lock of its own, so that threads may
/// sign at once.
package final class HardwareModule: @unchecked Sendable {
    private static let opened = Mutex<HardwareModule?>(nil)

    private let engine: OpaquePointer
    private let library: String
    private let pin: Secret

    /// - Parameters:
    ///   - library: the path of the maker's PKCS#11 library; it is loaded when the first key is asked for.
    ///   - pin: of the token's user.
    package static func open(library: String, pin: Secret) throws(HardwareFault) -> HardwareModule {
        guard !pin.unredacted.isEmpty, !pin.unredacted.contains(0) else {
            throw HardwareFault(reason: "the PIN is empty, or no text")
        }
        let result = opened.withLock { present -> Result<HardwareModule, HardwareFault> in
            if let present {
                guard present.library == library, present.pin == pin else {
                    return .failure(HardwareFault(reason: "another library or PIN is in use by this process"))
                }
                return .success(present)
            }
            guard let module = HardwareModule(library: library, pin: pin) else {
                return .failure(
                    HardwareFault(
                        reason: "libcrypto's pkcs11 engine cannot be loaded (Debian: libengine-pkcs11-openssl)"))
            }
            present = module
            return .success(module)
        }
        return try result.get()
    }

    private init?(library: String, pin: Secret) {
        defer { ERR_clear_error() }
        let opened = (pin.unredacted.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            socle_hardware_open(library, $0.baseAddress)
        }
        guard let opened else { return nil }
        engine = opened
        self.library = library
        self.pin = pin
    }

    /// The private key an RFC 7512 URI names. Blocks, as long as the module takes.
    ///
    /// - Parameter algorithm: which of the algorithms of its kind it signs with; for RSA RS256 unless said.
    /// - Throws: what the module said: a wrong PIN, no such object, no such library.
    package func signingKey(
        _ uri: String, algorithm: SignatureAlgorithm? = nil
    ) throws(HardwareFault) -> SigningKey {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let pointer = socle_hardware_key(engine, uri) else { throw HardwareFault(reason: Self.reason()) }
        let handle = KeyHandle(taking: pointer, inHardware: true)
        do throws(CryptoError) {
            guard let first = try handle.numbers().algorithms.first else { throw .wrongAlgorithm }
            return try SigningKey(handle: handle, algorithm: algorithm ?? first)
        } catch {
            throw HardwareFault(reason: "the object is no key of a kind and strength Socle signs with")
        }
    }

    /// The first error is the one nearest the module.
    private static func reason() -> String {
        guard let text = ERR_reason_error_string(ERR_get_error()) else { return "the module refused without a reason" }
        return String(cString: text)
    }
}

/// Why a module, or a key in it, cannot be used; in its own words where it had some. No secret is in it.
package struct HardwareFault: Error, Equatable {
    package let reason: String

    package init(reason: String) { self.reason = reason }
}

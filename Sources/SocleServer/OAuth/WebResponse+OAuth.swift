// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleJSON
package import SocleOIDC

extension HTTPFields {
    /// RFC 6749 §5.1: on every answer that may hold a token.
    static let notStored: HTTPFields = [.cacheControl: "no-store"]
}

extension WebResponse {
    /// A refusal in the form of RFC 6749 §5.2.
    package static func oauthError(_ error: ProtocolError) -> WebResponse {
        var headers: HTTPFields = .notStored
        let status: HTTPResponse.Status
        switch error.code {
        case .invalidClient:
            status = .unauthorized
            headers[.wwwAuthenticate] = #"Basic realm="socle", charset="UTF-8""#
        case .slowDown:
            status = .tooManyRequests
            headers[.retryAfter] = "5"
        case .temporarilyUnavailable:
            status = .serviceUnavailable
            headers[.retryAfter] = "5"
        case .serverError: status = .internalServerError
        default: status = .badRequest
        }
        return .json(body(error), status: status, headers: headers)
    }

    /// A refusal in the form of RFC 6750 §3, which names the protected resource's metadata (RFC 9728 §5.1).
    ///
    /// - Parameters:
    ///   - error: nil when no token was presented: then nothing is said but how to present one.
    ///   - scope: what `insufficient_scope` asks for.
    package static func bearerRefusal(_ error: ProtocolError?, scope: String, metadata: String) -> WebResponse {
        var headers: HTTPFields = .notStored
        guard let error else {
            headers[.wwwAuthenticate] = #"Bearer realm="socle", resource_metadata="\#(metadata)""#
            return .empty(.unauthorized, headers: headers)
        }
        let status: HTTPResponse.Status
        switch error.code {
        case .invalidToken: status = .unauthorized
        case .insufficientScope: status = .forbidden
        case .invalidRequest: status = .badRequest
        default: return .oauthError(error)
        }
        var challenge =
            #"Bearer realm="socle", error="\#(error.code.rawValue)", error_description="\#(error.wireMessage)""#
        if error.code == .insufficientScope { challenge += #", scope="\#(scope)""# }
        headers[.wwwAuthenticate] = challenge + #", resource_metadata="\#(metadata)""#
        return .json(body(error), status: status, headers: headers)
    }

    private static func body(_ error: ProtocolError) -> JSONValue {
        ["error": .string(error.code.rawValue), "error_description": .string(error.wireMessage)]
    }
}

extension WebRequest {
    /// The bearer token of the `Authorization` header (RFC 6750 §2.1); nil without one, or with another scheme.
    /// - Throws: `invalid_request` for two headers; `invalid_token` for a malformed token.
    package func bearerToken() throws(ProtocolError) -> String? {
        let fields = headers[values: .authorization]
        guard fields.count <= 1 else { throw ProtocolError(.invalidRequest, "two `Authorization` headers") }
        guard let field = fields.first else { return nil }
        let bytes = field.utf8
        let space = bytes.firstIndex(of: UInt8(ascii: " ")) ?? bytes.endIndex
        // A letter of either case, and nothing else, is the small letter with that bit set.
        guard bytes[..<space].lazy.map({ $0 | 0x20 }).elementsEqual("bearer".utf8) else { return nil }
        guard space != bytes.endIndex, case let token = bytes[bytes.index(after: space)...], !token.isEmpty,
            token.withContiguousStorageIfAvailable(Self.isToken) ?? Array(token).withUnsafeBufferPointer(Self.isToken)
        else { throw ProtocolError(.invalidToken, "the bearer token is malformed") }
        return String(Substring(token))
    }

    /// `b64token`: letters, digits and `-._~+/=`. All bytes are looked at and none decides alone, so that the processor
    /// takes many at once: a token has hundreds, and this would be most of reading it.
    private static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        func one(_ holds: Bool) -> UInt8 { holds ? 1 : 0 }
        var all: UInt8 = 1
        for byte in bytes {
            let letterOrBetween = one((byte | 0x20) &- 0x61 < 26) | one(byte &- 0x2D < 13)
            let mark = one(byte == 0x2B) | one(byte == 0x3D) | one(byte == 0x5F) | one(byte == 0x7E)
            all &= letterOrBetween | mark
        }
        return all == 1
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleCrypto
package import SocleJOSE
import SocleJSON

/// How a request says which client sends it (RFC 6749 §2.3): exactly one way.
package struct PresentedCredentials: Sendable {
    package let clientID: String
    package let method: Client.Authentication
    /// nil for `none`.
    package let secret: Secret?
    /// A client assertion (RFC 7521 §4.2), not yet believed.
    package let assertion: UnverifiedToken?

    /// - Parameter authorization: every `Authorization` field, as sent.
    /// - Throws: `invalid_client` when nothing usable is presented; `invalid_request` when two ways are.
    package init(authorization: [String], parameters: Parameters) throws(ProtocolError) {
        let id = try parameters.value("client_id", limit: Parameters.Limit.identifier)
        let secret = try parameters.value("client_secret", limit: Parameters.Limit.secret)
        if parameters.contains("client_assertion") || parameters.contains("client_assertion_type") {
            guard authorization.isEmpty, !parameters.contains("client_secret") else {
                throw ProtocolError(.invalidRequest, "the client authenticates in more than one way")
            }
            let token = try Self.assertion(parameters)
            guard let subject = token.unverifiedClaims?["sub"]?.string,
                subject.utf8.count <= Parameters.Limit.identifier, id == nil || id == subject
            else { throw ProtocolError(.invalidClient, "the client assertion names no client, or another one") }
            clientID = subject
            method = token.header.algorithm.hasPrefix("HS") ? .secretJWT : .privateKeyJWT
            assertion = token
            self.secret = nil
            return
        }
        assertion = nil
        if let field = authorization.first {
            guard authorization.count == 1, !parameters.contains("client_secret") else {
                throw ProtocolError(.invalidRequest, "the client authenticates in more than one way")
            }
            let basic = try Self.basic(field)
            guard id == nil || id == basic.id else {
                throw ProtocolError(.invalidRequest, "`client_id` is not the client that authenticates")
            }
            clientID = basic.id
            method = .basic
            self.secret = basic.secret
            return
        }
        guard let id else { throw ProtocolError(.invalidClient, "the client must authenticate") }
        clientID = id
        // An empty secret is still a claim to hold one: it is not the way of a public client.
        method = parameters.contains("client_secret") ? .post : .none
        self.secret = method == .post ? Secret(secret ?? "") : nil
    }

    private static func assertion(_ parameters: Parameters) throws(ProtocolError) -> UnverifiedToken {
        guard
            try parameters.value("client_assertion_type")
                == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            let text = try parameters.value("client_assertion", limit: Parameters.Limit.token)
        else { throw ProtocolError(.invalidClient, "`client_assertion` must be a JWT, and say so by its type") }
        do throws(JOSEError) {
            return try UnverifiedToken(compact: text)
        } catch {
            throw ProtocolError(.invalidClient, "`client_assertion` is malformed", detail: "\(error)")
        }
    }

    /// `Basic base64(form(id) ":" form(secret))`: both parts are form-encoded first (RFC 6749 §2.3.1).
    private static func basic(_ field: String) throws(ProtocolError) -> (id: String, secret: Secret) {
        let malformed = ProtocolError(.invalidClient, "the `Authorization` header is not valid Basic credentials")
        guard field.utf8.count <= 2048 else { throw malformed }
        // A letter of either case, and nothing else, is the small letter with that bit set.
        guard let space = field.utf8.firstIndex(of: UInt8(ascii: " ")),
            field.utf8[..<space].lazy.map({ $0 | 0x20 }).elementsEqual("basic".utf8),
            let bytes = decodeBase64(field.utf8[field.utf8.index(after: space)...]),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let id = formDecoded(bytes[..<colon]), let secret = formDecoded(bytes[(colon + 1)...]),
            !id.isEmpty, id.utf8.count <= Parameters.Limit.identifier, secret.utf8.count <= Parameters.Limit.secret
        else { throw malformed }
        return (id, Secret(secret))
    }

    /// Standard base64, padded as RFC 7617 has it; the padding may be missing.
    private static func decodeBase64(_ text: Substring.UTF8View) -> [UInt8]? {
        var digits = Array(text)
        if digits.count % 4 == 0 {
            for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        }
        for index in digits.indices {
            switch digits[index] {
            case UInt8(ascii: "+"): digits[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): digits[index] = UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: break
            }
        }
        return Base64URL.decode(utf8: digits)
    }

    private static func formDecoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = hexDigit(bytes[index + 1]),
                    let low = hexDigit(bytes[index + 2]), high << 4 | low != 0
                else { return nil }
                decoded.append(high << 4 | low)
                index += 2
            case 0: return nil
            default: decoded.append(bytes[index])
            }
            index += 1
        }
        return String(validating: decoded, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

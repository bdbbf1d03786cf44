// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// The protected header of a compact JWS or JWE, read strictly (RFC 7515 §4, RFC 7516 §4).
package struct JOSEHeader: Hashable, Sendable {
    /// As written: not yet known to be one that is offered.
    package let algorithm: String
    package let keyID: String?
    package let type: String?
    /// `cty`: what the payload or plaintext is.
    package let contentType: String?
    /// `enc`, as written: of a JWE alone.
    package let encryption: String?
    /// Every member, for a profile that reads more.
    package let members: JSONObject

    /// Deep nesting and long headers have no use here.
    private static let limits = JSONLimits(bytes: 4096, depth: 4, values: 64)

    /// A header never says which key to trust: one that tries is refused rather than ignored.
    private static let embeddedKeys = ["jwk", "jku", "x5c", "x5u"]

    init(parsing bytes: [UInt8]) throws(JOSEError) {
        guard let object = (try? JSONValue(parsing: bytes, limits: JOSEHeader.limits))?.object,
            let algorithm = object["alg"]?.string
        else { throw .malformedHeader }
        // `b64: false` (RFC 7797) must be listed in `crit`; alone it is an attempt to be read two ways.
        guard object["crit"] == nil, object["b64"] == nil else { throw .criticalExtension }
        guard !JOSEHeader.embeddedKeys.contains(where: { object[$0] != nil }) else { throw .embeddedKey }
        keyID = try JOSEHeader.text("kid", in: object)
        type = try JOSEHeader.text("typ", in: object)
        contentType = try JOSEHeader.text("cty", in: object)
        encryption = try JOSEHeader.text("enc", in: object)
        self.algorithm = algorithm
        members = object
    }

    /// RFC 7515 §4.1.9: `application/` may be left out, and media types know no case.
    package func isType(_ wanted: String) -> Bool {
        type.map { JOSEHeader.sameType($0, wanted) } ?? false
    }

    static func sameType(_ a: String, _ b: String) -> Bool { normalized(a) == normalized(b) }

    private static func normalized(_ type: String) -> String {
        let type = type.lowercased()
        return type.hasPrefix("application/") ? String(type.dropFirst("application/".count)) : type
    }

    private static func text(_ name: String, in object: JSONObject) throws(JOSEError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw .malformedHeader }
        return text
    }
}

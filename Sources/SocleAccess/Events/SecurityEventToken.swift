// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleConsent
package import SocleIdentity
package import SocleJSON

/// The claims of a Security Event Token (RFC 8417) that tells of one change.
///
/// - Shape: one event; `sub_id` names the patient (RFC 9493, `opaque`); no `exp`, no `sub`, so that it can be taken
///   for no other token (RFC 8417 §4.1 to 4.7). Its `typ` is `secevent+jwt`.
package struct SecurityEventToken: Sendable {
    package static let type = "secevent+jwt"
    package static let mediaType = "application/secevent+jwt"

    private let event: ChangeEvent
    private let issuer: String
    private let audience: String
    private let issuedAt: Instant

    package init(_ event: ChangeEvent, issuer: String, audience: String, issuedAt: Instant) {
        self.event = event
        self.issuer = issuer
        self.audience = audience
        self.issuedAt = issuedAt
    }

    /// The name of the events of a kind.
    package static func type(of kind: ChangeEvent.Kind) -> String {
        "urn:sesan:socle:event:\(kind.rawValue)"
    }

    package var claims: JSONObject {
        var payload: JSONObject = [
            "change": .string(event.change), "sequence": .integer(event.position),
        ]
        payload["about"] = event.about.map(JSONValue.string)
        payload["effective"] = event.effective.map { .string($0.description) }
        var events = JSONObject()
        events[SecurityEventToken.type(of: event.kind)] = .object(payload)
        return [
            "iss": .string(issuer), "aud": .string(audience), "iat": .integer(issuedAt.seconds),
            "jti": .string(event.id), "sub_id": ["format": "opaque", "id": .string(event.patient.value)],
            "events": .object(events),
        ]
    }
}

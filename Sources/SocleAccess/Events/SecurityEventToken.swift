// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleConsent
import SocleCrypto
package import SocleIdentity
package import SocleJSON

/// The claims of a Security Event Token (RFC 8417) that tells of one change, or carries one notice.
///
/// - Shape: one event; `sub_id` names the patient (RFC 9493, `opaque`); no `exp`, no `sub`, so that it can be taken
///   for no other token (RFC 8417 §4.1 to 4.7). Its `typ` is `secevent+jwt`.
package struct SecurityEventToken: Sendable {
    package static let type = "secevent+jwt"
    package static let mediaType = "application/secevent+jwt"
    /// The name of the event that carries a notice.
    package static let noticeType = "urn:sesan:socle:event:notice"

    private let message: PendingPush.Message
    private let issuer: String
    private let audience: String
    private let issuedAt: Instant

    package init(_ message: PendingPush.Message, issuer: String, audience: String, issuedAt: Instant) {
        self.message = message
        self.issuer = issuer
        self.audience = audience
        self.issuedAt = issuedAt
    }

    /// The name of the events of a kind.
    package static func type(of kind: ChangeEvent.Kind) -> String {
        "urn:sesan:socle:event:\(kind.rawValue)"
    }

    package var claims: JSONObject {
        let (id, type, payload) =
            switch message {
            case .event(let event): (event.id, SecurityEventToken.type(of: event.kind), event.payload)
            case .notice(let notice, let who):
                (notice.id, SecurityEventToken.noticeType, notice.payload(who: who))
            }
        var events = JSONObject()
        events[type] = .object(payload)
        return [
            "iss": .string(issuer), "aud": .string(audience), "iat": .integer(issuedAt.seconds), "jti": .string(id),
            "sub_id": ["format": "opaque", "id": .string(message.patient.value)], "events": .object(events),
        ]
    }
}

extension ChangeEvent {
    fileprivate var payload: JSONObject {
        var payload: JSONObject = ["change": .string(change), "sequence": .integer(position)]
        payload["about"] = about.map(JSONValue.string)
        payload["effective"] = effective.map { .string($0.description) }
        payload["until"] = until.map { .string($0.description) }
        return payload
    }
}

extension Notice {
    /// The `jti` of its tokens: the same for every attempt, so that the application tells the person once.
    package var id: String {
        let name = [patient.value, subject.rawValue, about, recipient.text].joined(separator: " ")
        return Base64URL.encode(Array(SHA256.digest(Array(name.utf8)).prefix(16)))
    }

    fileprivate func payload(who: String?) -> JSONObject {
        let text = NoticeText(self, who: who)
        let to: JSONObject =
            switch recipient {
            case .patient: ["type": "patient", "id": .string(patient.value)]
            case .professional(let id): ["type": "professional", "id": .string(id.value)]
            }
        return [
            "subject": .string(subject.rawValue), "recipient": .object(to), "about": .string(about),
            "created": .string(createdAt.description),
            "text": ["fr": .string(text.french), "en": .string(text.english)],
        ]
    }
}

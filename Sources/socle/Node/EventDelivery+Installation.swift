// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleCrypto
import SocleJOSE
import SocleOIDC
import SocleOutbound
import SocleStore

extension EventDelivery {
    init(_ installation: Installation, egress: Egress) {
        self.init(
            records: StoredEvents(installation.database), lane: installation.lane,
            issuer: installation.configuration.issuer.description,
            // One chain, one process.
            holder: installation.lane.chain, sign: EventDelivery.signing(with: installation.keys),
            push: EventDelivery.pushing(through: egress), clock: installation.clock)
    }

    /// Signs with the current ES256 key, as access tokens are.
    static func signing(with keys: some SigningKeyRing) -> Signing {
        { claims in
            let (id, key) = try await keys.current(.es256)
            return try JWS.sign(payload: claims, with: key, keyID: id, type: SecurityEventToken.type)
        }
    }

    /// Posts through the guarded egress (RFC 8935 §2.1); 202 alone acknowledges (§2.2).
    static func pushing(through egress: Egress) -> Push {
        { token, endpoint in
            let request = OutboundRequest(
                endpoint, method: .post(body: Array(token.utf8), contentType: SecurityEventToken.mediaType),
                accept: "application/json")
            do throws(OutboundFailure) {
                let response = try await egress.send(request)
                // Nothing of the body goes to the log: it is the other side's text.
                return response.status == 202 ? .accepted : .failed("answered \(response.status)")
            } catch {
                return .failed("\(error)")
            }
        }
    }
}

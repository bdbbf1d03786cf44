// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC
import SocleOutbound

extension OutboundFetch {
    /// Through the guarded egress: the addresses of clients lead out of this network or nowhere.
    init(_ egress: Egress) {
        self.init { uri throws(Refused) in
            let answer: OutboundResponse
            do throws(OutboundFailure) {
                answer = try await egress.send(OutboundRequest(uri))
            } catch {
                throw Refused(detail: "\(error)")
            }
            guard answer.status == 200 else { throw Refused(detail: "status \(answer.status)") }
            return answer.body
        }
    }
}

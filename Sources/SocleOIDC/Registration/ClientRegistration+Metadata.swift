// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
package import SocleJSON

extension ClientRegistration {
    init(_ request: RegistrationRequest, id: String, secret: Secret?) {
        self.init(
            id: id, name: request.name, authentication: request.authentication, secret: secret,
            redirectURIs: request.redirectURIs, postLogoutRedirectURIs: request.postLogoutRedirectURIs,
            grantTypes: request.grantTypes, scopes: request.scopes, idTokenAlgorithm: request.idTokenAlgorithm,
            metadata: request.metadata)
    }

    /// What an administrator registers from a file in the words of RFC 7591 §2, read as what an application says of
    /// itself is; `faults` still has to be empty. The sector's document is not fetched: the administrator vouches for it.
    package init(id: String, metadata: JSONObject) throws(RegistrationRefusal) {
        self.init(try RegistrationRequest(metadata, policy: .administrator), id: id, secret: nil)
    }
}

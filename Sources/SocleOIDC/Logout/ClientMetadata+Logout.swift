// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension ClientMetadata {
    /// What is wrong with the logout addresses, as `ClientRegistration.faults` says it.
    func logoutFaults(redirectURIs: [String]) -> [String] {
        var faults: [String] = []
        for uri in [backChannelLogoutURI, frontChannelLogoutURI].compactMap(\.self) {
            if let fault = RedirectURI.fault(of: uri) { faults.append("the URI `\(uri)` \(fault)") }
        }
        // A page of another origin could not clear the application's cookies, and ours would frame a stranger.
        if let uri = frontChannelLogoutURI, let origin = RedirectURI.origin(of: uri),
            !redirectURIs.contains(where: { RedirectURI.origin(of: $0) == origin })
        {
            faults.append("the URI `\(uri)` is of another origin than every redirect URI")
        }
        if backChannelLogoutSessionRequired, backChannelLogoutURI == nil {
            faults.append("`backchannel_logout_session_required` needs `backchannel_logout_uri`")
        }
        if frontChannelLogoutSessionRequired, frontChannelLogoutURI == nil {
            faults.append("`frontchannel_logout_session_required` needs `frontchannel_logout_uri`")
        }
        return faults
    }
}

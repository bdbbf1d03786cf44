// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import SocleOIDC

extension AuthorizationRequest {
    /// As kept in an interaction.
    var stored: String {
        var object: JSONObject = [
            "client_id": .string(clientID), "redirect_uri": .string(redirectURI), "scope": JSONValue(scopes),
            "prompt": JSONValue(prompts.map(\.rawValue)), "acr_values": JSONValue(acrValues),
            "ui_locales": JSONValue(uiLocales),
        ]
        object["state"] = state.map(JSONValue.string)
        object["nonce"] = nonce.map(JSONValue.string)
        object["code_challenge"] = codeChallenge.map(JSONValue.string)
        object["max_age"] = maximumAge.map(JSONValue.integer)
        object["login_hint"] = loginHint.map(JSONValue.string)
        object["hinted_subject"] = hintedSubject.map(JSONValue.string)
        if responseMode != .query { object["response_mode"] = .string(responseMode.rawValue) }
        if !claims.isEmpty { object["claims"] = .object(claims.json) }
        if !resources.isEmpty { object["resource"] = JSONValue(resources) }
        return JSONValue.object(object).text
    }

    init?(stored text: String) {
        guard let object = (try? JSONValue(parsing: text.utf8))?.object,
            let clientID = object["client_id"]?.string, let redirectURI = object["redirect_uri"]?.string,
            let scopes = object["scope"]?.strings, let prompts = object["prompt"]?.strings,
            let acrValues = object["acr_values"]?.strings, let uiLocales = object["ui_locales"]?.strings
        else { return nil }
        let known = prompts.compactMap(Prompt.init(rawValue:))
        let mode = object["response_mode"].map { $0.string.flatMap(ResponseMode.init(rawValue:)) } ?? .query
        let claims = object["claims"].map { $0.object.flatMap(ClaimsRequest.init) } ?? ClaimsRequest()
        let resources = object["resource"].map(\.strings) ?? []
        guard known.count == prompts.count, let mode, let claims, let resources else { return nil }
        self.init(
            clientID: clientID, redirectURI: redirectURI, scopes: scopes, state: object["state"]?.string,
            nonce: object["nonce"]?.string, codeChallenge: object["code_challenge"]?.string, prompts: known,
            maximumAge: object["max_age"]?.integer, loginHint: object["login_hint"]?.string, acrValues: acrValues,
            uiLocales: uiLocales, responseMode: mode, claims: claims, resources: resources,
            hintedSubject: object["hinted_subject"]?.string)
    }
}

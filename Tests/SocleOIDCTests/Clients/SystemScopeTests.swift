// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC
import Testing

@Suite("System scopes · SMART App Launch 2")
struct SystemScopeTests {
    @Test(
        "a scope names a type, or all, and its permissions in order",
        arguments: ["system/Consent.cruds", "system/*.rs"])
    func good(_ text: String) { #expect(SystemScope(text) != nil) }

    @Test(
        "any other text is no scope",
        arguments: [
            "system/Consent", "system/Consent.", "system/.rs", "system/Consent.sr", "system/Consent.rr",
            "system/Consent.read", "system/Consents.rs", "patient/Consent.rs", "user/Consent.rs",
            "system/Consent.rs?x=1",
            "system/Consent.rs.c", "Consent.rs", "",
        ])
    func bad(_ text: String) { #expect(SystemScope(text) == nil) }

    @Test("it permits what it says on the type it says") func permits() {
        let scopes = ["openid", "system/Consent.cu", "system/*.r"]
        #expect(SystemScope.permits(.create, on: "Consent", scopes: scopes))
        #expect(SystemScope.permits(.read, on: "Patient", scopes: scopes))
        #expect(!SystemScope.permits(.create, on: "Patient", scopes: scopes))
        #expect(!SystemScope.permits(.search, on: "Consent", scopes: scopes))
        #expect(!SystemScope.permits(.read, on: "Consent", scopes: []))
    }

    @Test("a client alone may hold one: neither a public client nor a person's token") func holders() {
        var client = ClientRegistration(
            id: "a", secret: nil, redirectURIs: ["https://a.test/cb"], grantTypes: [.authorizationCode],
            scopes: ["openid", "system/Consent.rs"])
        client.authentication = .none
        #expect(client.faults.contains { $0.contains("system/") })
        #expect(Scope.isKnown("system/Consent.rs"))
        #expect(!Scope.isKnown("system/Consents.rs"))
        #expect(Scope.isOfApplications("system/Consent.rs"))
    }
}

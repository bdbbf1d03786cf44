// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import Testing

@Suite("Code flow over the routes · RFC 6749 §4.1, RFC 9207")
struct CodeFlowRouteTests {
    @Test("a login gives a code with state and issuer, then tokens that userinfo takes") func login() async throws {
        try await Provider.with { provider in
            let answer = try await provider.authorize()
            #expect(answer["state"] == "s-1" && answer["iss"] == "https://socle.example" && answer["a"] == "1")
            let code = try #require(answer["code"])
            let response = await provider.redeem(code)
            #expect(response.status == .ok && response.headers[.cacheControl] == "no-store")
            let tokens = try response.object()
            #expect(tokens["token_type"] == "Bearer" && tokens["expires_in"] == 300)
            #expect(tokens["id_token"] != nil && tokens["refresh_token"] != nil)
            let token = try #require(tokens["access_token"]?.string)
            let person = try await provider.get(.userInfo, headers: Provider.bearer(token)).object()
            #expect(person["sub"] == "sub-1" && person["name"] == "Anne Petit")
            #expect(person["socle_situation"] == "750000001" && person["SubjectNameID"] == nil)
        }
    }

    @Test("national identifiers go to a client registered for them, which asked") func national() async throws {
        try await Provider.with { provider in
            let token = try #require(try await provider.login(scope: "openid rpps")["access_token"]?.string)
            let person = try await provider.get(.userInfo, headers: Provider.bearer(token)).object()
            #expect(person["SubjectNameID"] == "899700100022" && person["sub"] == "sub-1" && person["name"] == nil)
        }
    }

    @Test("a code replayed is refused, and what its first use issued is dead everywhere at once") func replay()
        async throws
    {
        for client in ["dossier", "mobile"] {
            try await Provider.with { provider in
                let code = try #require(try await provider.authorize(client)["code"])
                let tokens = try await provider.redeem(code, client).object()
                let access = try #require(tokens["access_token"]?.string)
                let refresh = try #require(tokens["refresh_token"]?.string)
                #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .ok)
                let replay = await provider.redeem(code, client)
                #expect(replay.status == .badRequest && replay.error == "invalid_grant")
                #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
                #expect(try await !provider.isActive(access))
                #expect(await provider.refresh(refresh, client).error == "invalid_grant")
            }
        }
    }

    @Test("of redemptions at once one wins at most, and the replay revokes it") func race() async throws {
        try await Provider.with { provider in
            let code = try #require(try await provider.authorize()["code"])
            let won = await withTaskGroup(of: WebResponse.self) { group in
                for _ in 0..<8 { group.addTask { await provider.redeem(code) } }
                return await group.reduce(into: [WebResponse]()) { if $1.status == .ok { $0.append($1) } }
            }
            #expect(won.count == 1)
            let token = try #require(try won.first?.object()["access_token"]?.string)
            #expect(try await !provider.isActive(token))
        }
    }

    @Test("a code redeemed by another client, late, or without its verifier stays unused") func bound() async throws {
        try await Provider.with { provider in
            let code = try #require(try await provider.authorize()["code"])
            #expect(await provider.redeem(code, "mobile").error == "invalid_grant")
            let form = [
                (name: "grant_type", value: "authorization_code"), (name: "code", value: code),
                (name: "redirect_uri", value: "https://dossier.example/cb?a=1"),
            ]
            #expect(await provider.post(.token, form, headers: Provider.basic).error == "invalid_grant")
            #expect(await provider.redeem(code).status == .ok)
            let late = try #require(try await provider.authorize()["code"])
            provider.time.advance(by: .seconds(60))
            #expect(await provider.redeem(late).error == "invalid_grant")
        }
    }

    @Test("a session ended takes its tokens with it, an offline grant stays") func sessionEnded() async throws {
        try await Provider.with { provider in
            let online = try await provider.login()
            let offline = try await provider.login(scope: "openid offline_access")
            try await provider.commit([SignInChange.endSession(id: "session-1", at: provider.time.now())])
            #expect(try await !provider.isActive(try #require(online["access_token"]?.string)))
            #expect(try await provider.isActive(try #require(offline["access_token"]?.string)))
            let refresh = try #require(online["refresh_token"]?.string)
            #expect(await provider.refresh(refresh, "dossier").error == "invalid_grant")
            #expect(await provider.refresh(try #require(offline["refresh_token"]?.string), "dossier").status == .ok)
        }
    }

    @Test("a client disabled gets nothing more, and its tokens are dead at once") func disabled() async throws {
        try await Provider.with { provider in
            let tokens = try await provider.login()
            let access = try #require(tokens["access_token"]?.string)
            let own = try await provider.clientToken()
            try await provider.commit([OAuthChange.disableClient(id: "dossier")])
            #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
            let refresh = try #require(tokens["refresh_token"]?.string)
            let refused = await provider.refresh(refresh, "dossier")
            #expect(refused.status == .unauthorized && refused.error == "invalid_client")
            let watch = await provider.post(
                .introspect,
                [("token", own), ("client_id", "watcher"), ("client_secret", Provider.secret)])
            #expect(try watch.object() == ["active": false])
        }
    }
}

@Suite("Refresh over the routes · RFC 9700 §4.14.2")
struct RefreshRouteTests {
    @Test("a public client's refreshes at once: one winner, and the family is dead") func race() async throws {
        try await Provider.with { provider in
            let refresh = try #require(try await provider.login("mobile")["refresh_token"]?.string)
            let won = await withTaskGroup(of: WebResponse.self) { group in
                for _ in 0..<8 { group.addTask { await provider.refresh(refresh, "mobile") } }
                return await group.reduce(into: [WebResponse]()) { if $1.status == .ok { $0.append($1) } }
            }
            #expect(won.count == 1)
            let tokens = try #require(try won.first?.object())
            #expect(
                await provider.refresh(try #require(tokens["refresh_token"]?.string), "mobile").error
                    == "invalid_grant")
            let access = try #require(tokens["access_token"]?.string)
            #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
        }
    }

    @Test("a public client's token changes at each use") func rotates() async throws {
        try await Provider.with { provider in
            let first = try #require(try await provider.login("mobile")["refresh_token"]?.string)
            let second = try #require(
                try await provider.refresh(first, "mobile").object()["refresh_token"]?.string)
            #expect(first != second)
            #expect(await provider.refresh(second, "mobile").status == .ok)
        }
    }

    @Test("a confidential client's token stays, and dies of idleness") func kept() async throws {
        try await Provider.with { provider in
            let tokens = try await provider.login(scope: "openid offline_access")
            let refresh = try #require(tokens["refresh_token"]?.string)
            provider.time.advance(by: .days(13))
            let again = await provider.refresh(refresh, "dossier")
            #expect(again.status == .ok)
            #expect(try again.object()["refresh_token"] == nil)
            provider.time.advance(by: .days(13))
            #expect(await provider.refresh(refresh, "dossier").status == .ok)
            provider.time.advance(by: .days(14))
            #expect(await provider.refresh(refresh, "dossier").error == "invalid_grant")
        }
    }
}

@Suite("Introspection and revocation over the routes · RFC 7662, RFC 7009")
struct IntrospectionRouteTests {
    @Test("a client's own token: active, then revoked, then not") func ownToken() async throws {
        try await Provider.with { provider in
            let token = try await provider.clientToken()
            let other = try await provider.clientToken()
            let told = try await provider.post(.introspect, [("token", token)], headers: Provider.basic).object()
            #expect(told["active"] == true && told["sub"] == "dossier" && told["client_id"] == "dossier")
            #expect(told["scope"] == "access:assert access:evaluate")
            let revoked = await provider.post(.revoke, [("token", token)], headers: Provider.basic)
            #expect(revoked.status == .ok)
            #expect(try await !provider.isActive(token))
            #expect(try await provider.isActive(other))
        }
    }

    @Test("revoking either token of a person's grant ends both") func grant() async throws {
        for kind in ["access_token", "refresh_token"] {
            try await Provider.with { provider in
                let tokens = try await provider.login()
                let named = try #require(tokens[kind]?.string)
                #expect(
                    await provider.post(
                        .revoke, [("token", named), ("token_type_hint", "anything")], headers: Provider.basic
                    ).status == .ok)
                for kind in ["access_token", "refresh_token"] {
                    #expect(try await !provider.isActive(try #require(tokens[kind]?.string)))
                }
            }
        }
    }

    @Test("an expired token is not active, a refresh token is until its end") func expired() async throws {
        try await Provider.with { provider in
            let tokens = try await provider.login()
            provider.time.advance(by: .minutes(5))
            #expect(try await !provider.isActive(try #require(tokens["access_token"]?.string)))
            #expect(try await provider.isActive(try #require(tokens["refresh_token"]?.string)))
        }
    }

    @Test("another client's token is nobody's business, save for who may introspect") func others() async throws {
        try await Provider.with { provider in
            let mobile = try #require(try await provider.login("mobile")["access_token"]?.string)
            #expect(try await !provider.isActive(mobile))
            let watcher = [
                (name: "token", value: mobile), (name: "client_id", value: "watcher"),
                (name: "client_secret", value: Provider.secret),
            ]
            let told = try await provider.post(.introspect, watcher).object()
            #expect(told["active"] == true && told["socle_situation"] == "750000001" && told["acr"] == "eidas1")
            let refused = await provider.post(.revoke, [("token", mobile)], headers: Provider.basic)
            #expect(refused.status == .badRequest && refused.error == "invalid_grant")
        }
    }

    @Test("a public client may not introspect, but revokes its own") func publicClient() async throws {
        try await Provider.with { provider in
            let tokens = try await provider.login("mobile")
            let access = try #require(tokens["access_token"]?.string)
            let form = [(name: "token", value: access), (name: "client_id", value: "mobile")]
            #expect(await provider.post(.introspect, form).status == .unauthorized)
            #expect(await provider.post(.revoke, form).status == .ok)
            #expect(await provider.get(.userInfo, headers: Provider.bearer(access)).status == .unauthorized)
        }
    }

    @Test("an unknown token is revoked with success, and not active", arguments: ["x", "a.b.c", "...", "é"])
    func unknown(_ token: String) async throws {
        try await Provider.with { provider in
            #expect(await provider.post(.revoke, [("token", token)], headers: Provider.basic).status == .ok)
            let active = try await provider.isActive(token)
            #expect(!active)
        }
    }

    @Test("a revocation that cannot be made durable is 503, never 200") func failsClosed() async throws {
        try await Provider.with { provider in
            let tokens = try await provider.login()
            provider.lane.fail()
            for kind in ["access_token", "refresh_token"] {
                let response = await provider.post(
                    .revoke, [("token", try #require(tokens[kind]?.string))], headers: Provider.basic)
                #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] != nil)
            }
        }
    }

    @Test("a lane or store that fails issues nothing and reveals nothing") func unavailable() async throws {
        try await Provider.with { provider in
            let code = try #require(try await provider.authorize()["code"])
            provider.lane.fail()
            for response in [
                await provider.redeem(code),
                await provider.post(.token, [("grant_type", "client_credentials")], headers: Provider.basic),
            ] {
                #expect(response.status == .serviceUnavailable && response.error == "temporarily_unavailable")
                #expect(!String(decoding: response.body, as: UTF8.self).contains("disk"))
            }
            provider.records.fail()
            for path in [Endpoints.Path.token, .introspect, .revoke] {
                let response = await provider.post(
                    path, [("grant_type", "client_credentials"), ("token", "x")], headers: Provider.basic)
                #expect(response.status == .serviceUnavailable)
            }
        }
    }
}

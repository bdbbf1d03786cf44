// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore

/// `socle client`: the applications that may use this server. A running server sees a change at its next request.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Create, entitle, list and disable OAuth clients, or let an editor register its own.",
        subcommands: [Create.self, Entitle.self, List.self, Disable.self, Invite.self])

    /// As the command line and the older specifications spell `client_secret_basic` and the others.
    enum Authentication: String, CaseIterable, ExpressibleByArgument {
        case basic, post, none

        var method: Client.Authentication {
            switch self {
            case .basic: .basic
            case .post: .post
            case .none: .none
            }
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register an application; prints its secret, this once.",
            discussion: """
                Without --secret-stdin a secret of 256 bits is drawn. Without --grant: authorization_code and \
                refresh_token with a --redirect-uri, else client_credentials. Without --scope: openid and profile \
                for people, access:evaluate for an application alone, with access:assert where a --subject says for \
                whom it speaks.

                Without a user, an application deposits the documents of its structure (--subject system --structure \
                IDENT) or asks for pseudonymised statistics (--subject system --pseudonymised); unless said, it is \
                registered for that alone.

                --metadata reads a file in the words of RFC 7591 in place of the options that say the same: keys \
                (jwks, jwks_uri, private_key_jwt), encryption, pairwise subjects, contacts, initiate_login_uri.
                """)

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Its identifier, as it will name itself.")
        var id: String
        @Flag(help: "Read the secret from the first line of standard input.")
        var secretStdin = false
        @Option(help: "What people read on pages.")
        var name: String?
        @Option(help: ArgumentHelp("May be repeated; matched exactly.", valueName: "u"))
        var redirectURI: [String] = []
        @Option(help: ArgumentHelp("May be repeated; matched exactly.", valueName: "u"))
        var postLogoutURI: [String] = []
        @Option(help: ArgumentHelp("Where it is told that a session ended.", valueName: "u"))
        var backchannelLogoutURI: String?
        @Option(
            help: ArgumentHelp("Its page that signs a browser out, of the origin of a redirect URI.", valueName: "u"))
        var frontchannelLogoutURI: String?
        @Option(help: ArgumentHelp("authorization_code, refresh_token or client_credentials.", valueName: "g"))
        var grant: [Client.GrantType] = []
        @Option(help: ArgumentHelp("One the client may be granted; may be repeated.", valueName: "s"))
        var scope: [String] = []
        @Option(help: "How it proves itself at the token endpoint: basic (unless said), post or none.")
        var auth: Authentication?
        @Option(help: ArgumentHelp("Of its ID tokens: RS256 (unless said), ES256, PS256 or EdDSA.", valueName: "a"))
        var idTokenAlg: SignatureAlgorithm?
        @Option(help: ArgumentHelp("Of its access tokens: ES256 (unless said), RS256, PS256 or EdDSA.", valueName: "a"))
        var accessTokenAlg: SignatureAlgorithm?
        @Option(help: ArgumentHelp("A file in the words of RFC 7591, instead of the options above.", valueName: "file"))
        var metadata: String?
        @Flag(help: "Not one of the region's own: people are asked before it is told anything.")
        var thirdParty = false
        @OptionGroup var entitlement: EntitlementOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func validate() throws {
            guard metadata != nil else { return }
            let lists = [redirectURI, postLogoutURI, scope, grant.map(\.rawValue)]
            guard lists.allSatisfy(\.isEmpty), name == nil, auth == nil, idTokenAlg == nil, accessTokenAlg == nil,
                backchannelLogoutURI == nil, frontchannelLogoutURI == nil
            else { throw ValidationError("--metadata takes the place of the options that say the same") }
        }

        func run() async throws {
            var registration = try registration()
            let secret = try secret(registration.authentication)
            registration.secret = secret.map { Secret($0) }
            registration.metadata.isThirdParty = thirdParty
            let faults = registration.faults + entitlement.faults(of: registration)
            guard faults.isEmpty else {
                throw CommandFailure("the client cannot be registered:\n" + faults.joined(separator: "\n"))
            }
            let access = entitlement.registration(of: registration)
            let stranger = try await Installation.using(installation.configuration()) { [registration] node in
                guard let client = registration.client(vault: node.vault, random: node.random) else {
                    throw CommandFailure("the client cannot be registered")
                }
                let stranger = try await access?.unknownStructure(in: node)
                var details: JSONObject = ["event": "client_created", "client": .string(id)]
                details["access"] = access?.json
                var changes: [any RecordChange] = [OAuthChange.createClient(client)]
                if let access { changes.append(AccessChange.register(access)) }
                try await node.commit(
                    changes,
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "there is a client `\(id)` already: choose another --id")
                entitlement.warn(of: id, in: node)
                return stranger
            }
            // No refusal: who provisions structures may be this very client.
            if let stranger {
                Console.warn("no structure `\(stranger)` is on record: nothing is permitted to \(id) before there is")
            }
            if json {
                Console.print(json: .object(summary(registration, access, secret: secretStdin ? nil : secret)))
            } else {
                Console.print("client \(id) created")
                if let secret, !secretStdin { Console.print("secret \(secret)") }
            }
        }

        private func secret(_ authentication: Client.Authentication) throws(CommandFailure) -> String? {
            if secretStdin { return try Console.secretLine("secret", limit: 512) }
            return authentication.usesSecret ? SecureRandom.system.token() : nil
        }

        private func registration() throws(CommandFailure) -> ClientRegistration {
            if let metadata { return try registration(reading: metadata) }
            let grants: Set<Client.GrantType>
            if !grant.isEmpty {
                grants = Set(grant)
            } else {
                grants = redirectURI.isEmpty ? [.clientCredentials] : [.authorizationCode, .refreshToken]
            }
            let people = grants.contains(.authorizationCode)
            var metadata = ClientMetadata()
            metadata.backChannelLogoutURI = backchannelLogoutURI
            metadata.frontChannelLogoutURI = frontchannelLogoutURI
            metadata.accessTokenAlgorithm = accessTokenAlg == .es256 ? nil : accessTokenAlg
            return ClientRegistration(
                id: id, name: name, authentication: (auth ?? .basic).method, redirectURIs: redirectURI,
                postLogoutRedirectURIs: postLogoutURI, grantTypes: grants,
                scopes: scope.isEmpty ? (people ? [Scope.openID, Scope.profile] : entitlement.scopes) : Set(scope),
                idTokenAlgorithm: idTokenAlg ?? .rs256, metadata: metadata)
        }

        private func registration(reading file: String) throws(CommandFailure) -> ClientRegistration {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw CommandFailure("\(file): cannot be read")
            }
            guard data.count <= 64 * 1024, let object = (try? JSONValue(parsing: Array(data)))?.object else {
                throw CommandFailure("\(file): is not one JSON object of at most 64 KiB")
            }
            do throws(RegistrationRefusal) {
                return try ClientRegistration(id: id, metadata: object)
            } catch {
                throw CommandFailure("\(file): \(error.message)")
            }
        }

        private func summary(
            _ registration: ClientRegistration, _ access: ApplicationRegistration?, secret: String?
        ) -> JSONObject {
            var object: JSONObject = ["client_id": .string(id)]
            if let secret { object["client_secret"] = .string(secret) }
            object["grant_types"] = JSONValue(registration.grantTypes.map(\.rawValue).sorted())
            object["scopes"] = JSONValue(registration.scopes.sorted())
            object["redirect_uris"] = JSONValue(registration.redirectURIs)
            object["post_logout_redirect_uris"] = JSONValue(registration.postLogoutRedirectURIs)
            for member in registration.metadata.json.members { object[member.name] = member.value }
            object["token_endpoint_auth_method"] = .string(registration.authentication.rawValue)
            object["id_token_signed_response_alg"] = .string(registration.idTokenAlgorithm.rawValue)
            object["access"] = access?.json
            return object
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every client; never a secret. With --json, what each may ask too.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let (clients, access) = try await Installation.using(installation.configuration()) { node in
                var all: [Client] = []
                while true {
                    let page = try await StoredClients(node.database).clients(after: all.last?.id, limit: 500)
                    all += page
                    if page.count < 500 { break }
                }
                return (all, json ? try await registrations(of: all, in: node) : [:])
            }
            if json {
                Console.print(json: ["clients": .array(clients.map { Self.json($0, access[$0.id]) })])
            } else {
                for client in clients {
                    Console.print("\(client.id)  \(client.name)" + (client.disabled ? "  (disabled)" : ""))
                }
            }
        }

        /// By client, of those that may ask.
        private func registrations(
            of clients: [Client], in node: Installation
        ) async throws -> [String: ApplicationRegistration] {
            let records = StoredAccessRecords(database: node.database)
            var found: [String: ApplicationRegistration] = [:]
            do throws(SocleAccess.RecordsUnavailable) {
                for client in clients where client.scopes.contains(Scope.evaluate) {
                    found[client.id] = try await records.registration(of: client.id)
                }
            } catch {
                throw CommandFailure("what clients may ask cannot be read: \(error.detail)")
            }
            return found
        }

        private static func json(_ client: Client, _ access: ApplicationRegistration?) -> JSONValue {
            var object: JSONObject = [
                "client_id": .string(client.id), "name": .string(client.name),
                "grant_types": JSONValue(client.grantTypes.map(\.rawValue).sorted()),
                "scopes": JSONValue(client.scopes.sorted()), "redirect_uris": JSONValue(client.redirectURIs),
                "disabled": .bool(client.disabled),
            ]
            object["access"] = access?.json
            return .object(object)
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a client from now on; its tokens stop working at once on Socle's endpoints.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Its identifier.")
        var id: String
        @OptionGroup var outcome: OutcomeOptions

        func run() async throws {
            let details: JSONObject = ["event": "client_disabled", "client": .string(id)]
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    [OAuthChange.disableClient(id: id)],
                    EntryDraft(kind: .administration, instant: node.clock(), actor: "operator", details: details),
                    refusal: "there is no client `\(id)`")
            }
            outcome.tell(details, "client \(id) disabled")
        }
    }
}

extension ApplicationRegistration {
    /// The structure it acts for, when no record says that there is one.
    func unknownStructure(in node: Installation) async throws -> String? {
        guard let structure else { return nil }
        return try await node.knows(.structure(structure)) ? nil : structure.value
    }
}

extension Client.GrantType: ExpressibleByArgument {}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleAudit
import SocleCrypto
import SocleJSON
import SocleOIDC
import SocleStore

/// `socle client`: the applications that may use this server. A running server sees a change at its next request.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Create, list and disable OAuth clients, or let an editor register its own.",
        subcommands: [Create.self, List.self, Disable.self, Invite.self])

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
                for people, access:evaluate for an application alone.

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
        @Option(
            help: ArgumentHelp(
                "With access:evaluate, a purpose it may ask for (TREAT and BTG unless said); may be repeated.",
                valueName: "p"))
        var purpose: [String] = []
        @Option(
            help: ArgumentHelp(
                "With access:evaluate, a resource type it holds and may ask about; may be repeated.", valueName: "t"))
        var resourceType: [String] = []
        @Option(
            help: ArgumentHelp(
                "With access:evaluate, a type it may ask about without holding it; may be repeated.", valueName: "t"))
        var aboutType: [String] = []
        @Option(
            help: ArgumentHelp(
                "With access:evaluate, an action it may ask about (read, search, create and update unless said); may "
                    + "be repeated.", valueName: "a"))
        var action: [String] = []
        @Flag(
            help: ArgumentHelp(
                "With access:evaluate, it may read how an answer was reached (context.trace), a patient's choices "
                    + "included: for the tool of whoever administers rights."))
        var trace = false
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
            var faults = registration.faults
            if trace, !registration.scopes.contains(Scope.evaluate) {
                faults.append("--trace is for a client that asks: add --scope \(Scope.evaluate)")
            }
            guard faults.isEmpty else {
                throw CommandFailure("the client cannot be registered:\n" + faults.joined(separator: "\n"))
            }
            try await Installation.using(installation.configuration()) { [registration] node in
                guard let client = registration.client(vault: node.vault, random: node.random) else {
                    throw CommandFailure("the client cannot be registered")
                }
                try await node.commit(
                    [OAuthChange.createClient(client)] + entitlement(registration),
                    EntryDraft(
                        kind: .administration, instant: node.clock(), actor: "operator",
                        details: ["event": "client_created", "client": .string(id)]),
                    refusal: "there is a client `\(id)` already: choose another --id")
            }
            if json {
                Console.print(json: .object(summary(registration, secret: secretStdin ? nil : secret)))
            } else {
                Console.print("client \(id) created")
                if let secret, !secretStdin { Console.print("secret \(secret)") }
            }
        }

        /// What a client that may ask is registered for (rule R-APP-1): the care of patients, about what the e-Parcours
        /// services share, unless the options say otherwise. Who holds `access:assert` vouches for its own users.
        private func entitlement(_ registration: ClientRegistration) -> [any RecordChange] {
            guard registration.scopes.contains(Scope.evaluate) else { return [] }
            let types: Set<String> =
                resourceType.isEmpty && aboutType.isEmpty
                ? ["document", "document_list", "liaison_note", "careplan_pps"] : Set(resourceType)
            let asserts = registration.scopes.contains(Scope.assert)
            return [
                AccessChange.register(
                    ApplicationRegistration(
                        clientID: id, service: id, purposes: purpose.isEmpty ? ["TREAT", "BTG"] : Set(purpose),
                        actions: action.isEmpty ? ["read", "search", "create", "update"] : Set(action),
                        resourceTypes: types.union(aboutType), heldTypes: types,
                        assertedSubjects: asserts ? [.professional] : [], namesByRPPS: asserts, traces: trace))
            ]
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
                scopes: scope.isEmpty ? (people ? [Scope.openID, Scope.profile] : [Scope.evaluate]) : Set(scope),
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

        private func summary(_ registration: ClientRegistration, secret: String?) -> JSONObject {
            var object: JSONObject = ["client_id": .string(id)]
            if let secret { object["client_secret"] = .string(secret) }
            object["grant_types"] = JSONValue(registration.grantTypes.map(\.rawValue).sorted())
            object["scopes"] = JSONValue(registration.scopes.sorted())
            object["redirect_uris"] = JSONValue(registration.redirectURIs)
            object["post_logout_redirect_uris"] = JSONValue(registration.postLogoutRedirectURIs)
            for member in registration.metadata.json.members { object[member.name] = member.value }
            object["token_endpoint_auth_method"] = .string(registration.authentication.rawValue)
            object["id_token_signed_response_alg"] = .string(registration.idTokenAlgorithm.rawValue)
            return object
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show every client; never a secret.")

        @OptionGroup var installation: InstallationOptions
        @Flag(help: "Print one JSON object.")
        var json = false

        func run() async throws {
            let clients = try await Installation.using(installation.configuration()) { node in
                var all: [Client] = []
                while true {
                    let page = try await StoredClients(node.database).clients(after: all.last?.id, limit: 500)
                    all += page
                    if page.count < 500 { return all }
                }
            }
            if json {
                Console.print(
                    json: [
                        "clients": .array(
                            clients.map {
                                [
                                    "client_id": .string($0.id), "name": .string($0.name),
                                    "grant_types": JSONValue($0.grantTypes.map(\.rawValue).sorted()),
                                    "scopes": JSONValue($0.scopes.sorted()),
                                    "redirect_uris": JSONValue($0.redirectURIs),
                                    "disabled": .bool($0.disabled),
                                ]
                            })
                    ])
            } else {
                for client in clients {
                    Console.print("\(client.id)  \(client.name)" + (client.disabled ? "  (disabled)" : ""))
                }
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a client from now on; its tokens stop working at once on Socle's endpoints.")

        @OptionGroup var installation: InstallationOptions
        @Option(help: "Its identifier.")
        var id: String

        func run() async throws {
            try await Installation.using(installation.configuration()) { node in
                try await node.commit(
                    [OAuthChange.disableClient(id: id)],
                    EntryDraft(
                        kind: .administration, instant: node.clock(), actor: "operator",
                        details: ["event": "client_disabled", "client": .string(id)]),
                    refusal: "there is no client `\(id)`")
            }
            Console.print("client \(id) disabled")
        }
    }
}

extension Client.GrantType: ExpressibleByArgument {}

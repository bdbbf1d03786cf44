// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import Logging
import SocleAudit
import SocleCrypto
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import TestSupport
import Testing

@testable import socle

/// A demonstration in this process: its own folder, no socket.
private struct Demo {
    let folder: TemporaryFolder
    let directory: DemoDirectory
    let secrets: DemoSecrets
    let installation: Installation
    let node: Node

    init(in folder: TemporaryFolder? = nil) async throws {
        self.folder = try folder ?? TemporaryFolder()
        directory = try DemoDirectory(making: self.folder.path)
        secrets = try DemoSecrets.loadOrCreate(directory, random: .system)
        installation = try await Installation.open(directory.configuration(port: 8080))
        try await Demonstration(installation: installation, secrets: secrets).load()
        node = try Node(installation, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func token(_ client: String, _ scope: String) async throws -> String {
        let secret = secrets.clients[client] ?? ""
        var request = WebRequest(
            method: .post, path: "/oauth2/token", headers: [.contentType: "application/x-www-form-urlencoded"],
            body: Array("grant_type=client_credentials&scope=\(scope)".utf8))
        if DemoService.all.contains(where: { $0.id == client && $0.authentication == .post }) {
            request.body += Array("&client_id=\(client)&client_secret=\(secret)".utf8)
        } else {
            request.headers[.authorization] = "Basic " + Data("\(client):\(secret)".utf8).base64EncodedString()
        }
        let response = await node.site.respond(to: request)
        #expect(response.status == .ok, "\(String(decoding: response.body, as: UTF8.self))")
        return try #require(JSONValue(parsing: response.body)["access_token"]?.string)
    }

    func ask(_ question: JSONValue, _ token: String?) async throws -> (HTTPResponse.Status, JSONValue) {
        var request = WebRequest(
            method: .post, path: "/access/v1/evaluation", headers: [.contentType: "application/json"],
            body: question.bytes)
        if let token { request.headers[.authorization] = "Bearer \(token)" }
        let response = await node.site.respond(to: request)
        return (response.status, (try? JSONValue(parsing: response.body)) ?? .null)
    }

    func claims(_ login: String) async throws -> PersonClaims? {
        guard let subject = secrets.accounts[login]?.subject else { return nil }
        return try await node.registry.claims.claims(subject, nil)
    }

    func summary() async throws -> JSONValue { try await node.summary(directory, secrets).json }
}

@Suite("Demonstration · issue 2 point 4")
struct DemonstrationTests {
    @Test("every question printed gets the answer printed, over the routes, and its reason") func questions()
        async throws
    {
        let demo = try await Demo()
        let token = try await demo.token("point-acces-pro", "access:evaluate+access:assert")
        for question in DemoQuestion.all {
            let (status, answer) = try await demo.ask(question.request, token)
            #expect(status == .ok)
            #expect(answer["decision"]?.bool == question.expected, "\(question.title): \(answer.text)")
            #expect(answer["context"]?["reason"]?.string == question.reason, "\(question.title)")
        }
        await demo.installation.close()
    }

    @Test("without a token, or without the right to assert, nothing is answered") func refused() async throws {
        let demo = try await Demo()
        let question = DemoQuestion.all[0].request
        #expect(try await demo.ask(question, nil).0 == .unauthorized)
        let narrow = try await demo.token("point-acces-pro", "access:evaluate")
        #expect(try await demo.ask(question, narrow).0 == .forbidden)
        let other = try await demo.token("exploitation-donnees", "access:evaluate")
        #expect(try await demo.ask(question, other).0 == .forbidden)
        await demo.installation.close()
    }

    /// One question of an application without a user, and the start of its answer.
    private struct Alone {
        var client: String
        var action: String
        var resource: JSONValue
        var purpose = "TREAT"
        var pseudonymised = false
        var subject: JSONValue = ["type": "system", "id": "self"]
        var reason: String

        static func document(of patient: String, from structure: String) -> JSONValue {
            [
                "type": "document", "id": "DOC-NEW",
                "properties": ["patient": .string(patient), "author_structure": .string(structure)],
            ]
        }

        static let all: [Alone] = {
            let karim = document(of: "PAT-KARIM", from: "STR-CH-VDM")
            let data: JSONValue = ["type": "journey_data", "id": "J-1"]
            let nadir: JSONValue = [
                "type": "professional", "id": "rpps:899700100022",
                "properties": ["situation": "STR-CAB-IDEL", "method": "psc", "acr": "eidas1"],
            ]
            let unregistered = "client_not_entitled"
            return [
                Alone(client: "eai", action: "create", resource: karim, reason: "system_deposit"),
                Alone(
                    client: "eai", action: "create", resource: document(of: "PAT-KARIM", from: "STR-CAB-MOREL"),
                    reason: "user_context_required"),
                Alone(
                    client: "eai", action: "create", resource: document(of: "PAT-ADELE", from: "STR-CH-VDM"),
                    reason: "user_context_required"),
                Alone(client: "eai", action: "read", resource: karim, reason: unregistered),
                Alone(client: "eai", action: "create", resource: karim, purpose: "BTG", reason: unregistered),
                Alone(client: "eai", action: "create", resource: karim, subject: nadir, reason: unregistered),
                Alone(
                    client: "eai", action: "export", resource: data, purpose: "STAT", pseudonymised: true,
                    reason: unregistered),
                Alone(
                    client: "exploitation-donnees", action: "export", resource: data, purpose: "STAT",
                    pseudonymised: true, reason: "pseudonymised"),
                Alone(
                    client: "exploitation-donnees", action: "export", resource: data, purpose: "STAT",
                    reason: "identified_data"),
                Alone(
                    client: "exploitation-donnees", action: "export", resource: data, pseudonymised: true,
                    reason: unregistered),
                Alone(
                    client: "exploitation-donnees", action: "read", resource: karim, purpose: "STAT",
                    pseudonymised: true, reason: unregistered),
                Alone(
                    client: "exploitation-donnees", action: "export", resource: data, purpose: "STAT",
                    pseudonymised: true, subject: nadir, reason: unregistered),
                Alone(client: "point-acces-pro", action: "create", resource: karim, reason: unregistered),
            ]
        }()

        var request: JSONValue {
            [
                "subject": subject, "action": ["name": .string(action)], "resource": resource,
                "context": ["purpose": .string(purpose), "pseudonymised": .bool(pseudonymised)],
            ]
        }
    }

    @Test("without a user, the bus deposits for its hospital and statistics are pseudonymised; nothing else is opened")
    func alone() async throws {
        let demo = try await Demo()
        for question in Alone.all {
            let token = try await demo.token(question.client, "access:evaluate+access:assert")
            let (status, answer) = try await demo.ask(question.request, token)
            #expect(status == .ok)
            let permits = ["system_deposit", "pseudonymised"].contains(question.reason)
            #expect(answer["decision"]?.bool == permits, "\(question.request.text): \(answer.text)")
            #expect(answer["context"]?["reason"]?.string == question.reason, "\(question.request.text)")
        }
        for client in ["eai", "exploitation-donnees"] {
            let narrow = try await demo.token(client, "access:evaluate")
            #expect(try await demo.ask(Alone.all[0].request, narrow).0 == .forbidden)
        }
        await demo.installation.close()
    }

    @Test("the launcher lists each service that people sign in to, at its own address, and no other") func launcher()
        async throws
    {
        let demo = try await Demo()
        let clients = StoredClients(demo.installation.database)
        let login = try #require(Login("awa.sarr"))
        let account = try #require(try await StoredAccounts(demo.installation.database).account(login: login))
        let launcher = Launcher(clients: clients, issuer: "https://socle.example")
        let links = try await launcher.services(of: account)
        let expected = DemoService.all.filter {
            $0.grantTypes.contains(.authorizationCode) && $0.authentication != .none
        }
        #expect(expected.count >= 12)
        #expect(Set(links.map(\.url)) == Set(expected.map { "https://\($0.id).region.invalid/" }))
        #expect(Set(links.map(\.name)) == Set(expected.map(\.name)))
        let assessment = try #require(links.firstIndex { $0.name == "Évaluation des besoins" })
        let orientation = try #require(links.firstIndex { $0.name == "Orientation" })
        #expect(assessment < orientation, "in the order of a dictionary")
        try await demo.installation.commit(
            [OAuthChange.disableClient(id: expected[0].id)],
            EntryDraft(kind: .administration, instant: demo.installation.clock(), actor: "operator", details: [:]),
            refusal: "no such client")
        #expect(try await launcher.services(of: account).count == expected.count - 1)
        await demo.installation.close()
    }

    @Test("ready while the lane takes entries, and not once it is closed") func ready() async throws {
        let demo = try await Demo()
        demo.node.readiness.begin()
        let entries: Statement = "SELECT count(*) FROM journal_entries"
        let before = try await demo.installation.database.rows(entries, []).map(\.values)
        #expect(await demo.node.site.respond(to: WebRequest(path: "/health/ready")).status == .ok)
        #expect(try await demo.installation.database.rows(entries, []).map(\.values) == before)
        await demo.installation.close()
        let answer = await demo.node.site.respond(to: WebRequest(path: "/health/ready"))
        #expect(answer.status == .serviceUnavailable)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(#""failing":["lane"]"#))
        #expect(await demo.node.site.respond(to: WebRequest(path: "/health/live")).status == .ok)
    }

    @Test("userinfo has the two names of a professional, and an administrator's one") func names() async throws {
        let demo = try await Demo()
        let sarr = try #require(try await demo.claims("awa.sarr"))
        #expect(sarr.name == "Awa Sarr" && sarr.givenName == "Awa" && sarr.familyName == "Sarr")
        let administrator = try #require(DemoAccount.all.first { $0.professional == nil })
        let other = try #require(try await demo.claims(administrator.login))
        #expect(other.name == administrator.name && other.givenName == nil && other.familyName == nil)
        await demo.installation.close()
    }

    @Test("what --json prints has the shape promised") func shape() async throws {
        let demo = try await Demo()
        let json = try await demo.summary()
        #expect(json.object?.names == ["issuer", "accounts", "clients", "questions"])
        #expect(json["issuer"] == "http://localhost:8080")
        let accounts = try #require(json["accounts"]?.array)
        #expect(accounts.count >= 5)
        for account in accounts {
            #expect(account.object?.names == ["login", "password", "totp_secret", "roles", "situations"])
            #expect(account["totp_secret"]?.string.flatMap { Base32.decode($0) }?.count == 20)
            for situation in account["situations"]?.array ?? [] {
                #expect(situation.object?.names == ["id", "label"])
            }
        }
        #expect(accounts.contains { $0["roles"]?.strings?.contains("admin") == true })
        #expect(accounts.contains { ($0["situations"]?.array?.count ?? 0) > 1 })
        let clients = try #require(json["clients"]?.array)
        #expect(
            clients.allSatisfy {
                $0.object?.names == ["client_id", "client_secret", "grant_types", "scopes", "redirect_uris"]
            })
        #expect(clients.filter { $0["client_secret"]?.isNull == true }.count == 1)
        let questions = try #require(json["questions"]?.array)
        #expect(questions.count >= 6)
        #expect(questions.allSatisfy { $0.object?.names == ["request", "expected"] })
        #expect(!json.text.contains("\n"))
        await demo.installation.close()
    }

    @Test("a second start finds everything and loads nothing") func reuse() async throws {
        let folder = try TemporaryFolder()
        let first = try await Demo(in: folder)
        let printed = try await first.summary()
        let revisions: Statement = "SELECT kind, id, revision FROM record_revisions ORDER BY kind, id"
        let before = try await first.installation.database.read { connection throws(StoreError) in
            try connection.rows(revisions).map(\.values)
        }
        await first.installation.close()
        let second = try await Demo(in: folder)
        #expect(try await second.summary() == printed)
        let after = try await second.installation.database.read { connection throws(StoreError) in
            try connection.rows(revisions).map(\.values)
        }
        #expect(before == after)
        await second.installation.close()
    }

    @Test("a loading that was interrupted is completed") func interrupted() async throws {
        let folder = try TemporaryFolder()
        let directory = try DemoDirectory(making: folder.path)
        let installation = try await Installation.open(directory.configuration(port: 8080))
        for submission in try Region().submissions(at: installation.clock()).dropLast(2) {
            _ = try await installation.lane.commit(submission)
        }
        await installation.close()
        let demo = try await Demo(in: folder)
        let patients = try await demo.installation.database.read { connection throws(StoreError) in
            try connection.rows("SELECT COUNT(*) FROM record_revisions WHERE kind = 'patient'").first?.values
        }
        #expect(patients == [.integer(500)])
        await demo.installation.close()
    }

    @Test("the server says so on its first line once it listens, and ends well on SIGTERM") func process() throws {
        let folder = try TemporaryFolder()
        let demo = try Program(Binary.url.path, ["demo", "--data", folder.path + "/demo", "--port", "0", "--json"])
        defer { demo.signal(SIGKILL) }
        let json = try JSONValue(parsing: try #require(demo.line()))
        let port = try #require(json["issuer"]?.string?.split(separator: ":").last.flatMap { UInt16($0) })
        #expect(canConnect(port))
        demo.signal(SIGTERM)
        #expect(demo.wait() == 0)
        #expect(!canConnect(port))
    }

    private func canConnect(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleCrypto
import SocleJOSE
import SocleJSON
import TestSupport
import Testing

/// The executable built beside this test bundle, run as a person runs it.
enum Binary {
    struct Outcome: Equatable {
        var status: Int32
        var output: String
        var error: String
    }

    static var url: URL {
        // The bundle is `socle…PackageTests.xctest`, in the same folder as the products.
        let first = URL(fileURLWithPath: CommandLine.arguments.first ?? "")
        let beside = first.deletingLastPathComponent().appendingPathComponent("socle")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(".build/debug/socle")
    }

    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> Outcome {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SOCLE_") }
        let outcome = try Program.run(
            url.path, arguments, environment: inherited.merging(environment) { $1 }, input: input.utf8)
        return Outcome(status: outcome.status, output: outcome.output, error: outcome.error)
    }
}

@Suite("Commands · exit status of DESIGN section 3")
struct CommandTests {
    @Test(
        "help goes to standard output and exits 0",
        arguments: [
            ["--help"], ["demo", "--help"], ["demo", "code", "--help"], ["serve", "--help"], ["help", "demo"],
        ])
    func help(arguments: [String]) throws {
        let outcome = try Binary.run(arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: socle"))
        #expect(outcome.error.isEmpty)
    }

    @Test(
        "wrong usage exits 2 with its explanation on standard error",
        arguments: [
            ["frobnicate"], ["--frobnicate"], ["demo", "--port"], ["demo", "--port", "x"],
            ["demo", "--port", "65536"], ["demo", "--port", "-1"], ["demo", "extra"], ["demo", "code"],
            ["demo", "code", "marie"], ["serve"], ["serve", "--config"], ["migrate"],
            ["migrate", "--data", "x", "--config", "y"], ["client", "create", "--id", "x"],
            ["client", "create", "--data", "x"], ["client", "create", "--data", "x", "--id", "y", "--auth", "magic"],
            ["client", "create", "--data", "x", "--id", "y", "--grant", "implicit"],
            ["client", "create", "--data", "x", "--id", "y", "--id-token-alg", "none"],
            ["decide", "--data", "x", "--client", "y"], ["decide", "--data", "x", "--subject", "rpps:1"],
            ["decide", "--client", "y", "--subject", "rpps:1"],
            ["decide", "--data", "x", "--client", "y", "--subject", "rpps:1", "--question", "f"],
            ["decide", "--data", "x", "--client", "y", "--question", "f", "--patient", "PAT-1"],
            ["decide", "--data", "x", "--client", "y", "--subject", "rpps:1", "--at", "tomorrow"],
            ["user", "create", "--data", "x", "--login", "a"],
            ["user", "create", "--data", "x", "--login", "a b", "--password-stdin"],
            ["user", "create", "--data", "x", "--password-stdin"],
            [
                "user", "create", "--data", "x", "--login", "a", "--password-stdin", "--professional", "899700100022",
                "--admin",
            ],
            [
                "user", "create", "--data", "x", "--login", "a", "--password-stdin", "--professional", "899700100022",
                "--admin-role", "policy_approver",
            ],
            ["client", "create", "--data", "x", "--id", "y", "--purpose", "treat"],
            ["client", "create", "--data", "x", "--id", "y", "--purpose", "Treat"],
            ["client", "entitle", "--data", "x", "--id", "y", "--purpose", "TREAT,BTG"],
            ["client", "entitle", "--data", "x", "--id", "y", "--purpose", ""],
        ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Binary.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains("Error:"))
        #expect(outcome.error.contains("--help"))
    }

    @Test("a configuration that cannot be read exits 1 and names the file") func unreadable() throws {
        let outcome = try Binary.run(["serve", "--config", "/nowhere/socle.yaml"])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("/nowhere/socle.yaml: cannot be read"))
    }

    @Test("every fault of a configuration is told before anything is opened") func faults() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/socle.yaml"
        try "issuer: http://a.example\nport: 1\n".write(toFile: file, atomically: true, encoding: .utf8)
        let outcome = try Binary.run(["serve", "--config", file])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("\(file):1: `issuer`"))
        #expect(outcome.error.contains("\(file):2: `port` is not a known setting"))
        #expect(outcome.error.contains("`database` is missing"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["socle.yaml"])
    }

    @Test(
        "a folder without a demonstration is refused", arguments: [["migrate"], ["client", "list"], ["user", "list"]])
    func noDemonstration(command: [String]) throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(command + ["--data", folder.path])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("holds no demonstration"))
    }
}

/// An installation of its own: a configuration, a master key, nothing else yet.
struct Prepared {
    let folder: TemporaryFolder
    var file: String { folder.path + "/socle.yaml" }

    init() throws {
        folder = try TemporaryFolder()
        let key = folder.path + "/master.key"
        try String(repeating: "5a", count: 32).write(toFile: key, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try """
        issuer: https://socle.example.fr
        database: { sqlite: socle.db }
        keys: { directory: keys, master_key_file: master.key }
        """.write(toFile: file, atomically: true, encoding: .utf8)
    }

    func run(_ arguments: String..., input: String = "") throws -> Binary.Outcome {
        try run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "") throws -> Binary.Outcome {
        try Binary.run(arguments + ["--config", file], input: input)
    }

    /// A file beside the configuration, by its path.
    func write(_ text: String, as name: String) throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func json(_ outcome: Binary.Outcome) throws -> JSONValue {
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.hasSuffix("\n"))
        return try JSONValue(parsing: outcome.output.trimmingCharacters(in: .newlines))
    }
}

@Suite("Commands on an installation · issue 2 point 4")
struct InstallationCommandTests {
    @Test("migrate applies everything once") func migrate() throws {
        let prepared = try Prepared()
        let first = try prepared.json(prepared.run("migrate", "--json"))
        #expect(first["applied"]?.array?.isEmpty == false)
        let second = try prepared.json(prepared.run("migrate", "--json"))
        #expect(second == ["applied": []])
    }

    @Test("client create prints a drawn secret, and no list shows it") func clientCreate() throws {
        let prepared = try Prepared()
        let created = try prepared.json(
            prepared.run(
                "client", "create", "--id", "portal", "--name", "Portail", "--redirect-uri", "https://a.example/cb",
                "--post-logout-uri", "https://a.example/", "--grant", "authorization_code", "--scope", "openid",
                "--auth", "post", "--id-token-alg", "ES256", "--json"))
        #expect(created["client_secret"]?.string?.count == 43)
        #expect(created["grant_types"] == ["authorization_code"])
        #expect(created["token_endpoint_auth_method"] == "client_secret_post")
        #expect(created["id_token_signed_response_alg"] == "ES256")
        let list = try prepared.run("client", "list", "--json")
        #expect(list.output.contains("\"portal\""))
        #expect(!list.output.contains(created["client_secret"]?.string ?? "?"))
    }

    @Test("client create reads a file in the words of RFC 7591: keys, no secret, third party when told") func metadata()
        throws
    {
        let prepared = try Prepared()
        let key = try SigningKey.generate(.es256).publicKey
        let set = JWKSet([JWK(key: key, keyID: "k-1", algorithm: .es256)]).json
        let said: JSONValue = [
            "client_name": "Dossier", "token_endpoint_auth_method": "private_key_jwt", "jwks": .object(set),
            "redirect_uris": ["http://localhost:8090/cb"], "scope": "openid profile access:evaluate rpps",
            "contacts": ["tech@a.example"], "initiate_login_uri": "https://a.example/start",
            "backchannel_logout_uri": "http://localhost:8090/told", "request_object_encryption_alg": "RSA-OAEP",
        ]
        let file = try prepared.write(said.text, as: "client.json")
        let created = try prepared.json(
            prepared.run("client", "create", "--id", "dossier", "--metadata", file, "--third-party", "--json"))
        #expect(created["client_secret"] == nil && created["token_endpoint_auth_method"] == "private_key_jwt")
        #expect(created["jwks"] == .object(set) && created["socle_third_party"] == true)
        #expect(created["initiate_login_uri"] == "https://a.example/start")
        #expect(created["backchannel_logout_uri"] == "http://localhost:8090/told")
        #expect(created["scopes"] == ["access:evaluate", "openid", "profile", "rpps"])
        let secret = try prepared.json(
            prepared.run(
                "client", "create", "--id", "second", "--json", "--metadata",
                try prepared.write(#"{"redirect_uris":["https://a.example/cb"]}"#, as: "second.json")))
        #expect(secret["client_secret"]?.string?.count == 43 && secret["socle_third_party"] == nil)
    }

    @Test(
        "a file at fault registers nothing, and says what is wrong",
        arguments: [
            "{", "[]", #"{"redirect_uris":["https://a.example/*"]}"#, #"{"redirect_uris":[]}"#,
            #"{"redirect_uris":["https://a.example/cb"],"token_endpoint_auth_method":"private_key_jwt"}"#,
            #"{"redirect_uris":["https://a.example/cb"],"scope":"openid everything"}"#,
            #"{"redirect_uris":["https://a.example/cb"],"jwks_uri":"https://10.0.0.1/jwks"}"#,
            #"{"redirect_uris":["https://a.example/cb"],"frontchannel_logout_uri":"https://b.example/out"}"#,
            #"{"redirect_uris":["https://a.example/cb"],"dpop_bound_access_tokens":true}"#,
            #"{"redirect_uris":["https://a.example/cb"],"id_token_signed_response_alg":"none"}"#,
        ])
    func metadataAtFault(text: String) throws {
        let prepared = try Prepared()
        let file = try prepared.write(text, as: "client.json")
        let outcome = try prepared.run("client", "create", "--id", "x", "--metadata", file)
        #expect(outcome.status == 1 && !outcome.error.isEmpty && outcome.output.isEmpty)
        #expect(try prepared.run("client", "list").output.isEmpty)
        let both = try prepared.run("client", "create", "--id", "x", "--metadata", file, "--scope", "openid")
        #expect(both.status == 2)
        #expect(try prepared.run("client", "create", "--id", "x", "--metadata", "/nowhere.json").status == 1)
    }

    @Test("a secret on standard input is not echoed; a second client of that name is refused") func clientTwice() throws
    {
        let prepared = try Prepared()
        let arguments = ["client", "create", "--id", "eai", "--secret-stdin", "--json", "--config", prepared.file]
        let first = try Binary.run(arguments, input: "a secret of 8 or more\n")
        #expect(first.status == 0, "\(first.error)")
        #expect(!first.output.contains("a secret"))
        let second = try Binary.run(arguments, input: "another secret\n")
        #expect(second.status == 1)
        #expect(second.error.contains("there is a client `eai` already"))
        #expect(try prepared.run("client", "disable", "--id", "eai").status == 0)
        #expect(try prepared.run("client", "disable", "--id", "nobody").status == 1)
        #expect(try prepared.run("client", "list").output.contains("(disabled)"))
    }

    @Test(
        "a client that could not be safe is refused with every reason",
        arguments: [
            ["--redirect-uri", "http://a.example/cb"], ["--auth", "none"], ["--scope", "everything"],
            ["--grant", "authorization_code"], ["--redirect-uri", "https://a.example/*"],
            ["--auth", "none", "--redirect-uri", "https://a.example/cb", "--scope", "access:assert"],
        ])
    func unsafeClient(options: [String]) throws {
        let prepared = try Prepared()
        let outcome = try Binary.run(["client", "create", "--id", "x", "--config", prepared.file] + options)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("the client cannot be registered"))
        #expect(outcome.output.isEmpty)
    }

    @Test("user create prints the second factor; its password is read, never shown") func userCreate() throws {
        let prepared = try Prepared()
        let created = try prepared.json(
            prepared.run(
                "user", "create", "--login", "Claire", "--password-stdin", "--admin", "--json",
                input: "correct horse battery\n"))
        let secret = try #require(created["totp_secret"]?.string)
        #expect(Base32.decode(secret)?.count == 20)
        #expect(created["otpauth"]?.string?.contains("secret=\(secret)") == true)
        let list = try prepared.run("user", "list")
        #expect(list.output == "claire  claire  (platform_admin)\n")
        let again = try prepared.run(
            "user", "create", "--login", "claire", "--password-stdin", input: "correct horse battery\n")
        #expect(again.status == 1)
        #expect(again.error.contains("there is an account `claire` already"))
    }

    @Test(
        "a password that is absent or short is refused, and so is a professional nobody knows",
        arguments: [("", []), ("short\n", []), ("long enough a password\n", ["--professional", "899700100022"])])
    func unsafeUser(input: String, options: [String]) throws {
        let prepared = try Prepared()
        let outcome = try Binary.run(
            ["user", "create", "--config", prepared.file, "--login", "a", "--password-stdin"] + options, input: input)
        #expect(outcome.status == 1)
        #expect(!outcome.error.contains("long enough"))
        #expect(try prepared.run("user", "list").output.isEmpty)
    }

    @Test("an administrator has a role of the platform, or one that the policies in force name") func roles() throws {
        let prepared = try Prepared()
        func create(_ login: String, _ role: String) throws -> Binary.Outcome {
            try prepared.run(
                "user", "create", "--login", login, "--password-stdin", "--admin-role", role,
                input: "correct horse battery\n")
        }
        for stranger in ["foo", "policy_aprover", "Policy_approver", "admin"] {
            let refused = try create("a", stranger)
            #expect(refused.status == 1 && refused.error.contains("there is no role `\(stranger)`"), "\(stranger)")
        }
        #expect(try prepared.run("user", "list").output.isEmpty)
        for (login, role) in [("a", "policy_author"), ("b", "policy_approver"), ("c", "rights_admin")] {
            #expect(try create(login, role).status == 0, "\(role)")
        }
        let disabled = try prepared.json(prepared.run("user", "disable", "--login", "c", "--json"))
        #expect(disabled["done"]?.string == "account_disabled" && disabled["account"]?.string != nil)
    }

    @Test("a password is reset once, in clear here alone; its end is told, and nobody else's changes")
    func resetPassword()
        throws
    {
        let prepared = try Prepared()
        let created = try prepared.run(
            "user", "create", "--login", "claire", "--password-stdin", input: "correct horse battery\n")
        #expect(created.status == 0)
        let reset = try prepared.json(prepared.run("user", "reset-password", "Claire", "--hours", "2", "--json"))
        let password = try #require(reset["password"]?.string)
        #expect(password.wholeMatch(of: #/[a-z2-7]{4}(-[a-z2-7]{4}){3}/#) != nil && reset["expires"]?.string != nil)
        let again = try prepared.json(prepared.run("user", "reset-password", "claire", "--json"))
        #expect(again["password"]?.string != password)
        for name in try FileManager.default.contentsOfDirectory(atPath: prepared.folder.path) {
            let stored = FileManager.default.contents(atPath: prepared.folder.path + "/" + name) ?? Data()
            #expect(stored.range(of: Data(password.utf8)) == nil, "\(name)")
        }
        let factor = try prepared.json(prepared.run("user", "reset-second-factor", "claire", "--json"))
        let code = try #require(factor["enrolment_code"]?.string)
        #expect(code.wholeMatch(of: #/[a-z2-7]{4}(-[a-z2-7]{4}){3}/#) != nil && code != password)
        #expect(try prepared.run("user", "reset-second-factor", "nobody").status == 1)
        for login in ["nobody", "é", ""] {
            let refused = try prepared.run("user", "reset-password", login)
            #expect(refused.status == 1 && refused.error.contains("there is no account"))
        }
        for hours in ["0", "169", "-1"] {
            #expect(try prepared.run("user", "reset-password", "claire", "--hours=\(hours)").status == 2)
        }
    }

    @Test("another master key opens nothing") func anotherMasterKey() throws {
        let prepared = try Prepared()
        #expect(try prepared.run("user", "list").status == 0)
        let other = try Binary.run(
            ["user", "list", "--config", prepared.file],
            environment: ["SOCLE_MASTER_KEY": String(repeating: "11", count: 32)])
        #expect(other.status == 1)
    }
}

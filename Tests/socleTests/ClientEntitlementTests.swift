// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON
import TestSupport
import Testing

@Suite("client create · what a client may ask, and about whom (R-APP-1)")
struct ClientEntitlementTests {
    /// Options, and what the refusal says.
    struct Row: CustomTestStringConvertible, Sendable {
        var options: [String]
        var words: String
        var testDescription: String { options.joined(separator: " ") }

        init(_ options: String, _ words: String) {
            self.options = options.split(separator: " ").map(String.init)
            self.words = words
        }
    }

    @Test(
        "options that are malformed or contradict each other are wrong usage",
        arguments: [
            Row("--subject robot", "'professional', 'patient', 'related_person', 'system' or 'admin'"),
            Row("--subject System", "invalid"),
            Row("--subject relatedPerson", "related_person"),
            Row("--subject system", "--structure"),
            Row("--subject professional --subject system", "--structure"),
            Row("--structure STR-1", "add --subject system"),
            Row("--subject professional --structure STR-1", "add --subject system"),
            Row("--subject system --structure STR:1", "identifier of a structure"),
            Row("--subject system --structure STR-É", "identifier of a structure"),
            Row("--subject system --structure=", "--structure"),
            Row("--subject system --structure " + String(repeating: "1", count: 65), "identifier of a structure"),
            Row("--pseudonymised", "--subject system"),
            Row("--subject professional --pseudonymised", "--subject system"),
            Row("--subject system --subject professional --pseudonymised", "no other kind"),
            Row("--subject system --structure STR-1 --pseudonymised", "two clients"),
            Row("--subject system --pseudonymised --purpose TREAT", "STAT and no other"),
            Row("--subject system --pseudonymised --purpose STAT --purpose TREAT", "STAT and no other"),
            Row("--subject system --structure STR-1 --purpose STAT", "R-STAT-1"),
            Row("--subject system --structure STR-1 --purpose TREAT --purpose STAT", "R-STAT-1"),
            Row("--service a,b", "--service must be"),
            Row("--service *", "--service must be"),
            Row("--service " + String(repeating: "a", count: 129), "--service must be"),
        ])
    func contradictory(row: Row) throws {
        let outcome = try Binary.run(["client", "create", "--data", "/nowhere", "--id", "x"] + row.options)
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.error.contains(row.words), "\(outcome.error)")
    }

    @Test("every contradiction is told at once") func together() throws {
        let outcome = try Binary.run([
            "client", "create", "--data", "/nowhere", "--id", "x", "--pseudonymised", "--structure", "S T", "--purpose",
            "TREAT",
        ])
        #expect(outcome.status == 2)
        for words in ["identifier of a structure", "no other kind", "two clients", "STAT and no other"] {
            #expect(outcome.error.contains(words), "\(words)")
        }
    }

    @Test(
        "options that the scopes and grants do not carry register nothing",
        arguments: [
            Row("--subject system --structure S --scope access:evaluate", "add --scope access:assert"),
            Row("--subject patient --scope system/*.rs", "add --scope access:evaluate"),
            Row("--subject patient --redirect-uri https://a.example/cb", "add --scope access:evaluate"),
            Row(
                "--subject patient --redirect-uri https://a.example/cb --scope access:evaluate --scope access:assert",
                "add --grant client_credentials"),
            Row("--service region --redirect-uri https://a.example/cb", "add --scope access:evaluate"),
            Row("--trace --redirect-uri https://a.example/cb", "add --scope access:evaluate"),
            Row("--subject system --structure S --auth none", "public client"),
        ])
    func uncarried(row: Row) throws {
        let prepared = try Prepared()
        let outcome = try Binary.run(["client", "create", "--id", "x", "--config", prepared.file] + row.options)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.error.contains("the client cannot be registered") && outcome.error.contains(row.words))
        #expect(try prepared.run("client", "list").output.isEmpty)
    }

    @Test("a system client is registered for deposits of its structure, or for statistics, and for nothing else")
    func systems() throws {
        let prepared = try Prepared()
        let bus = try prepared.run(
            "client", "create", "--id", "bus", "--subject", "system", "--structure", "STR-1", "--service", "exchanges",
            "--json")
        #expect(bus.error.contains("no structure `STR-1` is on record"))
        let deposits: JSONValue = [
            "service": "exchanges", "purposes": ["TREAT"], "actions": ["create"], "resource_types": ["document"],
            "held_types": ["document"], "subjects": ["system"], "structure": "STR-1", "pseudonymised": false,
            "trace": false,
        ]
        let created = try prepared.json(bus)
        #expect(created["access"] == deposits)
        #expect(created["scopes"] == ["access:assert", "access:evaluate"])
        let figures = try prepared.json(
            prepared.run("client", "create", "--id", "figures", "--subject", "system", "--pseudonymised", "--json"))
        let statistics: JSONValue = [
            "service": "figures", "purposes": ["STAT"], "actions": ["export", "read", "search"],
            "resource_types": ["journey_data"], "held_types": ["journey_data"], "subjects": ["system"],
            "pseudonymised": true, "trace": false,
        ]
        #expect(figures["access"] == statistics)
        _ = try prepared.json(
            prepared.run("client", "create", "--id", "pages", "--redirect-uri", "https://a.example/cb", "--json"))
        let listed = try prepared.json(prepared.run("client", "list", "--json"))["clients"]?.array ?? []
        #expect(listed.compactMap { $0["client_id"]?.string } == ["bus", "figures", "pages"])
        #expect(listed.map { $0["access"] } == [deposits, statistics, nil])
    }

    @Test("a purpose that the region's rules do not know is registered, and told") func ownPurpose() throws {
        let prepared = try Prepared()
        let mistyped = try prepared.run("client", "create", "--id", "x", "--purpose", "TREATS", "--json")
        #expect(mistyped.error.contains("no purpose `TREATS`") && mistyped.error.contains("REG15"))
        #expect(try prepared.json(mistyped)["access"]?["purposes"] == ["TREATS"])
        let both = try prepared.run(
            "client", "entitle", "--id", "x", "--purpose", "TREAT", "--purpose", "TRAINING", "--json")
        #expect(both.error.contains("`TRAINING`") && !both.error.contains("`TREAT`"))
        let known = try prepared.run("client", "entitle", "--id", "x", "--purpose", "OCCUP", "--json")
        #expect(try prepared.json(known)["access"]?["purposes"] == ["OCCUP"] && known.error.isEmpty)
    }

    @Test(
        "whoever speaks for people may ask what is usual of them, and only with the scope to speak",
        arguments: [
            ("--scope access:evaluate", [], ["BTG", "TREAT"]),
            ("--scope access:evaluate --scope access:assert", ["professional"], ["BTG", "TREAT"]),
            ("--subject patient --subject related_person", ["patient", "related_person"], ["PATRQT"]),
            ("--subject professional --subject patient", ["patient", "professional"], ["BTG", "PATRQT", "TREAT"]),
            ("--subject admin", ["admin"], ["ADMIN"]),
            ("--subject patient --purpose TREAT", ["patient"], ["TREAT"]),
        ])
    func people(options: String, subjects: [String], purposes: [String]) throws {
        let prepared = try Prepared()
        let created = try prepared.json(
            Binary.run(
                ["client", "create", "--id", "x", "--json", "--config", prepared.file]
                    + options.split(separator: " ").map(String.init)))
        #expect(created["access"]?["subjects"] == JSONValue(subjects))
        #expect(created["access"]?["purposes"] == JSONValue(purposes))
        #expect(created["access"]?["service"] == "x" && created["access"]?["structure"] == nil)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleAccess
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleServer
import Testing

/// Everything there is, asked one by one: what a search is held against.
private struct BruteForce {
    let fixture: AccessFixture
    let region: RandomRegion
    let token: String

    /// Of these questions, which are permitted.
    func permitted(_ questions: [JSONValue]) async throws -> [Bool] {
        guard !questions.isEmpty else { return [] }
        let response = await fixture.post(
            (["evaluations": .array(questions)] as JSONValue).bytes, to: AccessRoutes.evaluations, token: token)
        let answers = try #require(try JSONValue(parsing: response.body)["evaluations"]?.array)
        #expect(answers.count == questions.count)
        return answers.map { $0["decision"]?.bool == true }
    }

    func permitted(_ candidates: [JSONValue], as question: (JSONValue) -> JSONValue) async throws -> Set<JSONValue> {
        let answers = try await permitted(candidates.map(question))
        return Set(zip(candidates, answers).filter(\.1).map(\.0))
    }

    /// Every page of a search, one after the other.
    func search(_ entity: SearchedEntity, _ request: JSONValue, limit: Int) async throws -> [JSONValue] {
        var results: [JSONValue] = []
        var next = ""
        repeat {
            var object = try #require(request.object)
            object["page"] = next.isEmpty ? ["limit": .integer(Int64(limit))] : ["token": .string(next), "limit": 6]
            let response = await fixture.post(
                JSONValue.object(object).bytes, to: AccessRoutes.search(entity), token: token)
            #expect(response.status == .ok)
            let answer = try JSONValue(parsing: response.body)
            results += answer["results"]?.array ?? []
            next = answer["page"]?["next_token"]?.string ?? ""
        } while !next.isEmpty && results.count < 1000
        #expect(Set(results).count == results.count, "no result twice")
        return results
    }
}

@Suite("Search of the region · DESIGN 4.6: equal to brute force, always")
struct RegionSearchTests {
    /// Each part of a question at random, as a search has it: the rest is put in by each test.
    private struct Asked {
        var subject: JSONObject
        var action: JSONValue
        var context: JSONValue

        init(_ random: inout Seeded, _ region: RandomRegion, token: String) {
            subject = ["properties": ["acr": random.chance(96) ? "eidas1" : "none", "method": "psc"]]
            action = ["name": .string(random.pick(["read", "read", "search", "create", "export"]))]
            context = ["purpose": .string(random.pick(["TREAT", "TREAT", "TREAT", "TREAT", "OCCUP", "PATRQT"]))]
            switch random.below(4) {
            case 0:
                subject["type"] = "patient"
                subject["id"] = .string(random.pick(region.patientAccounts + ["sub-nobody"]))
            case 1:
                subject["type"] = "related_person"
                subject["id"] = .string(random.pick(region.carerAccounts))
            default:
                let number = random.below(region.professionals.count)
                let professional = region.professionals[number]
                subject["type"] = "professional"
                subject["id"] =
                    token == "app" ? .string("rpps:\(professional.id.value)") : .string("sub-pro-\(number)")
                let places = professional.activities.map(\.structure.value)
                situate(random.pick(places + places + ["STR-0"]))
            }
        }

        mutating func situate(_ structure: String?) {
            guard var properties = subject["properties"]?.object else { return }
            properties["situation"] = structure.map(JSONValue.string)
            subject["properties"] = .object(properties)
        }

        func question(_ subject: JSONObject? = nil, _ resource: JSONValue, action: JSONValue? = nil) -> JSONValue {
            [
                "subject": .object(subject ?? self.subject), "action": action ?? self.action, "resource": resource,
                "context": context,
            ]
        }
    }

    /// Runs on several regions, with a client that names professionals by number and one that does not.
    private func withRegions(
        _ count: UInt64, questions: Int,
        _ body: (BruteForce, inout Seeded, RandomRegion) async throws -> Void
    ) async throws {
        for seed in 1...count {
            let region = try RandomRegion(seed: seed, now: Ward.now)
            try await AccessFixture.with(now: Ward.now) { fixture in
                try await fixture.load(
                    region.changes, matrix: RandomRegion.matrix, policies: try SharedData.policies())
                var random = Seeded(seed &* 7919)
                for number in 0..<questions {
                    let token = number % 3 == 0 ? "app~sans-rpps" : "app"
                    try await body(
                        BruteForce(fixture: fixture, region: region, token: token), &random, region)
                }
            }
        }
    }

    @Test("which patients: of professionals, patients and people close to them") func patients() async throws {
        var found = 0
        try await withRegions(10, questions: 40) { brute, random, region in
            let asked = Asked(&random, region, token: brute.token)
            let resource: JSONValue = ["type": "patient"]
            let results = try await brute.search(
                .resource, asked.question(nil, resource), limit: 2 + random.below(4))
            // A merged record is found as the one that answers for it.
            let names = region.patients.filter { !region.absorbed.contains($0) }.map(\.value) + ["PAT-UNKNOWN"]
            let all = names.map { id -> JSONValue in ["type": "patient", "id": .string(id)] }
            let expected = try await brute.permitted(all) { asked.question(nil, $0) }
            #expect(Set(results) == expected, "\(asked.subject)")
            found += results.count
        }
        #expect(found > 15, "the regions are not empty: \(found)")
    }

    @Test("which of these documents: each as it is described") func documents() async throws {
        var found = 0
        try await withRegions(4, questions: 30) { brute, random, region in
            let asked = Asked(&random, region, token: brute.token)
            let patient = JSONValue.string(random.pick(region.patients).value)
            var candidates: [JSONObject] = []
            for number in 0..<(1 + random.below(9)) {
                var candidate: JSONObject = ["id": .string("D\(number)")]
                if random.chance(80) { candidate["type_code"] = .string(random.pick(RandomRegion.types)) }
                if random.chance(20) { candidate["author"] = .string(random.pick(region.professionals).id.value) }
                if random.chance(20) { candidate["author_structure"] = .string(random.pick(region.structures).value) }
                if random.chance(30) {
                    candidate["confidentiality"] = [
                        .string(random.pick(["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"]))
                    ]
                }
                candidates.append(candidate)
            }
            let list = JSONValue.array(candidates.map(JSONValue.object))
            let results = try await brute.search(
                .resource,
                asked.question(nil, ["type": "document", "properties": ["patient": patient, "candidates": list]]),
                limit: 2)
            let answers = try await brute.permitted(
                candidates.map { candidate in
                    var properties = candidate
                    properties["id"] = nil
                    properties["patient"] = patient
                    return asked.question(
                        nil,
                        ["type": "document", "id": candidate["id"] ?? .null, "properties": .object(properties)])
                })
            let expected = zip(candidates, answers).filter(\.1).map { $0.0["id"] }
            #expect(results.map { $0["id"] } == expected)
            found += results.count
        }
        #expect(found > 5, "the regions are not empty: \(found)")
    }

    @Test("who can: the people named, and structures for those who exercise there") func professionals() async throws {
        var (people, structures) = (0, 0)
        try await withRegions(4, questions: 25) { brute, random, region in
            var asked = Asked(&random, region, token: brute.token)
            asked.subject["type"] = "professional"
            asked.situate(nil)
            let patient = random.pick(region.patients).value
            let resource: JSONValue = random.pick([
                ["type": "patient", "id": .string(patient)],
                [
                    "type": "document", "id": "D1",
                    "properties": [
                        "patient": .string(patient), "type_code": .string(random.pick(RandomRegion.types)),
                        "author": .string(random.pick(region.professionals).id.value),
                    ],
                ],
            ])
            // Every name this client may use, in every place of theirs.
            var open: [String: Set<String>] = [:]
            for (number, professional) in region.professionals.enumerated() {
                let id = brute.token == "app" ? "rpps:\(professional.id.value)" : "sub-pro-\(number)"
                let places = Set(professional.activities.map(\.structure.value)).sorted()
                let answers = try await brute.permitted(
                    places.map { place in
                        var one = asked
                        one.situate(place)
                        one.subject["id"] = .string(id)
                        return one.question(nil, resource)
                    })
                let allowed = zip(places, answers).filter(\.1).map(\.0)
                if !allowed.isEmpty { open[id] = Set(allowed) }
            }
            let results = try await brute.search(
                .subject, asked.question(nil, resource), limit: 2 + random.below(5))
            var named: Set<String> = []
            var places: Set<String> = []
            for result in results {
                let id = try #require(result["id"]?.string)
                if result["type"] == "structure" {
                    places.insert(id)
                } else {
                    named.insert(id)
                    let situations = Set(result["properties"]?["situations"]?.strings ?? [])
                    #expect(situations == open[id, default: []], "\(id)")
                }
            }
            #expect(named.isSubset(of: open.keys), "nobody is listed who could not")
            for (id, situations) in open where !named.contains(id) {
                #expect(situations.isSubset(of: places), "\(id) is missing")
            }
            for place in places {
                #expect(open.contains { !named.contains($0.key) && $0.value.contains(place) }, "\(place) opens nothing")
            }
            // Expanded: everybody who could in that situation.
            let place = random.pick(region.structures).value
            asked.situate(place)
            let expanded = try await brute.search(.subject, asked.question(nil, resource), limit: 2)
            let listed = Set(expanded.compactMap { $0["id"]?.string })
            let there = Set(open.filter { $0.value.contains(place) }.map(\.key))
            #expect(listed == there, "expanding \(place)")
            people += named.count
            structures += places.count
        }
        #expect(people > 15 && structures > 3, "the regions are not empty: \(people), \(structures)")
    }

    @Test("who can: the patient, and people close to them") func accounts() async throws {
        var found = 0
        try await withRegions(6, questions: 25) { brute, random, region in
            var asked = Asked(&random, region, token: brute.token)
            // Those close to a patient ask for the patient's own purpose alone.
            if random.chance(70) { (asked.action, asked.context) = (["name": "read"], ["purpose": "PATRQT"]) }
            // Under the identifier that another answers for as well.
            let patients = random.chance(50) ? region.patients : region.patients.filter(region.absorbed.contains)
            let resource: JSONValue = ["type": "patient", "id": .string(random.pick(patients).value)]
            for (type, accounts) in [("patient", region.patientAccounts), ("related_person", region.carerAccounts)] {
                asked.subject["type"] = .string(type)
                let results = try await brute.search(.subject, asked.question(nil, resource), limit: 1)
                let all = (region.patientAccounts + region.carerAccounts).map { id -> JSONValue in
                    ["type": .string(type), "id": .string(id)]
                }
                let expected = try await brute.permitted(all) { result in
                    var subject = asked.subject
                    subject["id"] = result["id"]
                    return asked.question(subject, resource)
                }
                #expect(Set(results) == expected)
                let listed = Set(results.compactMap { $0["id"]?.string })
                #expect(listed.isSubset(of: accounts))
                found += results.count
            }
        }
        #expect(found > 10, "the regions are not empty: \(found)")
    }

    @Test("what may be done here: every action that evaluation permits") func actions() async throws {
        var found = 0
        try await withRegions(4, questions: 30) { brute, random, region in
            let asked = Asked(&random, region, token: brute.token)
            let type = random.pick(["patient", "liaison_note", "team_membership"])
            let (id, other) = (random.pick(region.patients).value, random.pick(region.patients).value)
            let resource: JSONValue = [
                "type": .string(type), "id": .string(id),
                "properties": ["patient": .string(type == "patient" ? id : other)],
            ]
            let results = try await brute.search(
                .action, asked.question(nil, resource), limit: 2 + random.below(3))
            let all = ["read", "search", "create", "update", "delete", "export", "publish_dmp", "publish", "simulate"]
                .map { name -> JSONValue in ["name": .string(name)] }
            let expected = try await brute.permitted(all) { asked.question(nil, resource, action: $0) }
            #expect(Set(results) == expected)
            found += results.count
        }
        #expect(found > 15, "the regions are not empty: \(found)")
    }
}

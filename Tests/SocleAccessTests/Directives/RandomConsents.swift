// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleJSON

/// Consents as an application may send them and accesses they may be about, drawn from few values so that they meet.
struct RandomConsents {
    private var points: Points

    init(seed: UInt64) { points = Points(seed: seed) }

    private mutating func one(in chances: Int) -> Bool { points.next(chances) == 0 }
    private mutating func some<Value>(_ values: [Value]) -> Value { values[points.next(values.count)] }

    /// One of them at least.
    private mutating func several<Value>(_ values: [Value]) -> [Value] {
        let first = points.next(values.count)
        var drawn: [Value] = []
        for (index, value) in values.enumerated() where index == first || one(in: 4) { drawn.append(value) }
        return drawn
    }

    mutating func consent() -> JSONValue {
        [
            "resourceType": "Consent", "id": "c", "dateTime": .string(some(["2026", "2026-10-31", "2026-11-02"])),
            "status": .string(one(in: 20) ? "draft" : "active"),
            "scope": [
                "coding": [
                    [
                        "system": "http://terminology.hl7.org/CodeSystem/consentscope",
                        "code": "patient-privacy",
                    ]
                ]
            ],
            "category": [["coding": [["system": "http://loinc.org", "code": "59284-0"]]]],
            "patient": ["reference": "Patient/PAT-1"], "policy": [["uri": "urn:example:policy"]],
            "provision": provision(depth: 0, above: []),
        ]
    }

    private static let actReason = LiteralConsent.actReason
    private static let glass: Set<String> = ["BTG", "ETREAT"]

    /// - Parameters:
    ///   - above: the codes of the purposes that it takes from the rules above.
    ///   - isNobodys: whether they name nobody that is known here: it refuses nothing then.
    private mutating func provision(depth: Int, above: [String], isNobodys: Bool = false) -> JSONValue {
        var rule = JSONObject()
        let effect = depth == 0 && one(in: 10) ? nil : one(in: 2) || isNobodys ? "permit" : "deny"
        rule["type"] = effect.map(JSONValue.string)
        if one(in: depth == 0 ? 3 : 5) { rule["period"] = period() }
        var purposes = above
        if one(in: 3) {
            purposes = several(["TREAT", "BTG", "ETREAT", "HRESCH", "REG15"])
            rule["purpose"] = .array(
                purposes.map {
                    ["system": .string($0 == "REG15" ? "urn:socle:purpose" : Self.actReason), "code": .string($0)]
                })
        }
        let isOfGlass = !purposes.isEmpty && Self.glass.isSuperset(of: purposes)
        if one(in: 4) { rule["actor"] = actors(isRefused: effect == "deny", isOfGlass: isOfGlass) }
        if one(in: 8) {
            let system: JSONValue = "http://terminology.hl7.org/CodeSystem/consentaction"
            rule["action"] = .array(
                several(["collect", "access", "use", "disclose", "correct"]).map {
                    [
                        "coding": [
                            ["system": "urn:example:action", "code": "look"], ["system": system, "code": .string($0)],
                        ]
                    ]
                })
        }
        if one(in: 2) { describe(&rule) }
        let unknown: Set = ["Device/device", "Patient/PAT-1", isOfGlass ? "Device/device" : "Group/group"]
        let named = (rule["actor"]?.array ?? []).compactMap { $0["reference"]?["reference"]?.string }
        let namesNobody = named.isEmpty ? isNobodys : unknown.isSuperset(of: named)
        var exceptions: [JSONValue] = []
        if depth < 4 {
            for _ in 0..<points.next(4 - depth) {
                exceptions.append(provision(depth: depth + 1, above: purposes, isNobodys: namesNobody))
            }
        }
        if !exceptions.isEmpty { rule["provision"] = .array(exceptions) }
        // An element cannot be empty.
        if rule.isEmpty { rule["type"] = isNobodys ? "permit" : "deny" }
        return .object(rule)
    }

    private mutating func period() -> JSONValue {
        let count = LiteralConsent.dates.count
        let start = points.next(count)
        let end = start + points.next(count - start)
        var period = JSONObject()
        if !one(in: 3) { period["start"] = .string(LiteralConsent.dates[start].text) }
        if period.isEmpty || !one(in: 3) { period["end"] = .string(LiteralConsent.dates[end].text) }
        return .object(period)
    }

    /// A refusal to somebody whom nobody knows is not taken, nor one to the patient.
    private mutating func actors(isRefused: Bool, isOfGlass: Bool) -> JSONValue {
        var known = [
            "Practitioner/899700100022", "Practitioner/899700100033", "PractitionerRole/899700100022-STR-PRACTICE",
            "Organization/STR-PRACTICE", "Organization/STR-HOSPITAL", "CareTeam/team",
            "CareTeam/other",
        ]
        if isOfGlass || !isRefused { known.append("Group/group") }
        if !isRefused { known += ["Device/device", "Patient/PAT-1"] }
        return .array(
            several(known).map { name in
                let role: JSONValue = [
                    "coding": [
                        ["system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"]
                    ]
                ]
                return ["role": role, "reference": ["reference": .string(name)]]
            })
    }

    static let labels =
        (["M", "N", "R", "V"].map { "v3-Confidentiality|\($0)" } + ["v3-ActCode|PSY"])
        .map { "http://terminology.hl7.org/CodeSystem/\($0)" }

    private static func coding(_ term: String) -> JSONValue {
        let parts = term.split(separator: "|").map(String.init)
        return ["system": .string(parts[0]), "code": .string(parts[1])]
    }

    private mutating func describe(_ rule: inout JSONObject) {
        if one(in: 2) { rule["securityLabel"] = .array(several(Self.labels).map(Self.coding)) }
        if one(in: 6) {
            let classes = [
                "urn:socle:resource-category|liaison_note", "urn:socle:resource-category|agenda",
                "http://hl7.org/fhir/resource-types|DocumentReference",
            ]
            rule["class"] = .array(several(classes).map(Self.coding))
        }
        if one(in: 5) {
            let concepts: [JSONValue] = [
                [
                    "coding": [
                        ["system": "urn:example:type", "code": "T-OPEN"],
                        ["system": "http://loinc.org", "code": "T-OPEN"],
                    ]
                ],
                ["coding": [["system": "urn:oid:1.2.250.1.213.1.1.4.12", "code": "T-OTHER"]]],
                ["coding": [["system": "urn:example:type", "code": "T-OPEN"]]],
            ]
            rule["code"] = .array(several(concepts))
        }
        if one(in: 6) { rule["dataPeriod"] = period() }
        if one(in: 4) {
            let references: [(String, String)] = [
                ("instance", "DocumentReference/DOC-1"), ("instance", "DocumentReference/DOC-2"),
                ("related", "Encounter/E-1"), ("related", "DocumentReference/DOC-1"), ("dependents", "Encounter/E-2"),
                ("authoredby", "Practitioner/899700100055"), ("authoredby", "Organization/STR-AUTHOR"),
                ("authoredby", "PractitionerRole/899700100066-STR-ELSE"),
            ]
            rule["data"] = .array(
                several(references).map { ["meaning": .string($0.0), "reference": ["reference": .string($0.1)]] })
        }
    }

    /// At a boundary of a period or a millisecond beside it, mostly.
    mutating func access() -> LiteralAccess {
        var access = LiteralAccess()
        access.isInTeam = one(in: 2)
        access.team = some(["team", "other"])
        access.purpose = some(["TREAT", "TREAT", "BTG", "REG15"])
        access.action = some(
            access.purpose == "TREAT"
                ? ["read", "search", "create", "update", "delete", "export", "publish_dmp"] : ["read", "search"])
        let date = some(LiteralConsent.dates)
        let edge = one(in: 2) ? date.start : date.end
        access.instant = Instant(milliseconds: edge.milliseconds + Int64(points.next(3)) - 1)
        access.id = some(["DOC-1", "DOC-2", "DOC-3"])
        access.category = some(["liaison_note", "agenda"])
        access.typeCode = some(["T-OPEN", "T-OTHER", "T-NONE"])
        access.labels = Set(several(Self.labels))
        access.created = some(LiteralConsent.dates).start
        access.authors = [some(["899700100055", "899700100066"]), some(["STR-AUTHOR", "STR-ELSE"])]
        access.related = Set(several(["E-1", "E-2", "E-3"]))
        return access
    }

    /// Documents of a list, asked about at once: the same access to other data.
    mutating func candidates() -> [LiteralAccess] {
        var first = access()
        first.action = some(["read", "search"])
        return (1...4).map { index in
            var access = access()
            access.isInTeam = first.isInTeam
            access.team = first.team
            access.purpose = first.purpose
            access.action = first.action
            access.instant = first.instant
            access.id = "DOC-\(index)"
            access.category = "document"
            return access
        }
    }

    /// What the application says of the data: all of it, or not everything.
    struct Told {
        var labels = true
        var type = true
        var created = true
        var author = true
        var authorStructure = true
        /// Whether it holds this type of data: only then does what it says of it open anything.
        var held = true
    }

    mutating func told() -> Told {
        Told(
            labels: one(in: 2), type: one(in: 2), created: one(in: 2), author: one(in: 2), authorStructure: one(in: 2),
            held: !one(in: 4))
    }
}

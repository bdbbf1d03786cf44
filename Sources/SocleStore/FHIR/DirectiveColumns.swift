// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

/// How a directive is laid out: its tree as JSON, in a choice's `details`.
enum DirectiveColumns {
    static func json(_ directive: ConsentDirective) -> JSONValue {
        var root = json(directive.root)
        if directive.refusesOnly { root["refuses_only"] = true }
        return .object(root)
    }

    /// nil for a tree of another shape: the patient's file cannot then be read.
    static func directive(_ json: JSONValue) -> ConsentDirective? {
        rule(json).map { ConsentDirective(root: $0, refusesOnly: json["refuses_only"]?.bool == true) }
    }

    private static func json(_ rule: ConsentRule) -> JSONObject {
        var object = JSONObject()
        object["effect"] = rule.effect.map { .string($0.rawValue) }
        object["period"] = json(rule.period)
        object["purposes"] = words(rule.purposes)
        object["actions"] = words(Set(rule.actions.map(\.rawValue)))
        object["actors"] = list(rule.actors.map(json).sorted { $0.text < $1.text })
        object["labels"] = words(rule.data.labels)
        object["classes"] = words(rule.data.classes)
        object["codes"] = words(rule.data.codes)
        object["created"] = json(rule.data.period)
        object["references"] = list(
            rule.data.references.map {
                ["meaning": .string($0.meaning.rawValue), "type": .string($0.type), "id": .string($0.id)]
            }.sorted { $0.text < $1.text })
        object["exceptions"] = list(rule.exceptions.map { .object(json($0)) })
        return object
    }

    private static func words(_ set: Set<String>) -> JSONValue? { set.isEmpty ? nil : JSONValue(set.sorted()) }
    private static func list(_ values: [JSONValue]) -> JSONValue? { values.isEmpty ? nil : .array(values) }

    private static func json(_ span: Span) -> JSONValue? {
        guard !span.isEverything else { return nil }
        func value(_ instant: Instant?) -> JSONValue { instant.map { .integer($0.milliseconds) } ?? .null }
        return [value(span.start), value(span.end)]
    }

    private static func json(_ actor: RuleActor) -> JSONValue {
        switch actor {
        case .party(let party): PartyColumns(party).json
        case .patient(let id): ["kind": "patient", "id": .string(id.value)]
        case .careTeam: ["kind": "care_team"]
        case .team(let name): ["kind": "team", "id": .string(name)]
        case .breakGlassUsers: ["kind": "break_glass_users"]
        case .unknown(let text): ["kind": "unknown", "id": .string(text)]
        }
    }

    private static func rule(_ json: JSONValue) -> ConsentRule? {
        guard json.object != nil, let period = span(json["period"]), let created = span(json["created"]),
            let purposes = strings(json["purposes"]), let labels = strings(json["labels"]),
            let classes = strings(json["classes"]), let codes = strings(json["codes"]),
            let actions = all(json["actions"], { $0.string.flatMap(RuleAction.init(rawValue:)) }),
            let actors = all(json["actors"], actor), let references = all(json["references"], reference),
            let exceptions = all(json["exceptions"], rule)
        else { return nil }
        let effect = json["effect"]?.string.flatMap(ConsentRule.Effect.init(rawValue:))
        guard (effect == nil) == (json["effect"] == nil) else { return nil }
        return ConsentRule(
            effect, period: period, purposes: purposes, actors: Set(actors), actions: Set(actions),
            data: DataCondition(
                labels: labels, classes: classes, codes: codes, period: created, references: Set(references)),
            exceptions: exceptions)
    }

    /// Absent is empty; one element that cannot be read spoils the whole.
    private static func all<Value>(_ json: JSONValue?, _ read: (JSONValue) -> Value?) -> [Value]? {
        guard let json else { return [] }
        guard let array = json.array else { return nil }
        let values = array.compactMap(read)
        return values.count == array.count ? values : nil
    }

    private static func strings(_ json: JSONValue?) -> Set<String>? {
        guard let json else { return [] }
        return json.strings.map { Set($0) }
    }

    private static func span(_ json: JSONValue?) -> Span? {
        guard let json else { return Span() }
        guard let ends = json.array, ends.count == 2, ends.allSatisfy({ $0.isNull || $0.integer != nil }) else {
            return nil
        }
        return Span(
            start: ends[0].integer.map { Instant(milliseconds: $0) },
            end: ends[1].integer.map { Instant(milliseconds: $0) })
    }

    private static func reference(_ json: JSONValue) -> DataCondition.Reference? {
        guard let meaning = json["meaning"]?.string.flatMap(DataCondition.Meaning.init(rawValue:)),
            let type = json["type"]?.string, let id = json["id"]?.string
        else { return nil }
        return .init(meaning, type: type, id: id)
    }

    private static func actor(_ json: JSONValue) -> RuleActor? {
        switch json["kind"]?.string {
        case "patient": json["id"]?.string.flatMap { PatientIdentifier($0) }.map(RuleActor.patient)
        case "care_team": .careTeam
        case "team": json["id"]?.string.map(RuleActor.team)
        case "break_glass_users": .breakGlassUsers
        case "unknown": json["id"]?.string.map(RuleActor.unknown)
        default: PartyColumns.party(json).map(RuleActor.party)
        }
    }
}

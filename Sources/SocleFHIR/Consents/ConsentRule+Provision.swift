// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleIdentity
import SocleJSON

extension ConsentRule {
    /// This rule and its exceptions as a `provision`: what `consentRule` reads back as the same.
    var provision: JSONObject {
        var json = JSONObject()
        json["type"] = effect.map { .string($0.rawValue) }
        json["period"] = period.json
        json["actor"] = .array(actors.map(\.reference.actor).sorted { $0.text < $1.text })
        json["action"] = ConsentRule.concepts(
            Set(actions.map { "\(Vocabulary.consentAction)|\($0.rawValue)" }))
        json["securityLabel"] = ConsentRule.codings(data.labels)
        json["purpose"] = ConsentRule.codings(purposes)
        json["class"] = ConsentRule.codings(data.classes)
        json["code"] = ConsentRule.concepts(data.codes)
        json["dataPeriod"] = data.period.json
        json["data"] = .array(
            data.references.map {
                ["meaning": .string($0.meaning.rawValue), "reference": Reference.json($0.type, $0.id)]
            }.sorted { $0.text < $1.text })
        json["provision"] = .array(exceptions.map { .object($0.provision) })
        return json
    }

    private static func codings(_ terms: Set<String>) -> JSONValue {
        .array(
            terms.sorted().map { term in
                let system = CodeSystemAlias.system(of: term)
                return Coding(system: String(system), code: String(term.dropFirst(system.count + 1))).json
            })
    }

    private static func concepts(_ terms: Set<String>) -> JSONValue {
        .array(codings(terms).array?.map { ["coding": [$0]] } ?? [])
    }
}

extension RuleActor {
    /// Whom it names; those who break the glass are a group, which is read by the purpose it stands under.
    fileprivate var reference: JSONValue {
        switch self {
        case .party(let party): party.json
        case .patient(let id): Reference.json("Patient", id.value)
        case .careTeam:
            ["type": "CareTeam", "identifier": ["system": .string(Vocabulary.careTeams), "value": "all"]]
        case .team(let name): Reference.json("CareTeam", name)
        case .breakGlassUsers: Reference.json("Group", "break-glass")
        case .unknown(let text): ["reference": .string(text)]
        }
    }
}

extension Span {
    fileprivate var json: JSONValue? {
        guard !isEverything else { return nil }
        var json = JSONObject()
        json["start"] = start.map { .string($0.description) }
        json["end"] = end.map { .string($0.description) }
        return .object(json)
    }
}

extension JSONValue {
    /// A reference as the actor of a rule, who receives.
    var actor: JSONValue {
        [
            "role": ["coding": [["system": .string(Vocabulary.participation), "code": "IRCP"]]],
            "reference": self,
        ]
    }
}

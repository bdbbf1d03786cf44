// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleCrypto
import SocleJSON

/// A policy directory and an entity file made ready to answer: any Cedar vocabulary, in place of the region's.
///
/// A subject `{type, id}` is the entity `type::"id"`, a resource too; an action is the one of that name in the schema,
/// else `Action::"name"`. `context` is the caller's, and `context.action` always the properties of the action.
package final class GenericPolicies: Sendable {
    /// Entities in one file: a search looks at each of a type.
    package static let largestFile = 100_000

    /// The digest of everything that was loaded, for the journal.
    package let digest: String
    let policies: CompiledPolicies
    let entities: Entities
    let texts: ReasonTexts
    /// By type, then in the order of their identifiers.
    let identifiers: [String: [String]]
    /// By name; in order.
    let actions: [(name: String, uid: EntityUID)]

    /// - Parameters:
    ///   - text: `*.cedar`; `schema.cedarschema` and `reasons.csv` where there are any.
    ///   - entities: a JSON array of entities, as Cedar writes them.
    /// - Throws: every fault at once.
    package init(text: PolicyText, entities json: String, file: String = "entities") throws(PolicyFaults) {
        var faults: [PolicyFaults.Fault] = []
        let set = PolicySet(text, faults: &faults)
        var schema: Schema?
        if let source = text.files["schema.cedarschema"] {
            PolicySchema.check(set, against: source, faults: &faults)
            schema = try? Schema(parsing: source)
        }
        texts = ReasonTexts(CommaSeparated(text.files["reasons.csv"] ?? ""), besides: .generic, faults: &faults)
        for policy in set.policies {
            if let reason = policy.annotations["reason"], texts[reason] == nil {
                faults.append(
                    PolicyFaults.Fault(
                        String(policy.id.prefix { $0 != "#" }), "\(policy.position)",
                        "reasons.csv has no text for `\(reason)`"))
            }
        }
        var entities = Entities()
        do throws(JSONFault) {
            entities = try Entities(json: json, schema: schema)
            for entity in entities {
                if let fault = schema?.fault(of: entity) { faults.append(PolicyFaults.Fault(file, "", fault)) }
            }
        } catch {
            faults.append(PolicyFaults.Fault(file, error.path, error.message))
        }
        if entities.count > GenericPolicies.largestFile {
            faults.append(
                PolicyFaults.Fault(file, "", "holds more than \(GenericPolicies.largestFile) entities"))
        }
        guard faults.isEmpty else { throw PolicyFaults(faults) }
        self.entities = entities
        policies = CompiledPolicies(set)
        identifiers = Dictionary(grouping: entities, by: \.uid.type).mapValues { $0.map(\.uid.id).sorted() }
        actions = GenericPolicies.actions(set, schema, entities)
        var hashed = Array(json.utf8)
        for (name, contents) in text.files.sorted(by: { $0.key < $1.key }) {
            hashed += Array(name.utf8) + [0] + Array(contents.utf8) + [0]
        }
        digest = Base64URL.encode(SHA256.digest(hashed))
    }

    /// Every action that the schema, the entities or the scope of a policy names.
    private static func actions(
        _ set: PolicySet, _ schema: Schema?, _ entities: Entities
    ) -> [(name: String, uid: EntityUID)] {
        var uids = Set(schema?.actionNames ?? [])
        if uids.isEmpty {
            for policy in set.policies {
                switch policy.scope.action {
                case .any: break
                case .equal(let uid), .within(let uid): uids.insert(uid)
                case .withinAny(let group): uids.formUnion(group)
                }
            }
            for entity in entities where entity.uid.type == "Action" { uids.insert(entity.uid) }
        }
        var named: [String: EntityUID] = [:]
        // Of two namespaces, the first: a caller cannot say which.
        for uid in uids.sorted() where named[uid.id] == nil { named[uid.id] = uid }
        return named.sorted { $0.key < $1.key }.map { (name: $0.key, uid: $0.value) }
    }

    func action(named name: String) -> EntityUID {
        actions.first { $0.name == name }?.uid ?? EntityUID(type: "Action", id: name)
    }
}

extension ReasonTexts {
    /// The reasons of policies that give none.
    static let generic = ReasonTexts(texts: [
        "permitted": ReasonText(
            userFrench: "Cet accès est autorisé.", userEnglish: "This access is allowed.",
            adminFrench: "Une politique l'autorise et aucune ne l'interdit.",
            adminEnglish: "A policy permits it and none forbids it."),
        "forbidden": ReasonText(
            userFrench: "Cet accès est interdit.", userEnglish: "This access is forbidden.",
            adminFrench: "Une politique l'interdit.", adminEnglish: "A policy forbids it."),
        "no_permit": ReasonText(
            userFrench: "Aucune règle n'ouvre cet accès.", userEnglish: "No rule opens this access.",
            adminFrench: "Aucune politique ne l'autorise.", adminEnglish: "No policy permits it."),
        "client_not_entitled": ReasonText(
            userFrench: "Ce service n'est pas autorisé à poser cette question.",
            userEnglish: "This service may not ask this question.",
            adminFrench: "L'enregistrement de l'application ne couvre pas l'action, le type ou le sujet demandés.",
            adminEnglish: "The application's registration does not cover the action, type or subject asked."),
    ])
}

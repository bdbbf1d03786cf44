// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCedar
import SocleJSON

/// What the policies read of one question: what the entity file knows, and of what the caller says the part that
/// counts.
///
/// What a subject is comes from the file; a caller may only add to it, and only of a type it holds, and never of a
/// proven subject. What a resource is comes from its holder first.
struct GenericFacts {
    let request: Request
    let entities: Entities
    /// Members of the question that counted for nothing: the journal names them.
    let ignored: [String]

    init(_ question: GenericQuestion, _ caller: Caller, holding: Set<String>, _ policies: GenericPolicies) {
        var entities = policies.entities
        var ignored: [String] = []
        let subject = EntityUID(type: question.subject.type, id: question.subject.id)
        let resource = EntityUID(type: question.resource.type, id: question.resource.id)
        let isProven = if case .person = caller.voice { true } else { false }

        func merge(_ party: GenericQuestion.Party, _ uid: EntityUID, _ path: String, counts: Bool, wins: Bool) {
            guard !party.properties.isEmpty else { return }
            var attributes = entities[uid]?.attributes ?? Record()
            for member in party.properties.members {
                let value = Value(member.value)
                guard counts, let value, wins || (attributes[member.name] ?? value) == value else {
                    ignored.append("\(path).properties.\(member.name)")
                    continue
                }
                attributes[member.name] = value
            }
            entities = entities.describing(uid, attributes: attributes)
        }
        let holdsSubject = holding.contains(question.subject.type) && !isProven
        merge(question.subject, subject, "subject", counts: holdsSubject, wins: false)
        // Who asks does not become somebody else by being asked about.
        merge(
            question.resource, resource, "resource",
            counts: holding.contains(question.resource.type) && (resource != subject || holdsSubject),
            wins: resource != subject)

        func record(_ object: JSONObject, _ path: String) -> Record {
            var members: [(String, Value)] = []
            for member in object.members {
                if let value = Value(member.value) {
                    members.append((member.name, value))
                } else {
                    ignored.append("\(path).\(member.name)")
                }
            }
            return Record(members)
        }
        var context = record(question.context, "context")
        context["action"] = .record(record(question.actionProperties, "action.properties"))
        request = Request(
            principal: subject, action: policies.action(named: question.action), resource: resource, context: context)
        self.entities = entities
        // Enough to tell an application what it wastes its time on, never an echo of what it sent.
        self.ignored = Array(ignored.filter { $0.utf8.count <= 96 }.prefix(16))
    }
}

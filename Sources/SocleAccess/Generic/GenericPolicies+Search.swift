// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

extension GenericPolicies {
    /// Every entity of the type asked, or every action, put to an exact decision: what is found is what evaluation
    /// permits, neither more nor less.
    ///
    /// - Returns: at most a page, in the order of the names, after the name given; nil for a call that was given up.
    func search(
        _ request: SearchRequest<GenericQuestion>, after last: String?, _ caller: Caller,
        _ registration: ApplicationRegistration?
    ) async -> (names: [String], isLast: Bool)? {
        let names: [String] =
            switch request.entity {
            case .subject: identifiers[request.question.subject.type] ?? []
            case .resource: identifiers[request.question.resource.type] ?? []
            case .action: actions.map(\.name)
            }
        var found: [String] = []
        var turns = Turns()
        for name in names.drop(while: { name in last.map { name <= $0 } ?? false }) {
            guard await turns.next() else { return nil }
            var question = request.question
            switch request.entity {
            case .subject: question.subject.id = name
            case .resource: question.resource.id = name
            case .action: question.action = name
            }
            guard decide(question, caller, registration).decision.isPermit else { continue }
            // One more than a page proves that there is another.
            guard found.count < request.page.limit else { return (found, false) }
            found.append(name)
        }
        return (found, true)
    }

    /// A result as AuthZEN has it.
    static func result(_ entity: SearchedEntity, _ question: GenericQuestion, _ name: String) -> JSONValue {
        switch entity {
        case .subject: ["type": .string(question.subject.type), "id": .string(name)]
        case .resource: ["type": .string(question.resource.type), "id": .string(name)]
        case .action: ["name": .string(name)]
        }
    }
}

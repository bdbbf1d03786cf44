// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// A question of a call, whatever its vocabulary.
package protocol BatchedQuestion: Sendable {
    /// - Throws: a message naming the member at fault.
    init(
        subject: JSONView?, action: JSONView?, resource: JSONView?, context: JSONView?
    ) throws(MalformedQuestion)
    /// How many documents it asks about besides its resource: bounded over a whole call.
    var candidateCount: Int { get }
    /// Whether it asks how its answer was reached: that is told of one question at a time.
    var asksForTrace: Bool { get }
}

/// An AuthZEN evaluations request: questions that share what they do not say themselves.
package struct AccessBatch<Question: BatchedQuestion>: Sendable {
    /// Each question, or why that one is not a question: one bad item does not spoil the others.
    package var items: [Result<Question, MalformedQuestion>]
    package var semantic: BatchSemantic

    /// - Returns: nil when there is no list, or an empty one: the request is then a single question (AuthZEN 1.0,
    ///   Access Evaluations API).
    /// - Throws: for a request that is malformed as a whole.
    package init?(_ request: JSONView) throws(MalformedQuestion) {
        guard request.isObject else { throw MalformedQuestion("the request must be a JSON object") }
        guard let list = request["evaluations"], !list.isNull else { return nil }
        guard let list = list.elements else { throw MalformedQuestion("`evaluations` must be an array") }
        guard !list.isEmpty else { return nil }
        guard list.count <= AccessQuestion.Limit.evaluations else {
            throw MalformedQuestion("`evaluations` holds more than \(AccessQuestion.Limit.evaluations) questions")
        }
        let options = try Member(request["options"], "options", optional: true)
        let name = try options.string("evaluations_semantic") ?? BatchSemantic.executeAll.rawValue
        guard let semantic = BatchSemantic(rawValue: name) else {
            throw MalformedQuestion(
                "`options.evaluations_semantic` must be execute_all, deny_on_first_deny or permit_on_first_permit")
        }
        self.semantic = semantic
        var items: [Result<Question, MalformedQuestion>] = []
        items.reserveCapacity(list.count)
        var candidates = 0
        for item in list {
            let result = AccessBatch.question(item, defaults: request)
            if case .success(let question) = result { candidates += question.candidateCount }
            items.append(result)
        }
        guard candidates <= AccessQuestion.Limit.candidates else {
            throw MalformedQuestion("`candidates` hold more than \(AccessQuestion.Limit.candidates) values in all")
        }
        self.items = items
    }

    /// A member given by the item replaces the default whole; nothing is merged inside it.
    private static func question(_ item: JSONView, defaults: JSONView) -> Result<Question, MalformedQuestion> {
        guard item.isObject else {
            return .failure(MalformedQuestion("each of `evaluations` must be an object"))
        }
        do throws(MalformedQuestion) {
            let question = try Question(
                subject: item["subject"] ?? defaults["subject"], action: item["action"] ?? defaults["action"],
                resource: item["resource"] ?? defaults["resource"], context: item["context"] ?? defaults["context"])
            guard !question.asksForTrace else {
                throw MalformedQuestion("`context.trace` is told of one question at a time: ask it alone")
            }
            return .success(question)
        } catch {
            return .failure(error)
        }
    }
}

package enum BatchSemantic: String, Sendable {
    case executeAll = "execute_all"
    case denyOnFirstDeny = "deny_on_first_deny"
    case permitOnFirstPermit = "permit_on_first_permit"

    /// The outcome after which nothing more is asked.
    var stop: Decision.Outcome? {
        switch self {
        case .executeAll: nil
        case .denyOnFirstDeny: .deny
        case .permitOnFirstPermit: .permit
        }
    }
}

extension AccessBatch {
    /// Asks the items that are questions, in one go, and puts the others back in their places.
    ///
    /// - Parameter ask: the questions, and the outcome after which the rest may be left unanswered.
    /// - Returns: one answer for each item asked; after a stop (`deny_on_first_deny`, `permit_on_first_permit`) the
    ///   items that follow are neither asked nor answered.
    func results(
        asking ask: (_ questions: [Question], _ stop: Decision.Outcome?) async -> [Answer]
    ) async -> [Result<Answer, MalformedQuestion>] {
        var questions: [Question] = []
        var limit = 0
        for item in items {
            limit += 1
            if case .success(let question) = item { questions.append(question) }
            // An item that cannot be asked is denied: under this semantic nothing after it is asked.
            if case .failure = item, semantic == .denyOnFirstDeny { break }
        }
        var answers = questions.isEmpty ? [][...] : await ask(questions, semantic.stop)[...]
        var results: [Result<Answer, MalformedQuestion>] = []
        for item in items.prefix(limit) {
            switch item {
            case .failure(let fault): results.append(.failure(fault))
            case .success:
                guard let answer = answers.popFirst() else { return results }
                results.append(.success(answer))
                if answer.decision.outcome == semantic.stop { return results }
            }
        }
        return results
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// A question of a call, whatever its vocabulary. It is read part by part: what the questions of a call share is read once.
package protocol BatchedQuestion: Sendable {
    associatedtype Subject: Sendable
    associatedtype Action: Sendable
    associatedtype Resource: Sendable
    associatedtype Context: Sendable

    // Each throws a message naming the member at fault.
    static func subject(_ view: JSONView?) throws(MalformedQuestion) -> Subject
    static func action(_ view: JSONView?) throws(MalformedQuestion) -> Action
    static func resource(_ view: JSONView?) throws(MalformedQuestion) -> Resource
    static func context(_ view: JSONView?) throws(MalformedQuestion) -> Context

    init(subject: Subject, action: Action, resource: Resource, context: Context)
    /// Takes out of a resource that is looked for what else names it.
    static func leaveOpen(_ resource: inout JSONObject)
    /// How many documents it asks about besides its resource: bounded over a whole call.
    var candidateCount: Int { get }
    /// Whether it asks how its answer was reached: that is told of one question at a time.
    var asksForTrace: Bool { get }
}

extension BatchedQuestion {
    package static func leaveOpen(_ resource: inout JSONObject) {}

    /// - Throws: a message naming the member at fault.
    init(
        reading subject: JSONView?, action: JSONView?, resource: JSONView?, context: JSONView?
    ) throws(MalformedQuestion) {
        self.init(
            subject: try Self.subject(subject), action: try Self.action(action),
            resource: try Self.resource(resource), context: try Self.context(context))
    }
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
        var defaults = Defaults(request: request)
        var candidates = 0
        for item in list {
            let result = AccessBatch.question(item, defaults: &defaults)
            if case .success(let question) = result { candidates += question.candidateCount }
            guard candidates <= AccessQuestion.Limit.candidates else {
                throw MalformedQuestion("`candidates` hold more than \(AccessQuestion.Limit.candidates) values in all")
            }
            items.append(result)
        }
        self.items = items
    }

    /// What a call says once for its questions: read when the first of them needs it, and shared by those that do. A
    /// short call could otherwise ask for a long text to be read a thousand times.
    private struct Defaults {
        let request: JSONView
        lazy var subject = Result { () throws(MalformedQuestion) in try Question.subject(request["subject"]) }
        lazy var action = Result { () throws(MalformedQuestion) in try Question.action(request["action"]) }
        lazy var resource = Result { () throws(MalformedQuestion) in try Question.resource(request["resource"]) }
        lazy var context = Result { () throws(MalformedQuestion) in try Question.context(request["context"]) }

        init(request: JSONView) { self.request = request }
    }

    /// A member given by the item replaces the default whole; nothing is merged inside it.
    private static func question(
        _ item: JSONView, defaults: inout Defaults
    ) -> Result<Question, MalformedQuestion> {
        guard item.isObject else {
            return .failure(MalformedQuestion("each of `evaluations` must be an object"))
        }
        do throws(MalformedQuestion) {
            let subject =
                if let own = item["subject"] { try Question.subject(own) } else { try defaults.subject.get() }
            let action = if let own = item["action"] { try Question.action(own) } else { try defaults.action.get() }
            let resource =
                if let own = item["resource"] { try Question.resource(own) } else { try defaults.resource.get() }
            let context =
                if let own = item["context"] { try Question.context(own) } else { try defaults.context.get() }
            let question = Question(subject: subject, action: action, resource: resource, context: context)
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

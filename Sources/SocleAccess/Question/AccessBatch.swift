// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// An AuthZEN evaluations request: questions that share what they do not say themselves.
package struct AccessBatch: Sendable {
    package enum Semantic: String, Sendable {
        case executeAll = "execute_all"
        case denyOnFirstDeny = "deny_on_first_deny"
        case permitOnFirstPermit = "permit_on_first_permit"
    }

    /// Each question, or why that one is not a question: one bad item does not spoil the others.
    package var items: [Result<AccessQuestion, MalformedQuestion>]
    package var semantic: Semantic

    /// - Returns: nil when there is no list, or an empty one: the request is then a single question (AuthZEN 1.0,
    ///   Access Evaluations API).
    /// - Throws: for a request that is malformed as a whole.
    package init?(_ json: JSONValue) throws(MalformedQuestion) {
        guard let request = json.object else { throw MalformedQuestion("the request must be a JSON object") }
        guard let list = request["evaluations"], !list.isNull else { return nil }
        guard let list = list.array else { throw MalformedQuestion("`evaluations` must be an array") }
        guard !list.isEmpty else { return nil }
        guard list.count <= AccessQuestion.Limit.evaluations else {
            throw MalformedQuestion("`evaluations` holds more than \(AccessQuestion.Limit.evaluations) questions")
        }
        let options = try Member(request["options"], "options", optional: true)
        let name = try options.string("evaluations_semantic") ?? Semantic.executeAll.rawValue
        guard let semantic = Semantic(rawValue: name) else {
            throw MalformedQuestion(
                "`options.evaluations_semantic` must be execute_all, deny_on_first_deny or permit_on_first_permit")
        }
        self.semantic = semantic
        var items: [Result<AccessQuestion, MalformedQuestion>] = []
        items.reserveCapacity(list.count)
        var candidates = 0
        for item in list {
            let result = AccessBatch.question(item, defaults: request)
            if case .success(let question) = result { candidates += question.resource.candidates.count }
            items.append(result)
        }
        guard candidates <= AccessQuestion.Limit.candidates else {
            throw MalformedQuestion("`candidates` hold more than \(AccessQuestion.Limit.candidates) values in all")
        }
        self.items = items
    }

    /// A member given by the item replaces the default whole; nothing is merged inside it.
    private static func question(
        _ item: JSONValue, defaults: JSONObject
    ) -> Result<AccessQuestion, MalformedQuestion> {
        guard let object = item.object else {
            return .failure(MalformedQuestion("each of `evaluations` must be an object"))
        }
        do throws(MalformedQuestion) {
            return .success(
                try AccessQuestion(
                    subject: object["subject"] ?? defaults["subject"], action: object["action"] ?? defaults["action"],
                    resource: object["resource"] ?? defaults["resource"],
                    context: object["context"] ?? defaults["context"]))
        } catch {
            return .failure(error)
        }
    }
}

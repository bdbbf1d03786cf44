// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto
import SocleJSON

/// An AuthZEN search request: a question with one part left open, and which page of its answers is wanted.
struct SearchRequest<Question: BatchedQuestion>: Sendable {
    let entity: SearchedEntity
    /// The question, with a stand-in for what is looked for.
    let question: Question
    let page: SearchPage
    /// The digest of the question, its members in no particular order: a page token is good for this question alone.
    let digest: String

    /// - Throws: a message naming the member that is missing or wrong. The identifier of what is looked for may be
    ///   given, and is ignored.
    init(_ entity: SearchedEntity, _ request: JSONView) throws(MalformedQuestion) {
        guard request.isObject else { throw MalformedQuestion("the request must be a JSON object") }
        self.entity = entity
        page = try SearchPage(Member(request["page"], "page", optional: true))
        question = try Question(
            reading: entity == .subject ? Self.open(request["subject"], "subject") : request["subject"],
            action: entity == .action ? JSONView(["name": "any"]) : request["action"],
            resource: entity == .resource
                ? Self.open(request["resource"], "resource", Question.leaveOpen) : request["resource"],
            context: request["context"])
        var asked = request.value.object ?? JSONObject()
        asked["page"] = nil
        digest = Base64URL.encode(SHA256.digest(Self.ordered(.object(asked)).bytes))
    }

    private static func open(
        _ view: JSONView?, _ name: String, _ leaveOpen: (inout JSONObject) -> Void = { _ in }
    ) throws(MalformedQuestion) -> JSONView {
        var object = try Member(view, name).tree
        object["id"] = "any"
        leaveOpen(&object)
        return JSONView(.object(object))
    }

    private static func ordered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): return .array(values.map(ordered))
        case .object(let object):
            var result = JSONObject()
            for member in object.members.sorted(by: { $0.name < $1.name }) {
                result.append(unique: member.name, ordered(member.value))
            }
            return .object(result)
        default: return value
        }
    }
}

/// Which part of the results is wanted.
struct SearchPage: Hashable, Sendable {
    /// Results in a page; a client that asks for more gets as many.
    static let largest = 1000
    static let usual = 100

    var limit: Int
    var token: String?

    init(_ member: Member) throws(MalformedQuestion) {
        token = try member.string("token", limit: PageTokens.limit).flatMap { $0.isEmpty ? nil : $0 }
        limit = SearchPage.usual
        guard let value = member["limit"] else { return }
        guard let number = value.integer, number > 0 else {
            throw MalformedQuestion("`page.limit` must be a whole number above zero")
        }
        limit = Int(min(number, Int64(SearchPage.largest)))
    }
}

/// What a search found.
struct SearchResults: Sendable {
    var results: [JSONValue]
    /// Where the next page begins; nil when this is the last.
    var next: String?

    /// The wire form: an empty token ends the list.
    var json: JSONValue {
        [
            "results": .array(results),
            "page": ["next_token": .string(next ?? ""), "count": .integer(Int64(results.count))],
        ]
    }
}

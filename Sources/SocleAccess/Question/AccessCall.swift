// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// What stands behind the decision routes: the region's rules on the region's records, or another policy directory.
///
/// Whoever answers, an answer leaves only after its journal entry is durable, and one call is one entry.
package protocol DecidesAccess: Sendable {
    /// - Parameter request: the body, as AuthZEN 1.0 has it for that operation.
    /// - Throws: for a request that is malformed as a whole, and nothing is then journalled; `unavailable` for a
    ///   search that could not be made. An evaluation that could not be made is a refusal, and no error.
    func answer(
        _ operation: AccessOperation, _ request: JSONView, from caller: Caller, requestID: String?
    ) async throws(UnansweredCall) -> JSONText
}

/// The operations of AuthZEN 1.0.
package enum AccessOperation: Hashable, Sendable {
    case evaluation
    case evaluations
    case search(SearchedEntity)
}

/// What a search looks for: the part of the question that it leaves open.
package enum SearchedEntity: String, Sendable, CaseIterable { case subject, resource, action }

/// Why a call has no answer.
package enum UnansweredCall: Error, Equatable {
    /// The message is for the developer of the application.
    case malformed(String)
    /// The records or the journal cannot be reached: no list is given, for an empty one would say "nobody".
    case unavailable

    init(_ fault: MalformedQuestion) { self = .malformed(fault.message) }
}

extension AccessBatch {
    /// Reads a request for `evaluations`, which without a list is one question.
    static func reading(_ request: JSONView) throws(UnansweredCall) -> Either {
        do throws(MalformedQuestion) {
            if let batch = try AccessBatch(request) { return .many(batch) }
            return .one(try Question(request))
        } catch {
            throw UnansweredCall(error)
        }
    }

    enum Either {
        case one(Question)
        case many(AccessBatch)
    }
}

extension BatchedQuestion {
    /// Reads a request for `evaluation`. Unknown members are ignored.
    package init(_ request: JSONView) throws(MalformedQuestion) {
        guard request.isObject else { throw MalformedQuestion("the request must be a JSON object") }
        try self.init(
            reading: request["subject"], action: request["action"], resource: request["resource"],
            context: request["context"])
    }
}

extension JSONText {
    /// An evaluations response.
    init(_ results: [Result<Answer, MalformedQuestion>]) {
        self.init { members in
            members.append(
                unique: "evaluations",
                results.map { result in
                    switch result {
                    case .success(let answer): answer.text
                    case .failure(let fault): fault.text
                    }
                })
        }
    }
}

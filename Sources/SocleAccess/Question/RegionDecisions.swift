// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// The region's rules behind the routes: its decisions and its searches.
package struct RegionDecisions: DecidesAccess {
    private let decisions: DecisionPoint
    private let search: RegionSearch

    package init(decisions: DecisionPoint, search: RegionSearch) {
        self.decisions = decisions
        self.search = search
    }

    package func answer(
        _ operation: AccessOperation, _ request: JSONView, from caller: Caller, requestID: String?
    ) async throws(UnansweredCall) -> JSONText {
        switch operation {
        case .evaluation:
            let question: AccessQuestion
            do throws(MalformedQuestion) {
                question = try AccessQuestion(request)
            } catch {
                throw UnansweredCall(error)
            }
            return await decisions.answer(question, from: caller, requestID: requestID).text
        case .evaluations:
            switch try AccessBatch<AccessQuestion>.reading(request) {
            case .one(let question):
                return await decisions.answer(question, from: caller, requestID: requestID).text
            case .many(let batch):
                let results = await decisions.answers(batch, from: caller, requestID: requestID)
                return JSONText(results)
            }
        case .search(let entity):
            return JSONText(try await search.answer(entity, request, from: caller, requestID: requestID))
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import Logging
package import SocleAccess
package import SocleIdentity
import SocleJSON
package import SocleOIDC

/// The routes of decisions (AuthZEN Authorization API 1.0): verify the token, decode, ask, encode.
///
/// A deny is an answer, 200 like a permit. Malformed is 400, no token or a dead one 401, a token without the scope
/// 403, a body too large 413, an application that asks too much 429.
package struct AccessRoutes: Sendable {
    /// From a bearer text to the token it is, or a refusal.
    package typealias Verification = @Sendable (String) async throws(ProtocolError) -> AccessToken

    package static let evaluation = "/access/v1/evaluation"
    package static let evaluations = "/access/v1/evaluations"
    package static let configuration = "/.well-known/authzen-configuration"
    package static func search(_ entity: SearchedEntity) -> String { "/access/v1/search/\(entity.rawValue)" }

    /// A thousand candidates described in full.
    static let bodyLimit = 1 << 20

    private let decisions: any DecidesAccess
    private let verify: Verification
    private let rate: QuestionRate
    private let endpoints: Endpoints
    private let logger: Logger

    package init(
        decisions: any DecidesAccess, verifier: AccessTokenVerifier, rate: QuestionRate, endpoints: Endpoints,
        clock: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.init(decisions: decisions, rate: rate, endpoints: endpoints, logger: logger) {
            bearer throws(ProtocolError) in
            try await verifier.verify(bearer: bearer, requiredAudience: endpoints.accessInterface, now: clock())
        }
    }

    package init(
        decisions: any DecidesAccess, rate: QuestionRate, endpoints: Endpoints, logger: Logger,
        verify: @escaping Verification
    ) {
        self.decisions = decisions
        self.verify = verify
        self.rate = rate
        self.endpoints = endpoints
        self.logger = logger
    }

    package var routes: [Route] {
        let url = { (path: String) in JSONValue.string(endpoints.issuer + path) }
        let metadata = WebResponse.json([
            "policy_decision_point": .string(endpoints.issuer),
            "access_evaluation_endpoint": url(Self.evaluation),
            "access_evaluations_endpoint": url(Self.evaluations),
            "search_subject_endpoint": url(Self.search(.subject)),
            "search_resource_endpoint": url(Self.search(.resource)),
            "search_action_endpoint": url(Self.search(.action)),
        ]).caching(for: .minutes(5))
        return [
            route(Self.evaluation, .evaluation), route(Self.evaluations, .evaluations),
            Route(.get, Self.configuration) { _ in metadata },
        ] + SearchedEntity.allCases.map { route(Self.search($0), .search($0)) }
    }

    private func route(_ path: String, _ operation: AccessOperation) -> Route {
        Route(.post, path, bodyLimit: Self.bodyLimit) { await answer($0, operation) }
    }

    private func answer(_ request: WebRequest, _ operation: AccessOperation) async -> WebResponse {
        var response = await respond(request, operation)
        // AuthZEN 1.0 §10.1.3: the caller finds its own identifier again.
        if let id = request.callerID { response.headers[.requestID] = id }
        return response
    }

    private func respond(_ request: WebRequest, _ operation: AccessOperation) async -> WebResponse {
        let caller: Caller
        do throws(ProtocolError) {
            guard let bearer = try request.bearerToken() else { return refusal(nil) }
            caller = try self.caller(try await verify(bearer))
        } catch {
            logger.info(
                "refused",
                metadata: [
                    "id": "\(request.id)", "error": "\(error.code.rawValue)",
                    "detail": "\(error.detail ?? error.message)", "address": "\(request.address)",
                ])
            return refusal(error)
        }
        if let wait = rate.wait(of: caller.client) {
            logger.notice("too many questions", metadata: ["id": "\(request.id)", "client": "\(caller.client)"])
            return .problem(
                .tooManyRequests, detail: "this application asks more than its rate: wait, then go on more slowly",
                headers: [.retryAfter: "\(wait.wholeSeconds)"])
        }
        guard request.hasMediaType("application/json") else {
            return .problem(.badRequest, detail: "the body must be application/json")
        }
        let json: JSONView
        do throws(JSONError) {
            json = try JSONView(parsing: request.body, limits: JSONLimits(bytes: Self.bodyLimit))
        } catch {
            rate.count(1, of: caller.client)
            return .problem(.badRequest, detail: "the body is not JSON: \(error)")
        }
        rate.count(QuestionRate.questions(in: json, operation), of: caller.client)
        do throws(UnansweredCall) {
            let answer = try await decisions.answer(operation, json, from: caller, requestID: request.callerID)
            return .bytes(answer.bytes, type: "application/json")
        } catch .malformed(let message) {
            return .problem(.badRequest, detail: message)
        } catch {
            return .problem(.serviceUnavailable, detail: "nothing can be searched now", headers: [.retryAfter: "5"])
        }
    }

    /// A person's token proves the subject. An application's own token may only assert one, and must be allowed to.
    private func caller(_ token: AccessToken) throws(ProtocolError) -> Caller {
        guard token.has(Scope.evaluate) else {
            throw ProtocolError(.insufficientScope, "the token does not hold \(Scope.evaluate)")
        }
        guard token.isUserToken else {
            guard token.has(Scope.assert) else {
                throw ProtocolError(.insufficientScope, "an application's own token must hold \(Scope.assert)")
            }
            return Caller(client: token.clientID, voice: .application, stamp: token.stamp)
        }
        return Caller(
            client: token.clientID,
            voice: .person(
                Caller.PersonSession(
                    subject: token.subject, issuedSubject: token.claims.subject, situation: token.situation,
                    methods: token.methods, acr: token.acr)),
            stamp: token.stamp)
    }

    private func refusal(_ error: ProtocolError?) -> WebResponse {
        .bearerRefusal(
            error, scope: "\(Scope.evaluate) \(Scope.assert)", metadata: endpoints.url(.protectedResource))
    }
}

extension WebRequest {
    /// The `X-Request-ID` that the caller chose, when it is one that can be echoed and journalled.
    fileprivate var callerID: String? {
        guard let id = headers.joined(.requestID), (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return id
    }
}

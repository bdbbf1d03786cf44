// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import Logging
import SocleCrypto
import SocleIdentity
import Synchronization

/// Every route of the server behind one function. The listener calls it for each request of a socket and tests call
/// it directly: nothing of the behaviour below is the socket's.
package struct Site: Sendable {
    package struct Settings: Sendable {
        /// A handler that has not answered by then is given up and cancelled, and the client told 503.
        package var timeBudget: Duration = .seconds(20)
        /// Bytes of path and query together.
        package var targetLimit = 16 * 1024
        /// Whether the issuer is on HTTPS: browsers are then told never to come back without it (RFC 6797).
        package var secure: Bool

        package init(secure: Bool = false) { self.secure = secure }
    }

    package let settings: Settings
    package let deadlines: RequestDeadlines
    /// path -> method -> route: paths are fixed texts, so that nothing has to be normalised or matched in order.
    private let routes: [String: [HTTPRequest.Method: Route]]
    private let branches: [Branch]
    private let logger: Logger

    /// - Precondition: no two routes have the same path and method.
    package init(
        routes: [Route], branches: [Branch] = [], settings: Settings = Settings(),
        logger: Logger = Logger(label: "socle.http") { _ in
            SwiftLogNoOpLogHandler()
        }
    ) {
        var table: [String: [HTTPRequest.Method: Route]] = [:]
        for route in routes {
            let previous = table[route.path, default: [:]].updateValue(route, forKey: route.method)
            precondition(previous == nil, "two routes for \(route.method) \(route.path)")
        }
        self.routes = table
        self.branches = branches
        self.settings = settings
        self.deadlines = RequestDeadlines()
        self.logger = logger
    }

    /// Answers a request whose body was read whole. Always answers; never throws.
    package func respond(to request: WebRequest) async -> WebResponse {
        let kept = LateAnswer()
        let answer = await respond(
            to: request, reading: request.body.count, late: { late in kept.answer.withLock { $0 = late } },
            body: { _ in .success(request.body) })
        return answer ?? kept.answer.withLock { $0 } ?? .problem(.serviceUnavailable)
    }

    /// Why a body did not arrive.
    package enum BodyFailure: Error { case tooLong, broken }

    /// Finds the route, has its body read within its limit, calls it, completes and logs the answer.
    /// - Parameters:
    ///   - declared: the length the client declared, nil when it declared none.
    ///   - late: given the answer of a handler that has none within the time budget, while it goes on.
    /// - Returns: nil after that.
    package func respond(
        to request: WebRequest, reading declared: Int?, late: @escaping @Sendable (WebResponse) -> Void,
        body: (_ limit: Int) async -> Result<[UInt8], BodyFailure>
    ) async -> WebResponse? {
        let start = ContinuousClock.now
        var request = request
        if request.id.isEmpty { request.id = Hex.encode(SecureRandom.system.bytes(8)) }
        switch find(request) {
        case .failure(let refusal): return finish(refusal.response, to: request, nil, since: start)
        case .success(let route):
            if let refusal = await read(&request, route, declared: declared, body) {
                return finish(refusal, to: request, route, since: start)
            }
            let asked = request
            @Sendable func giveUp() -> (@Sendable () -> Void)? {
                let refusal =
                    route.refuse?(.serviceUnavailable)
                    ?? .problem(.serviceUnavailable, detail: "the request took too long", headers: [.retryAfter: "5"])
                late(complete(refusal, to: asked))
                return { log(asked, route: route, status: refusal.status, since: start) }
            }
            guard
                let answer = await deadlines.within(settings.timeBudget, expire: giveUp, { await route.handle(asked) })
            else { return nil }
            return finish(answer, to: asked, route, since: start)
        }
    }

    private func finish(
        _ answer: consuming WebResponse, to request: WebRequest, _ route: Route?, since start: ContinuousClock.Instant
    ) -> WebResponse {
        log(request, route: route, status: answer.status, since: start)
        return complete(answer, to: request)
    }

    private struct Refusal: Error { var response: WebResponse }

    private func find(_ request: WebRequest) -> Result<Route, Refusal> {
        guard request.path.utf8.count + (request.query?.utf8.count ?? 0) <= settings.targetLimit else {
            return .failure(Refusal(response: .problem(.uriTooLong)))
        }
        guard let methods = routes[request.path] ?? routes[Site.wildcard(request.path)] else {
            guard let branch = branches.first(where: { $0.holds(request.path) }) else {
                return .failure(Refusal(response: .problem(.notFound)))
            }
            // The log names the prefix: what follows it may be about a person.
            var route = Route(request.method, branch.prefix, bodyLimit: branch.bodyLimit, handle: branch.handle)
            route.refuse = branch.refuse
            return .success(route)
        }
        if let route = methods[request.method] ?? (request.method == .head ? methods[.get] : nil) {
            return .success(route)
        }
        let allowed = Set(methods.keys.map(\.rawValue)).union(methods[.get] == nil ? [] : ["HEAD"])
        return .failure(
            Refusal(
                response: .problem(.methodNotAllowed, headers: [.allow: allowed.sorted().joined(separator: ", ")])))
    }

    /// The route of a record named by the last segment, `/path/*`: that segment is not empty, and is decoded by nobody.
    private static func wildcard(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), path.index(after: slash) != path.endIndex else { return path }
        return path[...slash] + "*"
    }

    /// Has the body read into the request.
    /// - Returns: why it could not be.
    private func read(
        _ request: inout WebRequest, _ route: Route, declared: Int?,
        _ body: (Int) async -> Result<[UInt8], BodyFailure>
    ) async -> WebResponse? {
        func refusal(_ status: HTTPResponse.Status) -> WebResponse { route.refuse?(status) ?? .problem(status) }
        guard (declared ?? 0) <= route.bodyLimit else { return refusal(.contentTooLarge) }
        guard declared != 0 else { return nil }
        switch await body(route.bodyLimit) {
        case .success(let bytes): request.body = bytes
        case .failure(.tooLong): return refusal(.contentTooLarge)
        case .failure(.broken): return refusal(.badRequest)
        }
        return request.body.count <= route.bodyLimit ? nil : refusal(.contentTooLarge)
    }

    /// What every answer carries whatever its route. Consumed, so that its headers are added to and not copied.
    private func complete(_ answer: consuming WebResponse, to request: WebRequest) -> WebResponse {
        var response = answer
        response.headers.reserveCapacity(response.headers.count + 8)
        func add(_ field: @autoclosure () -> HTTPField, _ name: HTTPField.Name) {
            if !response.headers.contains(name) { response.headers.append(field()) }
        }
        add(HTTPField(name: .requestID, value: request.id), .requestID)
        for field in Site.always { add(field, field.name) }
        if settings.secure { add(Site.strictTransport, .strictTransportSecurity) }
        if response.status != .noContent {
            add(HTTPField(name: .contentLength, value: String(response.body.count)), .contentLength)
        }
        if request.method == .head { response.body = [] }
        return response
    }

    private static let always = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"), HTTPField(name: .cacheControl, value: "no-store"),
        HTTPField(name: .referrerPolicy, value: "no-referrer"),
    ]
    private static let strictTransport = HTTPField(
        name: .strictTransportSecurity, value: "max-age=31536000; includeSubDomains")

    /// Route, status and duration: never a query, a header or anything a person typed.
    private func log(
        _ request: WebRequest, route: Route?, status: HTTPResponse.Status, since start: ContinuousClock.Instant
    ) {
        logger.log(
            level: status.code >= 500 ? .error : .info, "request",
            metadata: [
                "id": "\(request.id)", "method": "\(route?.method.rawValue ?? "-")", "route": "\(route?.path ?? "-")",
                "status": "\(status.code)", "ms": "\((ContinuousClock.now - start).milliseconds)",
            ])
    }
}

/// Where the answer of a handler that is late is put, for who has no connection to write it to.
private final class LateAnswer: Sendable {
    let answer = Mutex<WebResponse?>(nil)
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import HTTPTypes

/// A request as the routes see it: read whole, within the route's limit.
package struct WebRequest: Sendable {
    package var method: HTTPRequest.Method
    /// The path as sent, without the query, percent-encoding untouched.
    package var path: String
    /// The query as sent, without the question mark.
    package var query: String?
    package var headers: HTTPFields
    package var body: [UInt8]
    /// The address of the peer; what a configured proxy forwarded, where there is one.
    package var address: String
    /// Random, in the log of the request and in `X-Request-Id` of its answer; set by the site.
    package var id: String

    package init(
        method: HTTPRequest.Method = .get, path: String, query: String? = nil, headers: HTTPFields = [:],
        body: [UInt8] = [], address: String = "127.0.0.1", id: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.address = address
        self.id = id
    }
}

/// The answer of a route.
package struct WebResponse: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: [UInt8]

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// One path and method, its body limit and its handler.
package struct Route: Sendable {
    package var method: HTTPRequest.Method
    package var path: String
    /// In bytes; a longer body is a 413 and is never handed to the handler.
    package var bodyLimit: Int
    package var handle: @Sendable (WebRequest) async -> WebResponse
    /// The answer to what never reaches the handler, where it is not a problem (RFC 9457).
    var refuse: (@Sendable (HTTPResponse.Status) -> WebResponse)?

    package init(
        _ method: HTTPRequest.Method, _ path: String, bodyLimit: Int = 64 * 1024,
        handle: @escaping @Sendable (WebRequest) async -> WebResponse
    ) {
        self.method = method
        self.path = path
        self.bodyLimit = bodyLimit
        self.handle = handle
    }
}

/// Every path under a prefix, whatever the method, behind one handler: for an interface whose paths bear identifiers.
package struct Branch: Sendable {
    package var prefix: String
    package var bodyLimit: Int
    /// The answer to what never reaches the handler: a body too long or broken, a handler too slow.
    package var refuse: @Sendable (HTTPResponse.Status) -> WebResponse
    package var handle: @Sendable (WebRequest) async -> WebResponse

    package init(
        _ prefix: String, bodyLimit: Int, refuse: @escaping @Sendable (HTTPResponse.Status) -> WebResponse,
        handle: @escaping @Sendable (WebRequest) async -> WebResponse
    ) {
        self.prefix = prefix
        self.bodyLimit = bodyLimit
        self.refuse = refuse
        self.handle = handle
    }

    func holds(_ path: String) -> Bool { path == prefix || path.hasPrefix(prefix + "/") }
}

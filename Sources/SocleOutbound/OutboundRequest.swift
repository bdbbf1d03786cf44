// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One call to make. Sent once, whole; nothing is added but `Host`, `Accept: */*` and the length of the body.
package struct OutboundRequest: Hashable, Sendable {
    package enum Method: Hashable, Sendable {
        case get
        case post(body: [UInt8], contentType: String)
    }

    /// `https`, or `http` where the policy lists the address; without user information.
    package var url: String
    package var method: Method
    /// The value of `Accept`, when the answer must be of one type.
    package var accept: String?
    /// The value of `Authorization`.
    package var authorization: String?

    package init(_ url: String, method: Method = .get, accept: String? = nil, authorization: String? = nil) {
        self.url = url
        self.method = method
        self.accept = accept
        self.authorization = authorization
    }
}

/// What came back, whatever its status: a redirect is an answer here, never followed.
package struct OutboundResponse: Hashable, Sendable {
    package var status: Int
    /// As sent, parameters included; nil when absent.
    package var contentType: String?
    package var body: [UInt8]

    package init(status: Int, contentType: String? = nil, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Why no answer came. For logs and retries: a caller tells outsiders only that the call failed.
package enum OutboundFailure: Error, Hashable, Sendable {
    /// Not an absolute URL of an accepted scheme; a user name or password in it; a control character in it or a header.
    case unacceptableRequest
    /// Every address the name stands for is private, or of no use on the internet.
    case refusedAddress
    case unreachable
    case timedOut
    /// The answer passed the stated maximum.
    case tooLarge
    /// The other side has no certificate we trust for that name.
    case untrusted
    /// The answer is no HTTP.
    case unreadable
    /// Too many calls wait already; nothing was sent.
    case busy
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import HTTPTypes
package import SocleJSON

/// The forms an answer takes. All are `no-store` unless told otherwise by `caching`.
extension WebResponse {
    package static func json(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> WebResponse {
        bytes(value.bytes, type: "application/json", status: status, headers: headers)
    }

    package static func bytes(
        _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> WebResponse {
        var response = WebResponse(status: status, headers: headers, body: bytes)
        response.headers[.contentType] = type
        return response
    }

    package static func empty(_ status: HTTPResponse.Status, headers: HTTPFields = [:]) -> WebResponse {
        WebResponse(status: status, headers: headers)
    }

    /// 303: the next request is a GET whatever this one was, so that no form's body travels on (RFC 9700 §4.12).
    /// - Parameter location: an absolute path of ours, or a URI that was checked.
    package static func redirect(to location: String) -> WebResponse {
        WebResponse(status: .seeOther, headers: [.location: location])
    }

    /// An error outside OAuth (RFC 9457). `detail` reaches the client: never a reason an attacker wants.
    package static func problem(
        _ status: HTTPResponse.Status, detail: String? = nil, headers: HTTPFields = [:]
    ) -> WebResponse {
        var members: JSONObject = [
            "title": .string(status.reasonPhrase), "status": .integer(Int64(status.code)),
        ]
        if let detail { members["detail"] = .string(detail) }
        return bytes(
            JSONValue.object(members).bytes, type: "application/problem+json", status: status, headers: headers)
    }

    /// The same answer, which any cache may keep for a time.
    package func caching(for duration: Duration) -> WebResponse {
        var response = self
        response.headers[.cacheControl] = "public, max-age=\(duration.components.seconds)"
        return response
    }
}

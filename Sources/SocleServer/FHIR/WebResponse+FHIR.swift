// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleFHIR
import SocleIdentity
import SocleJSON

extension WebResponse {
    static let fhirType = "application/fhir+json"

    static func fhir(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> WebResponse {
        .bytes(value.bytes, type: fhirType, status: status, headers: headers)
    }

    static func outcome(_ refusal: FHIRRefusal, headers: HTTPFields = [:]) -> WebResponse {
        var headers = headers
        if refusal.status == 503 { headers[.retryAfter] = "5" }
        return .fhir(refusal.outcome, status: HTTPResponse.Status(code: refusal.status), headers: headers)
    }

    /// What stands for a version that was written.
    enum Written {
        case resource, nothing
        case outcome(JSONValue)
    }

    /// A resource with what tells its version.
    static func version(
        _ version: StoredVersion, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        as written: Written = .resource
    ) -> WebResponse {
        var headers = headers
        headers[.eTag] = EntityTag.text(version.version)
        headers[.lastModified] = HTTPDate.text(version.lastUpdated)
        return switch written {
        case .resource: .fhir(.object(version.content), status: status, headers: headers)
        case .nothing: .empty(status, headers: headers)
        case .outcome(let outcome): .fhir(outcome, status: status, headers: headers)
        }
    }
}

/// `Mon, 02 Nov 2026 09:15:00 GMT` (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ instant: Instant) -> String {
        let text = instant.description
        let month = Int(text.dropFirst(5).prefix(2)) ?? 1
        // 1970-01-01 was a Thursday.
        let day = ((instant.seconds / 86_400) % 7 + 7) % 7
        return "\(days[Int(day)]), \(text.dropFirst(8).prefix(2)) \(months[month - 1]) \(text.prefix(4)) "
            + "\(text.dropFirst(11).prefix(8)) GMT"
    }
}

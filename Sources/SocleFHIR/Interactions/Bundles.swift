// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
package import SocleJSON

/// The bundles Socle answers with.
package enum Bundles {
    /// A page of a search. `self` repeats what was asked; `next` is there when there is more.
    package static func searchSet(
        _ resources: [JSONObject], base: String, link: String, next: String?, incomplete: Bool = false
    ) -> JSONValue {
        var entries = resources.map { content -> JSONValue in
            [
                "fullUrl": .string("\(base)/\(path(content))"), "resource": .object(content),
                "search": ["mode": "match"],
            ]
        }
        if incomplete {
            let issue: JSONValue = [
                "severity": "warning", "code": "incomplete",
                "diagnostics": "some records are not shown as resources yet: search by patient, or again later",
            ]
            entries.append([
                "resource": ["resourceType": "OperationOutcome", "issue": [issue]], "search": ["mode": "outcome"],
            ])
        }
        return bundle("searchset", link: link, next: next, entries: entries)
    }

    /// The versions of one resource, the newest first.
    package static func history(_ versions: [StoredVersion], base: String, link: String, next: String?) -> JSONValue {
        bundle(
            "history", link: link, next: next,
            entries: versions.map { version in
                let created = version.version == 1
                // A name of ours was given to a POST, or to a record that came by other means.
                let posted = created && RecordName.isOne(version.reference.id)
                return [
                    "fullUrl": .string("\(base)/\(version.reference.text)"), "resource": .object(version.content),
                    "request": [
                        "method": posted ? "POST" : "PUT",
                        "url": .string(posted ? version.reference.type : version.reference.text),
                    ],
                    "response": [
                        "status": .string(created ? "201 Created" : "200 OK"),
                        "etag": .string(EntityTag.text(version.version)),
                        "lastModified": .string(version.lastUpdated.description),
                    ],
                ]
            })
    }

    /// The answer to a transaction, in the order of its entries.
    package static func transactionResponse(
        _ versions: [StoredVersion], warning warnings: [SharedINS] = [], base: String
    ) -> JSONValue {
        .object([
            "resourceType": "Bundle", "type": "transaction-response",
            "entry": .array(
                versions.map { version in
                    var response: JSONObject = [
                        "status": .string(version.version == 1 ? "201 Created" : "200 OK"),
                        "location": .string(location(version, base: base)),
                        "etag": .string(EntityTag.text(version.version)),
                        "lastModified": .string(version.lastUpdated.description),
                    ]
                    response["outcome"] = SharedINS.outcome(of: version, among: warnings)
                    return [
                        "fullUrl": .string("\(base)/\(version.reference.text)"),
                        "resource": .object(version.content), "response": .object(response),
                    ]
                }),
        ])
    }

    package static func location(_ version: StoredVersion, base: String) -> String {
        "\(base)/\(version.reference.text)/_history/\(version.version)"
    }

    private static func path(_ content: JSONObject) -> String {
        "\(content["resourceType"]?.string ?? "")/\(content["id"]?.string ?? "")"
    }

    private static func bundle(_ type: String, link: String, next: String?, entries: [JSONValue]) -> JSONValue {
        var links: [JSONValue] = [["relation": "self", "url": .string(link)]]
        if let next { links.append(["relation": "next", "url": .string(next)]) }
        var object: JSONObject = ["resourceType": "Bundle", "type": .string(type), "link": .array(links)]
        // FHIR has no empty array.
        if !entries.isEmpty { object["entry"] = .array(entries) }
        return .object(object)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// One thing wrong with a request, in FHIR's words.
package struct Issue: Hashable, Sendable {
    /// The values of `http://hl7.org/fhir/issue-type` that Socle gives.
    package enum Code: String, Sendable {
        case invalid, structure, required, value, invariant, security, login, forbidden, processing
        case notSupported = "not-supported"
        case duplicate, conflict, transient
        case unknown
        case notFound = "not-found"
        case tooLong = "too-long"
        case codeInvalid = "code-invalid"
        case businessRule = "business-rule"
        case tooCostly = "too-costly"
        case noStore = "no-store"
        case lockError = "lock-error"
    }

    package var code: Code
    /// A sentence for the developer of the client: it never repeats what was sent.
    package var diagnostics: String
    /// The FHIRPath of the element at fault, for instance `Consent.provision.provision[0].type`.
    package var expression: String?

    package init(_ code: Code, _ diagnostics: String, at expression: String? = nil) {
        self.code = code
        self.diagnostics = diagnostics
        self.expression = expression
    }
}

/// A request refused: its HTTP status, and every issue found.
package struct FHIRRefusal: Error, Hashable, Sendable {
    package var status: Int
    package var issues: [Issue]

    package init(_ status: Int, _ issues: [Issue]) {
        self.status = status
        self.issues = issues
    }

    package init(_ status: Int, _ code: Issue.Code, _ diagnostics: String, at expression: String? = nil) {
        self.init(status, [Issue(code, diagnostics, at: expression)])
    }

    /// Understood as FHIR, and not something Socle can hold or enforce.
    static func unprocessable(
        _ diagnostics: String, at expression: String, _ code: Issue.Code = .businessRule
    ) -> FHIRRefusal { FHIRRefusal(422, code, diagnostics, at: expression) }

    /// The `OperationOutcome` that answers.
    package var outcome: JSONValue {
        .object([
            "resourceType": "OperationOutcome",
            "issue": .array(
                issues.map { issue in
                    var object: JSONObject = [
                        "severity": "error", "code": .string(issue.code.rawValue),
                        "diagnostics": .string(issue.diagnostics),
                    ]
                    if let expression = issue.expression { object["expression"] = [.string(expression)] }
                    return .object(object)
                }),
        ])
    }
}

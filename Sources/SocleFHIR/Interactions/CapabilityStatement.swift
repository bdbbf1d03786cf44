// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// What this server does, as FHIR clients read it (`GET /fhir/metadata`).
package enum CapabilityStatement {
    /// - Parameters:
    ///   - date: when this statement was last changed.
    package static func json(issuer: String, base: String, date: String) -> JSONValue {
        .object([
            "resourceType": "CapabilityStatement", "id": "socle", "url": .string("\(base)/metadata"), "name": "Socle",
            "title": "Socle: cercles de soins et consentements", "status": "active", "date": .string(date),
            "kind": "instance", "publisher": "Sesan",
            "software": ["name": "Socle"],
            "implementation": ["description": "Socle", "url": .string(base)],
            "fhirVersion": "4.0.1", "format": ["application/fhir+json"],
            "rest": [
                .object([
                    "mode": "server",
                    "security": [
                        "cors": false,
                        "service": [
                            [
                                "coding": [
                                    [
                                        "system":
                                            "http://terminology.hl7.org/CodeSystem/restful-security-service",
                                        "code": "SMART-on-FHIR",
                                    ]
                                ]
                            ]
                        ],
                        "description":
                            "Bearer tokens of this issuer, with system scopes (system/Consent.cruds, system/*.rs).",
                        "extension": [
                            [
                                "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
                                "extension": [["url": "token", "valueUri": .string(issuer + "/oauth2/token")]],
                            ]
                        ],
                    ],
                    "resource": .array(ResourceType.allCases.map(resource) + [auditEvent, device]),
                    "interaction": [["code": "transaction"]],
                ])
            ],
        ])
    }

    private static func resource(_ type: ResourceType) -> JSONValue {
        let interactions = ["create", "update", "read", "vread", "history-instance", "search-type"]
        let common: [JSONValue] = [["name": "_id", "type": "token"]]
        return .object([
            "type": .string(type.rawValue),
            "interaction": .array(interactions.map { ["code": .string($0)] }),
            "versioning": "versioned-update", "readHistory": true, "updateCreate": true,
            "conditionalCreate": false, "conditionalUpdate": false, "conditionalDelete": "not-supported",
            "referencePolicy": ["literal"],
            "searchParam": .array(
                common
                    + SearchParameter.of(type).map {
                        ["name": .string($0.name), "type": .string($0.kind.rawValue)]
                    }),
        ])
    }

    private static let auditEvent: JSONValue = [
        "type": "AuditEvent", "interaction": [["code": "read"], ["code": "search-type"]], "versioning": "no-version",
        "searchParam": [["name": "patient", "type": "reference"], ["name": "date", "type": "date"]],
    ]
    private static let device: JSONValue = [
        "type": "Device", "interaction": [["code": "read"]], "versioning": "no-version",
    ]

    /// `/.well-known/smart-configuration` (SMART App Launch 2.x §2.0.9): backend services only.
    package static func smartConfiguration(issuer: String) -> JSONValue {
        [
            "issuer": .string(issuer), "jwks_uri": .string(issuer + "/oauth2/jwks"),
            "token_endpoint": .string(issuer + "/oauth2/token"),
            "introspection_endpoint": .string(issuer + "/oauth2/introspect"),
            "revocation_endpoint": .string(issuer + "/oauth2/revoke"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": JSONValue(
                ResourceType.allCases.map { "system/\($0.rawValue).cruds" } + [
                    "system/AuditEvent.rs", "system/*.cruds",
                ]),
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["permission-v2"],
        ]
    }
}

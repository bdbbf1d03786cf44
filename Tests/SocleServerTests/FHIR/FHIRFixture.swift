// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import HTTPTypes
import Logging
import SocleAudit
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleServer
import SocleStore
import Synchronization
import Testing

/// The FHIR interface beside a decision point, on one store: what is written by one is decided on by the other.
struct FHIRFixture {
    let access: AccessFixture
    let site: Site
    private let clock: WritingClock

    /// - Parameter ahead: how far the clock of what writes is before that of what decides: another node's may be.
    static func with(
        now: Instant = Ward.now, writing ahead: Duration = .zero,
        writingThrough wrap: (StoreLane) -> any CommitLane = { $0 },
        _ body: (FHIRFixture) async throws -> Void
    ) async throws {
        let clock = WritingClock(now + ahead)
        try await AccessFixture.with(now: now) { access in
            let routes = FHIRRoutes(
                records: StoredFHIRRecords(database: access.database), lane: wrap(access.lane),
                endpoints: Endpoints(issuer: "https://socle.test"), clock: clock.now, random: .system,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, verify: verify)
            try await body(
                FHIRFixture(access: access, site: Site(routes: routes.routes, branches: [routes.branch]), clock: clock))
        }
    }

    /// The clock of what writes is set, back if need be.
    func setClock(to instant: Instant) { clock.set(to: instant) }

    /// `fhir` may do everything but say which patients are one, as `matcher` does; `fhir~SCOPE~SCOPE` may what those
    /// scopes say; `granted~ID` is a token whose grant was not revoked when it was read; `user` is a person.
    private static let verify: FHIRRoutes.Verification = { bearer throws(ProtocolError) in
        let words = bearer.split(separator: "~").map(String.init)
        guard ["fhir", "matcher", "granted", "user"].contains(words.first) else {
            throw ProtocolError(.invalidToken, "the access token is not valid")
        }
        var token = AccessToken(
            claims: AccessTokenClaims(
                id: "t", issuer: "https://socle.test", audience: "https://socle.test/access", subject: "dossier",
                clientID: "dossier", scopes: words.count > 1 ? Array(words.dropFirst()) : ["system/*.cruds"],
                issuedAt: Instant(seconds: 0), expires: Instant(seconds: 4_000_000_000), person: nil),
            stamp: Stamp())
        if words.first == "granted", words.count > 1 {
            token.claims.scopes = ["system/*.cruds"]
            token.stamp.revisions[RecordKey(.grant, words[1])] = 0
        }
        if words.first == "matcher" { token.claims.scopes.append(Scope.matchIdentities) }
        if words.first == "user" {
            token.claims.person = AccessTokenClaims.Person(
                Grant(
                    id: "g", clientID: "dossier", subject: "sub", sessionID: "s", scopes: [],
                    authenticatedAt: Instant(seconds: 0), acr: "eidas1", methods: ["pwd", "otp", "mfa"],
                    situation: nil, createdAt: Instant(seconds: 0), expires: Instant(seconds: 4_000_000_000)))
        }
        return token
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue? = nil, query: String? = nil,
        token: String? = "fhir", match: String? = nil, type: String = "application/fhir+json",
        fields: HTTPFields = [:]
    ) async -> FHIRAnswer {
        await send(method, path, bytes: body?.bytes ?? [], query: query, token: token, match: match, type: type, fields)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8], query: String? = nil, token: String? = "fhir",
        match: String? = nil, type: String = "application/fhir+json", _ fields: HTTPFields = [:]
    ) async -> FHIRAnswer {
        var headers = fields
        if !bytes.isEmpty { headers[.contentType] = type }
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let match { headers[.ifMatch] = match }
        let response = await site.respond(
            to: WebRequest(method: method, path: "/fhir" + path, query: query, headers: headers, body: bytes))
        return FHIRAnswer(response: response, json: (try? JSONValue(parsing: response.body)) ?? .null)
    }
}

/// An answer, with its body read.
struct FHIRAnswer {
    let response: WebResponse
    let json: JSONValue

    var status: Int { response.status.code }
    var eTag: String? { response.headers[.eTag] }
    var version: String? { json["meta"]?["versionId"]?.string }
    /// The first issue of an outcome: its code and the element it names.
    var issue: String? {
        guard json["resourceType"]?.string == "OperationOutcome", let issue = json["issue"]?.array?.first else {
            return nil
        }
        let place = issue["expression"]?.array?.first?.string
        return [issue["code"]?.string, place].compactMap(\.self).joined(separator: " ")
    }
    /// The ids of a bundle's resources.
    var ids: [String] { (json["entry"]?.array ?? []).compactMap { $0["resource"]?["id"]?.string } }
    /// The URL of the next page, its query alone.
    var next: String? {
        (json["link"]?.array ?? []).first { $0["relation"]?.string == "next" }?["url"]?.string
            .flatMap { $0.split(separator: "?").last.map(String.init) }
    }
}

/// Resources as a client writes them.
enum Sample {
    static func consent(
        _ id: String, patient: String = "PAT-1", status: String = "active", provision: JSONValue,
        policy: String = "urn:socle:policy:equipe-de-soins:v0"
    ) -> JSONValue {
        [
            "resourceType": "Consent", "id": .string(id), "status": .string(status),
            "scope": [
                "coding": [
                    [
                        "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy",
                    ]
                ]
            ],
            "category": [["coding": [["system": "http://loinc.org", "code": "59284-0"]]]],
            "patient": ["reference": .string("Patient/\(patient)")], "dateTime": "2026-09-01T00:00:00+02:00",
            "policy": [["uri": .string(policy)]], "provision": provision,
        ]
    }

    static let opposition: JSONValue = [
        "type": "deny",
        "purpose": [["system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"]],
    ]

    static func patient(_ id: String, family: String = "Durand", given: String = "Zoé") -> JSONValue {
        [
            "resourceType": "Patient", "id": .string(id),
            "name": [["use": "official", "family": .string(family), "given": [.string(given)]]],
            "birthDate": "1960-05-04",
        ]
    }

    static func team(_ id: String, _ participants: JSONValue, status: String = "active") -> JSONValue {
        [
            "resourceType": "CareTeam", "id": .string(id), "status": .string(status),
            "subject": ["reference": "Patient/PAT-1"], "participant": participants,
        ]
    }
}

private final class WritingClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) { self.instant = Mutex(instant) }

    @Sendable func now() -> Instant { instant.withLock { $0 } }
    func set(to value: Instant) { instant.withLock { $0 = value } }
}

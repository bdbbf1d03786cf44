// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
package import Logging
package import SocleAudit
package import SocleCrypto
package import SocleFHIR
package import SocleIdentity
import SocleJSON
package import SocleOIDC

/// The FHIR R4 interface: verify the token, decode, read or write, journal, encode.
///
/// Every error is an `OperationOutcome`. Writes go through the commit lane with the records they come to; reads of
/// anything about a patient are journalled before they are answered.
package struct FHIRRoutes: Sendable {
    /// From a bearer text to the token it is, or a refusal.
    package typealias Verification = @Sendable (String) async throws(ProtocolError) -> AccessToken

    package static let root = "/fhir"
    /// Bytes of a transaction; a single resource is bounded by `Resource.limits`.
    static let bodyLimit = 2 << 20

    let records: any FHIRRecords
    let writer: FHIRWriter
    package let presenter: RecordPresenter
    let lane: any CommitLane
    let verify: Verification
    let endpoints: Endpoints
    let clock: @Sendable () -> Instant
    let random: SecureRandom
    let logger: Logger
    /// The base of our URLs, without a slash at its end.
    let base: String
    private let metadata: WebResponse
    private let smartConfiguration: WebResponse

    package init(
        records: any FHIRRecords, lane: any CommitLane, endpoints: Endpoints,
        clock: @escaping @Sendable () -> Instant, random: SecureRandom, logger: Logger,
        verify: @escaping Verification
    ) {
        self.records = records
        self.lane = lane
        self.verify = verify
        self.endpoints = endpoints
        self.clock = clock
        self.random = random
        self.logger = logger
        base = endpoints.issuer + Self.root
        presenter = RecordPresenter(
            records: records, lane: lane, base: base, clock: clock,
            report: { failure in
                logger.error("the records of a patient cannot be presented", metadata: ["detail": "\(failure)"])
            })
        writer = FHIRWriter(records: records, lane: lane, base: base, presenter: presenter)
        metadata = WebResponse.fhir(
            CapabilityStatement.json(issuer: endpoints.issuer, base: base, date: "2026-11-22")
        ).caching(for: .minutes(5))
        smartConfiguration = WebResponse.json(CapabilityStatement.smartConfiguration(issuer: endpoints.issuer))
            .caching(for: .minutes(5))
    }

    package init(
        records: any FHIRRecords, lane: any CommitLane, verifier: AccessTokenVerifier, endpoints: Endpoints,
        clock: @escaping @Sendable () -> Instant, random: SecureRandom, logger: Logger
    ) {
        self.init(
            records: records, lane: lane, endpoints: endpoints, clock: clock, random: random, logger: logger
        ) { bearer throws(ProtocolError) in
            try await verifier.verify(bearer: bearer, requiredAudience: endpoints.accessInterface, now: clock())
        }
    }

    package var routes: [Route] {
        [
            Route(.get, Self.root + "/metadata") { _ in metadata },
            Route(.get, Self.root + "/.well-known/smart-configuration") { _ in smartConfiguration },
        ]
    }

    package var branch: Branch {
        Branch(
            Self.root, bodyLimit: Self.bodyLimit,
            refuse: { status in
                .outcome(FHIRRefusal(status.code, status.code == 413 ? .tooLong : .transient, status.reasonPhrase))
            },
            handle: { request in
                do throws(FHIRRefusal) {
                    return try await respond(to: request)
                } catch {
                    return .outcome(error)
                }
            })
    }

    private func respond(to request: WebRequest) async throws(FHIRRefusal) -> WebResponse {
        try checkAccepted(request)
        let caller: FHIRCaller
        switch await self.caller(of: request) {
        case .success(let found): caller = found
        case .failure(let refusal): return refusal.response
        }
        let address = try FHIRAddress(request.path.dropFirst(Self.root.count))
        switch (address, request.method) {
        case (.system, .post): return try await transaction(request, caller)
        case (.type(let type), .post) where ResourceType(rawValue: type) != nil:
            return try await create(type, request, try caller.allowed(.create, type))
        case (.search(let type), .post) where FHIRAddress.isSearched(type):
            let form = try Self.form { () throws(FormError) in try Form(body: request) }
            return try await search(type, form, try caller.allowed(.search, type))
        case (.type(let type), .get) where FHIRAddress.isSearched(type),
            (.type(let type), .head) where FHIRAddress.isSearched(type):
            let form = try Self.form { () throws(FormError) in try Form(query: request.query) }
            return try await search(type, form, try caller.allowed(.search, type))
        case (.instance(let reference), .get), (.instance(let reference), .head):
            return try await read(reference, request, try caller.allowed(.read, reference.type))
        case (.instance(let reference), .put) where ResourceType(rawValue: reference.type) != nil:
            return try await update(reference, request, try caller.allowed(.update, reference.type))
        case (.history(let reference), .get), (.history(let reference), .head):
            return try await history(reference, request, try caller.allowed(.read, reference.type))
        case (.version(let reference, let number), .get), (.version(let reference, let number), .head):
            return try await versionRead(reference, number, try caller.allowed(.read, reference.type))
        default:
            return .outcome(
                FHIRRefusal(405, .notSupported, "this interaction is not offered here"),
                headers: [.allow: address.methods])
        }
    }

    /// Parameters come as a query or as a form: the same bounds, the same faults.
    static func form(_ read: () throws(FormError) -> Form) throws(FHIRRefusal) -> Form {
        do throws(FormError) {
            return try read()
        } catch {
            throw FHIRRefusal(error == .wrongContentType ? 415 : 400, .invalid, error.description)
        }
    }
}

/// What a path under the base is about.
enum FHIRAddress: Hashable {
    case system
    case type(String)
    case search(String)
    case instance(Reference)
    case history(Reference)
    case version(Reference, Int64)

    /// - Throws: 404 for a path that is none of ours, and for a type that is not served.
    init(_ path: Substring) throws(FHIRRefusal) {
        let parts = path.split(separator: "/").map(String.init)
        guard let type = parts.first else {
            self = .system
            return
        }
        guard SystemScope.types.contains(type) else {
            throw FHIRRefusal(404, .notSupported, "resources of this type are not served here")
        }
        switch parts.count {
        case 1: self = .type(type)
        case 2 where parts[1] == "_search": self = .search(type)
        case 2...4:
            guard let reference = Reference("\(type)/\(parts[1])", base: "") else {
                throw FHIRRefusal(404, .notFound, "there is no such resource")
            }
            if parts.count == 2 {
                self = .instance(reference)
            } else if parts[2] == "_history", parts.count == 3 {
                self = .history(reference)
            } else if parts[2] == "_history", let number = Int64(parts[3]), number > 0 {
                self = .version(reference, number)
            } else {
                throw FHIRRefusal(404, .notFound, "there is no such interaction")
            }
        default: throw FHIRRefusal(404, .notFound, "there is no such interaction")
        }
    }

    /// The only device is read by its name.
    static func isSearched(_ type: String) -> Bool { type != "Device" }

    /// The value of `Allow`. Audit events and devices are nobody's to write.
    var methods: String {
        func isWritable(_ type: String) -> Bool { ResourceType(rawValue: type) != nil }
        return switch self {
        case .system: "POST"
        case .search(let type): FHIRAddress.isSearched(type) ? "POST" : ""
        case .type(let type) where !FHIRAddress.isSearched(type): ""
        case .type(let type): isWritable(type) ? "GET, HEAD, POST" : "GET, HEAD"
        case .instance(let reference): isWritable(reference.type) ? "GET, HEAD, PUT" : "GET, HEAD"
        case .history, .version: "GET, HEAD"
        }
    }
}

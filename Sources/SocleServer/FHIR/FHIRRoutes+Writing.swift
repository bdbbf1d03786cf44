// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import Logging
import SocleCrypto
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleOIDC

extension FHIRRoutes {
    /// 201 with the resource, its version and where it is.
    func create(
        _ type: String, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        let resource = try resource(of: request, type)
        guard request.headers[Self.ifNoneExist] == nil else {
            throw FHIRRefusal(412, .notSupported, "conditional creates are not offered")
        }
        let operation = WriteOperation(
            resource: resource, id: try resource.naturalID ?? newID(), isCreate: true)
        return try await write(operation, request, caller)
    }

    /// 200 for the next version, 201 for a resource that was not there: its id is then the client's.
    func update(
        _ reference: Reference, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        let resource = try resource(of: request, reference.type)
        guard resource.id == reference.id else {
            throw FHIRRefusal(
                400, .invariant, "the id must be the one of the URL", at: "\(reference.type).id")
        }
        var precondition = WriteOperation.Precondition.none
        if let text = request.headers[.ifMatch] {
            guard let version = EntityTag.version(text) else {
                throw FHIRRefusal(400, .value, "`If-Match` is a version as W/\"3\"")
            }
            precondition = .version(version)
        } else if request.headers[.ifNoneMatch] == "*" {
            precondition = .absent
        }
        let operation = WriteOperation(
            resource: resource, id: reference.id, isCreate: false, precondition: precondition)
        return try await write(operation, request, caller)
    }

    private func write(
        _ operation: WriteOperation, _ request: WebRequest, _ caller: FHIRCaller
    ) async throws(FHIRRefusal) -> WebResponse {
        let versions = try await writer.write(
            [operation], by: caller.client, matchingIdentities: caller.matchesIdentities, stamp: caller.stamp,
            at: clock())
        guard let version = versions.first else { throw FHIRRefusal(500, .processing, "nothing was written") }
        let shared = await sharedINS(among: versions)
        return .version(
            version, status: version.version == 1 ? .created : .ok,
            headers: [.location: Bundles.location(version, base: base)],
            as: preferred(by: request, SharedINS.outcome(of: version, among: shared) ?? SharedINS.nothing))
    }

    /// The operator is told of whom.
    private func sharedINS(among versions: [StoredVersion]) async -> [SharedINS] {
        let shared = await writer.sharedINS(among: versions)
        for shared in shared {
            logger.warning(
                "patients who are not linked bear the same INS",
                metadata: [
                    "patient": "\(shared.patient.value)",
                    "others": "\(shared.others.map(\.value).joined(separator: " "))",
                ])
        }
        return shared
    }

    /// All of its entries or none, each with the right that it alone would need.
    func transaction(_ request: WebRequest, _ caller: FHIRCaller) async throws(FHIRRefusal) -> WebResponse {
        let bundle = try body(of: request, limits: JSONLimits(bytes: Self.bodyLimit, depth: 28, values: 100_000))
        let transaction = try Transaction(bundle, base: base, newID: newID)
        for operation in transaction.operations {
            _ = try caller.allowed(operation.isCreate ? .create : .update, operation.reference.type)
        }
        let written = try await writer.write(
            transaction.operations, by: caller.client, matchingIdentities: caller.matchesIdentities,
            stamp: caller.stamp,
            at: clock())
        // In the order of the bundle's entries.
        let ordered = zip(transaction.positions, written).sorted { $0.0 < $1.0 }.map(\.1)
        return .fhir(
            Bundles.transactionResponse(ordered, warning: await sharedINS(among: ordered), base: base))
    }

    private func resource(of request: WebRequest, _ type: String) throws(FHIRRefusal) -> Resource {
        let resource = try Resource(try body(of: request, limits: Resource.limits))
        guard resource.type.rawValue == type else {
            throw FHIRRefusal(400, .invariant, "the body must be a resource of the URL's type", at: "resourceType")
        }
        return resource
    }

    private func body(of request: WebRequest, limits: JSONLimits) throws(FHIRRefusal) -> JSONValue {
        guard request.hasMediaType(WebResponse.fhirType) || request.hasMediaType("application/json") else {
            throw FHIRRefusal(415, .notSupported, "the body must be \(WebResponse.fhirType)")
        }
        do throws(JSONError) {
            return try JSONValue(parsing: request.body, limits: limits)
        } catch {
            let tooLarge = error.fault == .tooLarge
            throw FHIRRefusal(
                tooLarge ? 413 : 400, tooLarge ? .tooLong : .structure, "the body is not JSON: \(error)")
        }
    }

    /// What may be answered: JSON alone.
    func checkAccepted(_ request: WebRequest) throws(FHIRRefusal) {
        let format = (try? Form(query: request.query))?["_format"]
        let known: Set = ["json", "application/json", WebResponse.fhirType]
        let accepted = request.headers[.accept]?.lowercased() ?? "*/*"
        let types = accepted.split(separator: ",").map { part in
            part.prefix { $0 != ";" }.filter { $0 != " " }
        }
        guard
            format.map(known.contains) ?? types.contains(where: { known.union(["*/*", "application/*"]).contains($0) })
        else { throw FHIRRefusal(406, .notSupported, "answers are \(WebResponse.fhirType)") }
    }

    /// What to answer of a write: `Prefer: return=` the representation unless said.
    private func preferred(by request: WebRequest, _ outcome: JSONValue) -> WebResponse.Written {
        let preference = request.headers[Self.prefer] ?? ""
        if preference.contains("return=minimal") { return .nothing }
        return preference.contains("return=OperationOutcome") ? .outcome(outcome) : .resource
    }

    /// 128 random bits, in the characters of a FHIR id.
    private func newID() -> String { Hex.encode(random.bytes(16)) }

    private static let prefer = HTTPField.Name.known("Prefer")
    private static let ifNoneExist = HTTPField.Name.known("If-None-Exist")
}

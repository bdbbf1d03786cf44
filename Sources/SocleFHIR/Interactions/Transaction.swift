// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
package import SocleJSON

/// A transaction bundle as writes, references between its entries resolved.
///
/// - Source: HL7 FHIR R4 §3.1.0.11. Only creates (POST) and updates (PUT): nothing is deleted here, and what would be
///   read belongs in a request of its own.
package struct Transaction: Sendable {
    package static let entryLimit = 100

    package var operations: [WriteOperation]

    /// - Parameter newID: an id for each resource to be created.
    package init(_ value: JSONValue, base: String, newID: () -> String) throws(FHIRRefusal) {
        guard let bundle = value.object, bundle["resourceType"]?.string == "Bundle" else {
            throw FHIRRefusal(400, .structure, "the body must be a `Bundle`")
        }
        guard bundle["type"]?.string == "transaction" else {
            throw FHIRRefusal(422, .notSupported, "only bundles of type `transaction` are taken", at: "Bundle.type")
        }
        for name in bundle.names
        where !["resourceType", "id", "meta", "type", "entry", "timestamp", "identifier", "language"].contains(name) {
            throw FHIRRefusal(422, .structure, "a transaction has no such element", at: "Bundle")
        }
        let entries = Element(value, at: "Bundle").all("entry")
        guard (1...Transaction.entryLimit).contains(entries.count) else {
            throw FHIRRefusal(
                422, entries.isEmpty ? .required : .tooLong,
                "a transaction holds from 1 to \(Transaction.entryLimit) entries", at: "Bundle.entry")
        }
        var addresses: [String: Reference] = [:]
        operations = []
        for entry in entries {
            let operation = try Transaction.operation(entry, base: base, newID)
            if operations.contains(where: { $0.reference == operation.reference }) {
                throw FHIRRefusal(422, .invariant, "a resource is written once in a transaction", at: entry.path)
            }
            if let address = entry.text("fullUrl") {
                guard addresses.updateValue(operation.reference, forKey: address) == nil else {
                    throw FHIRRefusal(422, .invariant, "two entries have the same `fullUrl`", at: entry.path)
                }
            }
            operations.append(operation)
        }
        for index in operations.indices { try operations[index].resolve(addresses) }
        // What others rest on comes first: a role needs its professional's record.
        let order: [ResourceType] = [
            .organization, .practitioner, .practitionerRole, .patient, .relatedPerson, .careTeam, .consent, .valueSet,
        ]
        let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        let placed = operations.enumerated().sorted { a, b in
            (rank[a.element.resource.type] ?? 0, a.offset) < (rank[b.element.resource.type] ?? 0, b.offset)
        }
        positions = placed.map(\.offset)
        operations = placed.map(\.element)
    }

    /// Where each operation stood in the bundle: answers are in that order.
    package private(set) var positions: [Int] = []

    private static func operation(
        _ entry: Element, base: String, _ newID: () -> String
    ) throws(FHIRRefusal) -> WriteOperation {
        guard let request = entry["request"], let method = request.text("method"), let url = request.text("url") else {
            throw FHIRRefusal(422, .required, "an entry has its `request`", at: "\(entry.path).request")
        }
        guard method == "POST" || method == "PUT" else {
            throw FHIRRefusal(
                422, .notSupported, "a transaction creates (POST) and updates (PUT)", at: "\(request.path).method")
        }
        guard let element = entry["resource"] else {
            throw FHIRRefusal(422, .required, "an entry has its resource", at: "\(entry.path).resource")
        }
        for name in request.value.object?.names ?? [] where !["method", "url", "ifMatch"].contains(name) {
            throw FHIRRefusal(422, .notSupported, "conditional writes are by `ifMatch` alone", at: request.path)
        }
        let resource = try Resource(element.value, at: element.path)
        if method == "POST" {
            guard url == resource.type.rawValue else {
                throw FHIRRefusal(422, .value, "the URL must be the resource's type", at: "\(request.path).url")
            }
            return WriteOperation(
                resource: resource, id: try resource.naturalID ?? newID(), isCreate: true, place: entry.path)
        }
        guard let target = Reference(url, base: base), target.type == resource.type.rawValue, target.id == resource.id
        else {
            throw FHIRRefusal(422, .value, "the URL must be the resource's type and id", at: "\(request.path).url")
        }
        var precondition = WriteOperation.Precondition.none
        if let text = request.text("ifMatch") {
            guard let version = EntityTag.version(text) else {
                throw FHIRRefusal(422, .value, "`ifMatch` is a version as W/\"3\"", at: "\(request.path).ifMatch")
            }
            precondition = .version(version)
        }
        return WriteOperation(
            resource: resource, id: target.id, isCreate: false, precondition: precondition, place: entry.path)
    }
}

extension WriteOperation {
    /// References to other entries of the bundle, by the address those were given, become references to resources.
    fileprivate mutating func resolve(_ addresses: [String: Reference]) throws(FHIRRefusal) {
        let place = place ?? "Bundle"
        let replaced = try ReferenceTexts.replaced(in: .object(resource.json)) { text throws(FHIRRefusal) in
            if let reference = addresses[text] { return reference.text }
            guard !text.hasPrefix("urn:") else {
                throw FHIRRefusal(422, .notFound, "a reference is to no entry of the bundle", at: place)
            }
            return nil
        }
        if let object = replaced.object { resource.replace(object) }
    }
}

extension Resource {
    /// The id that follows from what the resource is: a professional in the RPPS is known by that number everywhere.
    package var naturalID: String? {
        get throws(FHIRRefusal) { type == .practitioner ? try rpps?.professional?.value : nil }
    }
}

/// `W/"3"`: the version of a resource as an entity tag (HL7 FHIR R4 §3.1.0.1.3).
package enum EntityTag {
    package static func text(_ version: Int64) -> String { "W/\"\(version)\"" }

    package static func version(_ text: String) -> Int64? {
        var text = text[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        guard text.utf8.count >= 3, text.hasPrefix("\""), text.hasSuffix("\""),
            let version = Int64(text.dropFirst().dropLast()), version > 0
        else { return nil }
        return version
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleJSON

/// The resources that can be written here.
package enum ResourceType: String, Sendable, CaseIterable {
    case consent = "Consent"
    case careTeam = "CareTeam"
    case patient = "Patient"
    case practitioner = "Practitioner"
    case practitionerRole = "PractitionerRole"
    case organization = "Organization"
    case relatedPerson = "RelatedPerson"
    case valueSet = "ValueSet"
}

/// A resource that is well formed FHIR R4. What it means is for the records to say.
package struct Resource: Hashable, Sendable {
    package let type: ResourceType
    package private(set) var json: JSONObject

    /// What a body may be.
    package static let limits = JSONLimits(bytes: 512 * 1024, depth: 24, values: 20_000)

    /// - Parameter path: where the resource stands, for messages; its type when nil.
    /// - Throws: 400 for what is no resource of a known type, 422 with every fault of its elements.
    package init(_ value: JSONValue, at path: String? = nil) throws(FHIRRefusal) {
        guard let object = value.object, let name = object["resourceType"]?.string else {
            throw FHIRRefusal(400, .structure, "the body must be a resource, with its `resourceType`", at: path)
        }
        guard let type = ResourceType(rawValue: name), let definition = TypeDefinition.all[name] else {
            throw FHIRRefusal(422, .notSupported, "resources of this type are not taken here", at: path)
        }
        var reader = ResourceReader()
        reader.check(resource: object, type: definition, at: path ?? name)
        guard reader.issues.isEmpty else { throw FHIRRefusal(422, reader.issues) }
        self.type = type
        json = object
    }

    package var id: String? {
        get { json["id"]?.string }
        set { json["id"] = newValue.map(JSONValue.string) }
    }

    /// The same content as a version of ours: its id, `meta.versionId` and `meta.lastUpdated` set by us.
    package func stored(id: String, version: Int64, lastUpdated: String) -> JSONObject {
        var meta = json["meta"]?.object ?? JSONObject()
        meta["versionId"] = .string(String(version))
        meta["lastUpdated"] = .string(lastUpdated)
        var object: JSONObject = ["resourceType": .string(type.rawValue), "id": .string(id), "meta": .object(meta)]
        for (name, value) in json.members where object[name] == nil { object[name] = value }
        return object
    }

    /// The same resource with its references put right.
    mutating func replace(_ object: JSONObject) { json = object }

    var root: Element { Element(.object(json), at: type.rawValue) }
}

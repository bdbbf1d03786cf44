// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

package import SocleIdentity
import SocleJSON

/// A search parameter of a resource type: what it looks at, and how a value is compared with it.
///
/// - Source: HL7 FHIR R4 §3.1.1.4 and each resource's own list, of which these are the ones an index is kept for.
package struct SearchParameter: Sendable {
    package enum Kind: String, Sendable { case token, reference, date, string, uri }

    package var name: String
    package var kind: Kind
    /// Types a reference may be to, the first being meant by an id alone.
    var targets: [String] = []
    /// The elements looked at, by their names from the resource down.
    var paths: [[String]]

    init(_ name: String, _ kind: Kind, _ paths: String..., targets: [String] = []) {
        self.name = name
        self.kind = kind
        self.targets = targets
        self.paths = paths.map { $0.split(separator: ".").map(String.init) }
    }

    package static func of(_ type: ResourceType) -> [SearchParameter] {
        let identifier = SearchParameter("identifier", .token, "identifier")
        let status = SearchParameter("status", .token, "status")
        let patient = SearchParameter("patient", .reference, "patient", targets: ["Patient"])
        let active = SearchParameter("active", .token, "active")
        let humanName = [
            SearchParameter("name", .string, "name.family", "name.given", "name.text"),
            SearchParameter("family", .string, "name.family"), SearchParameter("given", .string, "name.given"),
        ]
        return switch type {
        case .consent:
            [
                identifier, status, patient, SearchParameter("date", .date, "dateTime"),
                SearchParameter("category", .token, "category"), SearchParameter("scope", .token, "scope"),
                SearchParameter("period", .date, "provision.period"),
                SearchParameter(
                    "actor", .reference, "provision.actor.reference", "provision.provision.actor.reference",
                    targets: parties),
                SearchParameter("purpose", .token, "provision.purpose", "provision.provision.purpose"),
            ]
        case .careTeam:
            [
                identifier, status, SearchParameter("patient", .reference, "subject", targets: ["Patient"]),
                SearchParameter("subject", .reference, "subject", targets: ["Patient"]),
                SearchParameter("date", .date, "period"), SearchParameter("category", .token, "category"),
                SearchParameter("participant", .reference, "participant.member", targets: parties),
            ]
        case .patient:
            [identifier, active, SearchParameter("birthdate", .date, "birthDate")] + humanName
                + [SearchParameter("gender", .token, "gender")]
        case .practitioner: [identifier, active] + humanName
        case .practitionerRole:
            [
                identifier, active,
                SearchParameter("practitioner", .reference, "practitioner", targets: ["Practitioner"]),
                SearchParameter("organization", .reference, "organization", targets: ["Organization"]),
                SearchParameter("role", .token, "code"), SearchParameter("specialty", .token, "specialty"),
                SearchParameter("date", .date, "period"),
            ]
        case .organization:
            [
                identifier, active, SearchParameter("name", .string, "name", "alias"),
                SearchParameter("type", .token, "type"),
                SearchParameter("partof", .reference, "partOf", targets: ["Organization"]),
            ]
        case .relatedPerson:
            [identifier, active, patient, SearchParameter("relationship", .token, "relationship")] + humanName.prefix(1)
        case .valueSet:
            [identifier, status, SearchParameter("url", .uri, "url"), SearchParameter("name", .string, "name")]
        }
    }

    private static let parties = ["Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Patient"]
}

/// One value a resource can be found by.
package struct IndexEntry: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        /// Compared whole: a reference, a URI, and each way in which a token may be asked for (`SearchToken`).
        case exact(String)
        /// Folded for comparison: lower case, no accents.
        case text(String)
        /// The instants covered, the end excluded; nil for an open side.
        case span(start: Instant?, end: Instant?)
    }

    package var parameter: String
    package var value: Value

    package init(_ parameter: String, _ value: Value) {
        self.parameter = parameter
        self.value = value
    }

    /// Texts longer than this are cut, in the index and in what is looked for.
    static let longest = 256
}

extension SearchParameter {
    /// The values of a resource for this parameter.
    func entries(of resource: JSONObject, base: String) -> [IndexEntry] {
        paths.flatMap { SearchParameter.values(.object(resource), $0[...]) }
            .flatMap { value in indexed(value, base: base).map { IndexEntry(name, $0) } }
    }

    private static func values(_ value: JSONValue, _ path: ArraySlice<String>) -> [JSONValue] {
        if let array = value.array { return array.flatMap { values($0, path) } }
        guard let name = path.first else { return [value] }
        return value[name].map { values($0, path.dropFirst()) } ?? []
    }

    private func indexed(_ value: JSONValue, base: String) -> [IndexEntry.Value] {
        switch kind {
        case .uri: return value.string.map { [.exact($0)] } ?? []
        case .string: return value.string.map { [.text(SearchText.folded($0))] } ?? []
        case .reference:
            return value["reference"]?.string.flatMap { Reference($0, base: base) }.map { [.exact($0.text)] } ?? []
        case .date:
            if let text = value.string { return FHIRDate(text).map { [.span(start: $0.start, end: $0.end)] } ?? [] }
            let start = value["start"]?.string.flatMap { FHIRDate($0) }?.start
            let end = value["end"]?.string.flatMap { FHIRDate($0) }?.end
            return value.object == nil ? [] : [.span(start: start, end: end)]
        case .token:
            if let text = value.string { return SearchToken(system: "", code: text).keys }
            if let bool = value.bool { return SearchToken(system: "", code: bool ? "true" : "false").keys }
            if let codings = value["coding"]?.array { return codings.flatMap { SearchToken(coding: $0)?.keys ?? [] } }
            if let identifier = value["value"]?.string {
                return SearchToken(system: value["system"]?.string ?? "", code: identifier).keys
            }
            return SearchToken(coding: value)?.keys ?? []
        }
    }
}

/// A code or an identifier in its system, which is empty for none.
struct SearchToken {
    var system: String
    var code: String

    init(system: String, code: String) {
        self.system = system
        self.code = code
    }

    init?(coding: JSONValue) {
        guard let code = coding["code"]?.string else { return nil }
        self.init(system: coding["system"]?.string ?? "", code: code)
    }

    /// What it can be found by: the code in any system, the code in its system, the system alone.
    var keys: [IndexEntry.Value] {
        [.exact("=\(code)"), .exact("\(system)|\(code)")] + (system.isEmpty ? [] : [.exact("\(system)|")])
    }
}

/// Texts as they are compared: case and the accents of French aside.
package enum SearchText {
    package static func folded(_ text: String) -> String {
        var result = ""
        for character in text.lowercased().prefix(IndexEntry.longest) {
            switch character {
            case "à", "â", "ä", "á": result += "a"
            case "é", "è", "ê", "ë": result += "e"
            case "î", "ï", "í": result += "i"
            case "ô", "ö", "ó": result += "o"
            case "ù", "û", "ü", "ú": result += "u"
            case "ç": result += "c"
            case "ñ": result += "n"
            case "ÿ": result += "y"
            case "œ": result += "oe"
            case "æ": result += "ae"
            case "’": result += "'"
            default: result.append(character)
            }
        }
        return result
    }
}

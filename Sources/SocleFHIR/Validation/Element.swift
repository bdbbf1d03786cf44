// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleConsent
import SocleJSON

/// A value inside a checked resource and the path to it, so that whoever reads it can say where a fault is.
struct Element {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, at path: String) {
        self.value = value
        self.path = path
    }

    subscript(name: String) -> Element? {
        value[name].map { Element($0, at: "\(path).\(name)") }
    }

    /// The repetitions of an element, none when it is absent.
    func all(_ name: String) -> [Element] {
        (value[name]?.array ?? []).enumerated().map { Element($1, at: "\(path).\(name)[\($0)]") }
    }

    func text(_ name: String) -> String? { value[name]?.string }

    /// The codings of a `CodeableConcept`.
    var codings: [Coding] { all("coding").compactMap(\.coding) }

    /// This element as a `Coding` that says a code.
    var coding: Coding? {
        text("code").map { Coding(system: text("system") ?? "", code: $0) }
    }

    /// The value of the first extension of that name: `valueCode` and the like.
    func extended(_ url: String, _ member: String) -> Element? {
        all("extension").first { $0.text("url") == url }?[member]
    }

    /// The same, of an extension that says nothing by any other value.
    /// - Throws: 422 for one with another value: passed over, it would be as if nothing were said.
    func said(_ url: String, _ members: String...) throws(FHIRRefusal) -> Element? {
        guard let element = all("extension").first(where: { $0.text("url") == url }) else { return nil }
        for member in members { if let value = element[member] { return value } }
        throw .unprocessable(
            "this extension says a `\(members.joined(separator: "` or a `"))`", at: element.path, .value)
    }

    /// The `Period` of that name, when neither end is given as unknown: an end left out would be one that never comes.
    func knownSpan(_ name: String) throws(FHIRRefusal) -> Span {
        if let period = self[name] {
            for end in ["start", "end"] where period[end] == nil && period["_\(end)"] != nil {
                throw .unprocessable("the date must be said", at: "\(period.path).\(end)")
            }
        }
        return span(name)
    }

    /// The reference of a `Reference` element.
    /// - Throws: 422 when it names nothing that is kept here, or another type than it says (R4, `Reference.type`).
    func reference(base: String) throws(FHIRRefusal) -> Reference {
        guard let text = text("reference"), let reference = Reference(text, base: base) else {
            throw .unprocessable("the reference must be `Type/id`, or one under \(base)", at: "\(path).reference")
        }
        let types = [reference.type, "http://hl7.org/fhir/StructureDefinition/\(reference.type)"]
        if let said = self.text("type"), !types.contains(said) {
            throw .unprocessable("the reference is to another type than this one", at: "\(path).type")
        }
        return reference
    }
}

/// A code and the URI of its system.
struct Coding: Hashable, Sendable {
    var system: String
    var code: String
}

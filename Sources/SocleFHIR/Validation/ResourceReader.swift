// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// Checks one resource against the definitions, and remembers everything wrong with it.
///
/// Strict on the base resource: an element that the type does not have is a fault, never passed over. Extensions are
/// kept, save modifier extensions: what changes the meaning of an element and is not understood cannot be held.
struct ResourceReader {
    /// How many faults are told before reading stops.
    static let faultLimit = 20
    static let repetitionLimit = 1000

    private(set) var issues: [Issue] = []
    /// The ids of the resources that the one being read contains.
    private var contained: Set<String> = []

    private var isFull: Bool { issues.count >= ResourceReader.faultLimit }

    mutating func check(resource object: JSONObject, type: TypeDefinition, at path: String) {
        contained = Set((object["contained"]?.array ?? []).compactMap { $0["id"]?.string })
        check(object, as: type, at: path, allowed: ["resourceType"])
    }

    private mutating func note(_ code: Issue.Code, _ words: String, _ path: String) {
        if !isFull { issues.append(Issue(code, words, at: path)) }
    }

    private mutating func check(
        _ object: JSONObject, as type: TypeDefinition, at path: String, allowed: Set<String> = []
    ) {
        guard !isFull else { return }
        if object.isEmpty { note(.structure, "an element cannot be empty", path) }
        var choices: [String: String] = [:]
        for (name, value) in object.members where !allowed.contains(name) {
            let bare = name.hasPrefix("_") ? String(name.dropFirst()) : name
            guard let element = type.elements[bare] else {
                note(.structure, "\(type.name) has no element `\(ResourceReader.shown(name))`", "\(path).\(bare)")
                continue
            }
            let here = "\(path).\(bare)"
            if name.hasPrefix("_") {
                checkPrimitiveExtension(value, element, values: object[bare], at: here)
                continue
            }
            if bare == "modifierExtension" || bare == "implicitRules" {
                note(.notSupported, "`\(bare)` changes what the resource means and is not understood here", here)
                continue
            }
            if let choice = element.choice {
                if let other = choices[choice] {
                    note(.structure, "only one of `\(other)` and `\(bare)` may be there", here)
                }
                choices[choice] = bare
            }
            check(value, element, at: here, hasExtension: object["_\(bare)"] != nil)
        }
        for element in type.elements.values.sorted(by: { $0.name < $1.name }) where element.required {
            guard object[element.name] == nil, object["_\(element.name)"] == nil else { continue }
            note(.required, "`\(element.name)` must be there", "\(path).\(element.name)")
        }
        if type.name == "Reference" { checkReference(object, at: path) }
        if type.name == "Period" { checkPeriod(object, at: path) }
        if type.name == "PatientContact" { checkContact(object, at: path) }
    }

    private mutating func check(
        _ value: JSONValue, _ element: ElementDefinition, at path: String, hasExtension: Bool
    ) {
        guard element.repeats else {
            if value.array != nil {
                note(.structure, "`\(element.name)` does not repeat: it is one value, not an array", path)
            } else {
                checkOne(value, element, at: path)
            }
            return
        }
        guard let values = value.array else {
            return note(.structure, "`\(element.name)` repeats: it must be an array", path)
        }
        guard !values.isEmpty else { return note(.structure, "an array cannot be empty", path) }
        guard values.count <= ResourceReader.repetitionLimit else {
            return note(.tooLong, "more than \(ResourceReader.repetitionLimit) values", path)
        }
        for (index, value) in values.enumerated() {
            // A null holds the place of a value that has only extensions.
            if value.isNull, hasExtension, Primitive(rawValue: element.type) != nil { continue }
            checkOne(value, element, at: "\(path)[\(index)]")
        }
    }

    private mutating func checkOne(_ value: JSONValue, _ element: ElementDefinition, at path: String) {
        guard !isFull else { return }
        if let primitive = Primitive(rawValue: element.type) {
            if let fault = primitive.fault(of: value) {
                note(.value, "`\(element.name)` must be \(fault)", path)
            } else if !element.codes.isEmpty, let code = value.string, !element.codes.contains(code) {
                let list = element.codes.sorted().joined(separator: ", ")
                note(.codeInvalid, "`\(element.name)` must be one of \(list)", path)
            }
            return
        }
        guard let object = value.object else {
            return note(.structure, "`\(element.name)` must be an object", path)
        }
        switch element.type {
        case "Extension": checkExtension(object, at: path)
        case "Resource": checkContained(object, at: path)
        default:
            guard let type = TypeDefinition.all[element.type] else {
                preconditionFailure("no definition of \(element.type)")
            }
            check(object, as: type, at: path)
        }
    }

    /// A `url`, and either one value or extensions of its own.
    private mutating func checkExtension(_ object: JSONObject, at path: String) {
        guard let url = object["url"], Primitive.uri.fault(of: url) == nil else {
            return note(.required, "an extension needs its `url`", "\(path).url")
        }
        var values = 0
        for (name, value) in object.members where name != "url" && name != "id" {
            let bare = name.hasPrefix("_") ? String(name.dropFirst()) : name
            let here = "\(path).\(bare)"
            if bare == "extension" {
                let element = ElementDefinition(notation: "extension* Extension")
                check(value, element, at: here, hasExtension: false)
                continue
            }
            guard bare.hasPrefix("value"), let type = ResourceReader.valueType(bare) else {
                note(.structure, "an extension has no element `\(ResourceReader.shown(name))`", here)
                continue
            }
            let element = ElementDefinition(notation: "\(bare) \(type)")
            if name.hasPrefix("_") {
                checkPrimitiveExtension(value, element, values: object[bare], at: here)
            } else {
                values += 1
                check(value, element, at: here, hasExtension: false)
            }
        }
        if values > 1 || (values == 1) == (object["extension"] != nil) {
            note(.invariant, "an extension has either one value or extensions of its own", path)
        }
    }

    /// `valueCodeableConcept` holds a `CodeableConcept`, `valueDateTime` a `dateTime`.
    private static func valueType(_ name: String) -> Substring? {
        let type = name.dropFirst(5)
        if TypeDefinition.extensionTypes.contains(String(type)) { return type }
        guard let first = type.first else { return nil }
        let lower = first.lowercased() + type.dropFirst()
        return Primitive(rawValue: lower) != nil && lower != "xhtml" ? Substring(lower) : nil
    }

    private mutating func checkPrimitiveExtension(
        _ value: JSONValue, _ element: ElementDefinition, values: JSONValue?, at path: String
    ) {
        guard Primitive(rawValue: element.type) != nil else {
            return note(.structure, "only a primitive element has a `_` member", path)
        }
        let items: [JSONValue]
        if element.repeats {
            guard let array = value.array, array.count <= ResourceReader.repetitionLimit,
                values == nil || values?.array?.count == array.count
            else { return note(.structure, "the `_` array must have as many places as its values", path) }
            items = array
        } else {
            items = [value]
        }
        for item in items where !(item.isNull && element.repeats) {
            guard let object = item.object, object.names.allSatisfy({ $0 == "id" || $0 == "extension" }),
                !object.isEmpty
            else {
                note(.structure, "a `_` member holds an `id` and extensions alone", path)
                continue
            }
            if let extensions = object["extension"] {
                let element = ElementDefinition(notation: "extension* Extension")
                check(extensions, element, at: "\(path).extension", hasExtension: false)
            }
        }
    }

    private mutating func checkContained(_ object: JSONObject, at path: String) {
        guard let name = object["resourceType"]?.string, let type = TypeDefinition.all[name], type.kind == .resource
        else { return note(.notSupported, "a contained resource of this type is not taken here", path) }
        if object["contained"] != nil {
            note(.invariant, "a contained resource contains none itself", "\(path).contained")
        }
        check(object, as: type, at: path, allowed: ["resourceType"])
    }

    private mutating func checkReference(_ object: JSONObject, at path: String) {
        if object["reference"] == nil, object["identifier"] == nil, object["display"] == nil,
            object["extension"] == nil
        {
            note(.invariant, "a reference names something: `reference`, `identifier` or `display`", path)
        }
        // `#` alone is, in a contained resource, the one that contains it.
        if let text = object["reference"]?.string, text.hasPrefix("#"), text != "#",
            !contained.contains(String(text.dropFirst()))
        {
            note(.invariant, "no contained resource has this id (ref-1)", "\(path).reference")
        }
    }

    private mutating func checkContact(_ object: JSONObject, at path: String) {
        guard ["name", "telecom", "address", "organization"].allSatisfy({ object[$0] == nil }) else { return }
        note(.invariant, "a contact has a name, an address or the like, or an organization (pat-1)", path)
    }

    private mutating func checkPeriod(_ object: JSONObject, at path: String) {
        guard let start = object["start"]?.string.flatMap({ FHIRDate($0) }),
            let end = object["end"]?.string.flatMap({ FHIRDate($0) }), end.start < start.start,
            let past = end.end, past <= start.start
        else { return }
        note(.invariant, "the period ends before it starts", path)
    }

    /// Names come from the client: bounded, and of letters alone when repeated in an answer.
    private static func shown(_ name: String) -> String {
        let safe = name.utf8.count <= 64 && name.utf8.allSatisfy { (0x30...0x7A).contains($0) }
        return safe ? name : "?"
    }
}

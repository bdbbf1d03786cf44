// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// One element of a FHIR type.
struct ElementDefinition: Sendable {
    var name: String
    /// A primitive (`dateTime`), a data type (`Period`), a backbone element (`ConsentProvision`) or `Resource`.
    var type: String
    var required: Bool
    var repeats: Bool
    /// The codes of a required binding; empty where any code may stand.
    var codes: Set<String>
    /// The `[x]` this element is one spelling of: at most one of them may be there.
    var choice: String?
}

/// The elements of a resource, a data type or a backbone element.
///
/// - Source: HL7 FHIR R4 (4.0.1) and R4B, which agree on every type named here.
struct TypeDefinition: Sendable {
    enum Kind: Sendable { case resource, dataType, backbone }

    var name: String
    var kind: Kind
    var elements: [String: ElementDefinition]

    /// Every type by its name, read once from `notation`.
    static let all: [String: TypeDefinition] = {
        var all: [String: TypeDefinition] = [:]
        for (kind, text) in [
            (Kind.resource, resourceNotation), (.backbone, backboneNotation), (.dataType, dataTypeNotation),
        ] {
            for line in text.split(separator: "\n") {
                let definition = TypeDefinition(kind, notation: line)
                all[definition.name] = definition
            }
        }
        return all
    }()

    /// Reads `Period: start dateTime; end dateTime`, an element being `name[!][*] type[(code|code)] [@choice]`:
    /// `!` for one that must be there, `*` for one that repeats.
    private init(_ kind: Kind, notation line: Substring) {
        let parts = line.split(separator: ":", maxSplits: 1)
        precondition(parts.count == 2, "not a type: \(line)")
        name = String(parts[0])
        self.kind = kind
        elements = [:]
        for text in parts[1].split(separator: ";") {
            let element = ElementDefinition(notation: text)
            elements[element.name] = element
        }
        let shared = kind == .resource ? TypeDefinition.ofResources : TypeDefinition.ofElements
        for text in shared.split(separator: ";") {
            let element = ElementDefinition(notation: text)
            elements[element.name] = element
        }
        if kind == .backbone {
            let element = ElementDefinition(notation: "modifierExtension* Extension")
            elements[element.name] = element
        }
    }

    private static let ofElements = "id string; extension* Extension"
    private static let ofResources = """
        id id; meta Meta; implicitRules uri; language code; text Narrative; contained* Resource; \
        extension* Extension; modifierExtension* Extension
        """
}

extension ElementDefinition {
    init(notation text: Substring) {
        let words = text.split(separator: " ")
        precondition((2...3).contains(words.count), "not an element: \(text)")
        name = words[0].filter { $0 != "!" && $0 != "*" }
        required = words[0].contains("!")
        repeats = words[0].contains("*")
        let typed = words[1].split(separator: "(")
        type = String(typed[0])
        codes = typed.count == 2 ? Set(typed[1].dropLast().split(separator: "|").map(String.init)) : []
        choice = words.count == 3 ? String(words[2].dropFirst()) : nil
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension TypeDefinition {
    static let dataTypeNotation = """
        Meta: versionId id; lastUpdated instant; source uri; profile* canonical; security* Coding; tag* Coding
        Narrative: status! code(generated|extensions|additional|empty); div! xhtml
        Coding: system uri; version string; code code; display string; userSelected boolean
        CodeableConcept: coding* Coding; text string
        Identifier: use code(usual|official|temp|secondary|old); type CodeableConcept; system uri; value string; \
        period Period; assigner Reference
        Reference: reference string; type uri; identifier Identifier; display string
        Period: start dateTime; end dateTime
        Attachment: contentType code; language code; data base64Binary; url url; size unsignedInt; \
        hash base64Binary; title string; creation dateTime
        Annotation: authorReference Reference @author; authorString string @author; time dateTime; text! markdown
        ContactPoint: system code(phone|fax|email|pager|url|sms|other); value string; \
        use code(home|work|temp|old|mobile); rank positiveInt; period Period
        ContactDetail: name string; telecom* ContactPoint
        Address: use code(home|work|temp|old|billing); type code(postal|physical|both); text string; line* string; \
        city string; district string; state string; postalCode string; country string; period Period
        HumanName: use code(usual|official|temp|nickname|anonymous|old|maiden); text string; family string; \
        given* string; prefix* string; suffix* string; period Period
        Quantity: value decimal; comparator code(<|<=|>=|>); unit string; system uri; code code
        Range: low Quantity; high Quantity
        UsageContext: code! Coding; valueCodeableConcept CodeableConcept @value; valueQuantity Quantity @value; \
        valueRange Range @value; valueReference Reference @value
        """

    /// What `Extension.value[x]` may hold here: every primitive, and the data types above.
    static let extensionTypes: Set<String> = Set(Primitive.allCases.map(\.rawValue)).union([
        "Coding", "CodeableConcept", "Identifier", "Reference", "Period", "Attachment", "Annotation", "ContactPoint",
        "ContactDetail", "Address", "HumanName", "Quantity", "Range", "UsageContext", "Meta",
    ]).subtracting(["xhtml"])
}

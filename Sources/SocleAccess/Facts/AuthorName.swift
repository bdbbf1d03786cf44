// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// Who wrote a document, as applications write it: the identifier alone (of a professional, the RPPS number too), or after `rpps:`, `Practitioner/` or
/// `Organization/`.
///
/// nil for a form that names nobody here, such as a reference to another type or an address: who wrote it is then
/// unknown, and never somebody else.
enum AuthorName {
    private static let people = ["rpps:", "Practitioner/"]
    private static let structures = ["Organization/"]

    static func professional(_ text: String) -> ProfessionalIdentifier? {
        ProfessionalIdentifier(named: bare(text, after: people) ?? "")
    }

    static func structure(_ text: String) -> StructureIdentifier? {
        StructureIdentifier(bare(text, after: structures) ?? "")
    }

    private static func bare(_ text: String, after prefixes: [String]) -> String? {
        for prefix in prefixes where text.hasPrefix(prefix) {
            let rest = text.dropFirst(prefix.count)
            // The `id` of a resource has no `/`: what follows one is a version.
            return rest.utf8.contains(UInt8(ascii: "/")) ? nil : String(rest)
        }
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return text }
        // `3B0123456/00001` identifies an employee; `Device/1` is a reference.
        return text[..<slash].contains(where: \.isLowercase) ? nil : text
    }
}

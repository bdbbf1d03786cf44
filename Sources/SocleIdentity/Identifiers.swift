// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The national identifier of a professional, in the form Pro Santé Connect calls `SubjectNameID`: a type digit
/// ("8" for RPPS) and the number, for instance `899700100022`.
package struct ProfessionalIdentifier: Hashable, Sendable {
    package let value: String

    /// Shape: 1 to 64 ASCII letters, digits, `-`, `.`, `_` or `/`; nil for any other text.
    package init?(_ text: String) {
        guard Identifiers.isToken(text) else { return nil }
        value = text
    }
}

/// The regional identifier of a structure (its FINESS where it has one).
package struct StructureIdentifier: Hashable, Sendable {
    package let value: String

    /// Shape: as `ProfessionalIdentifier`.
    package init?(_ text: String) {
        guard Identifiers.isToken(text) else { return nil }
        value = text
    }
}

/// The regional identifier of a patient. Never the INS, which is an attribute and not a key.
package struct PatientIdentifier: Hashable, Sendable {
    package let value: String

    /// Shape: as `ProfessionalIdentifier`.
    package init?(_ text: String) {
        guard Identifiers.isToken(text) else { return nil }
        value = text
    }
}

/// A code with the system it comes from: a code alone means nothing (93 is a psychologist in two systems).
package struct CodedConcept: Hashable, Sendable {
    package var code: String
    /// The OID of the code system.
    package var system: String

    package init(code: String, system: String) {
        self.code = code
        self.system = system
    }
}

enum Identifiers {
    static func isToken(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x2F: true
                default: false
                }
            }
    }
}

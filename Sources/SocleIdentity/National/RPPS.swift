// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The number of a professional in the national directory.
///
/// - Shape: eleven digits, the last a Luhn check digit.
/// - Source: ANS, Répertoire Partagé des Professionnels intervenant dans le système de Santé.
package struct RPPS: Hashable, Sendable {
    package let number: String

    package init?(_ text: String) {
        guard text.utf8.count == 11, Luhn.accepts(text) else { return nil }
        number = text
    }

    /// The form Pro Santé Connect and the CPS card use: the type digit 8, then the number.
    package var professional: ProfessionalIdentifier? { ProfessionalIdentifier("8\(number)") }
}

extension ProfessionalIdentifier {
    /// Whom a name is for: an RPPS number alone is the professional known by it, `8` and the number.
    package init?(named id: String) {
        guard let professional = RPPS(id)?.professional ?? ProfessionalIdentifier(id) else { return nil }
        self = professional
    }

    /// Whom `rpps:` and a name is for; nil for a text without it.
    package init?(prefixed text: String) {
        guard text.hasPrefix("rpps:") else { return nil }
        self.init(named: String(text.dropFirst(5)))
    }
}

/// The number of a professional not yet in the RPPS.
///
/// - Shape: nine characters: a department (two digits, `2A` or `2B`), then digits. The numbers were issued by the
///   departments with several key conventions, so only the shape is checked.
package struct ADELI: Hashable, Sendable {
    package let number: String

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 9 else { return nil }
        for (index, byte) in bytes.enumerated() {
            let corse = index == 1 && bytes[0] == UInt8(ascii: "2") && (byte == 0x41 || byte == 0x42)
            guard (0x30...0x39).contains(byte) || corse else { return nil }
        }
        number = text
    }

    /// The form Pro Santé Connect and the CPS card use: the type digit 0, then the number.
    package var professional: ProfessionalIdentifier? { ProfessionalIdentifier("0\(number)") }
}

/// The check digit of ISO/IEC 7812-1 annex B.
enum Luhn {
    static func accepts(_ digits: String) -> Bool {
        var sum = 0
        for (index, byte) in digits.utf8.reversed().enumerated() {
            guard (0x30...0x39).contains(byte) else { return false }
            let digit = Int(byte - 0x30)
            let doubled = digit * 2
            sum += index % 2 == 0 ? digit : (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum % 10 == 0
    }

    /// The digit that completes a text of digits.
    static func checkDigit(for digits: String) -> Int? {
        (0...9).first { accepts(digits + String($0)) }
    }
}

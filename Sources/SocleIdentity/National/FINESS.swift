// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The number of an establishment in the national file.
///
/// - Shape: nine characters, a department (digits, or `2A`, `2B`) then digits, the last a Luhn check digit over the
///   whole (Corsica counting as 20).
/// - Source: FINESS, Fichier national des établissements sanitaires et sociaux.
package struct FINESS: Hashable, Sendable {
    package let number: String

    package init?(_ text: String) {
        guard text.utf8.count == 9, Luhn.accepts(FINESS.digits(of: text)) else { return nil }
        number = text
    }

    /// Completes eight characters with their check digit; nil when they are not of that shape.
    package init?(completing stem: String) {
        guard stem.utf8.count == 8, let digit = Luhn.checkDigit(for: FINESS.digits(of: stem)) else { return nil }
        self.init(stem + String(digit))
    }

    private static func digits(of text: String) -> String {
        text.hasPrefix("2A") || text.hasPrefix("2B") ? "20" + text.dropFirst(2) : text
    }
}

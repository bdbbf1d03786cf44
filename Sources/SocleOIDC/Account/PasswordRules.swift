// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleCrypto

/// What a password must be, for an account that always has a second factor: long, and not what one tries first. No
/// rule of composition, no expiry by the calendar (NIST SP 800-63B-4 §3.1.1.2; ANSSI, Recommandations relatives à
/// l'authentification multifacteur et aux mots de passe, 2021).
package enum PasswordRules {
    /// In Unicode code points.
    package static let shortest = 12

    package enum Fault: Hashable, Sendable {
        case tooShort
        /// Over `PasswordHash.longestPassword` bytes of UTF-8.
        case tooLong
        /// It is made of the login.
        case holdsLogin
        /// The same few characters over again.
        case repetitive
        /// It is the present one.
        case unchanged
        /// The two entries are not the same.
        case different
    }

    /// The first fault of a new password and of its repetition; nil when it may be taken.
    /// - Parameter current: the present one, where the person just gave it.
    package static func fault(
        _ password: String, repeated: String, login: String, current: String? = nil
    ) -> Fault? {
        if password.unicodeScalars.count < shortest { return .tooShort }
        if password.utf8.count > PasswordHash.longestPassword { return .tooLong }
        // A login of three letters is in too many good passwords.
        if login.utf8.count > 3, password.lowercased().contains(login.lowercased()) { return .holdsLogin }
        if Set(password.unicodeScalars).count < 4 { return .repetitive }
        if let current, Array(current.utf8) == Array(password.utf8) { return .unchanged }
        return Array(password.utf8) == Array(repeated.utf8) ? nil : .different
    }
}

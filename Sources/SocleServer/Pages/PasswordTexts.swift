// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC

/// The texts of choosing a password.
struct PasswordTexts: Sendable {
    var title: String
    var hint: String
    var current: String
    var new: String
    var rule: String
    var again: String
    var change: String
    var othersEnd: String
    var since: String
    var forcedTitle: String
    var forcedLead: String
    var wrongCurrent: String
    var noCurrent: String
    var outOfStep: String
    var expired: String
    var fault: @Sendable (PasswordRules.Fault) -> String

    static func of(_ language: Language) -> PasswordTexts {
        switch language {
        case .french: french
        case .english: english
        }
    }

    private static let french = PasswordTexts(
        title: "Mot de passe",
        hint: "En changer, si quelqu’un d’autre a pu le voir.",
        current: "Mot de passe actuel",
        new: "Nouveau mot de passe",
        rule: "Au moins \(PasswordRules.shortest) caractères. Une suite de mots se retient bien.",
        again: "Le même, une seconde fois",
        change: "Changer le mot de passe",
        othersEnd: "Vos autres sessions seront fermées.",
        since: "Choisi le",
        forcedTitle: "Choisissez un mot de passe",
        forcedLead: "Celui que vous avez reçu est provisoire\u{00A0}: il ne sert qu’à choisir le vôtre.",
        wrongCurrent: "Le mot de passe actuel est incorrect.",
        noCurrent: "Saisissez votre mot de passe actuel.",
        outOfStep: "Rien n’a été changé\u{00A0}: votre compte vient d’être modifié ailleurs. Recommencez.",
        expired: "Ce mot de passe provisoire a expiré. Demandez-en un autre à votre administrateur.",
        fault: { fault in
            switch fault {
            case .tooShort: "Le nouveau mot de passe doit avoir au moins \(PasswordRules.shortest) caractères."
            case .tooLong: "Le nouveau mot de passe est trop long."
            case .holdsLogin: "Le nouveau mot de passe ne doit pas contenir votre identifiant."
            case .repetitive: "Le nouveau mot de passe répète les mêmes caractères. Choisissez-en un autre."
            case .unchanged: "Le nouveau mot de passe est l’actuel. Choisissez-en un autre."
            case .different: "Les deux saisies du nouveau mot de passe ne sont pas les mêmes."
            }
        })

    private static let english = PasswordTexts(
        title: "Password",
        hint: "Change it if somebody else may have seen it.",
        current: "Present password",
        new: "New password",
        rule: "At least \(PasswordRules.shortest) characters. A few words in a row are easy to remember.",
        again: "The same again",
        change: "Change the password",
        othersEnd: "Your other sessions will be closed.",
        since: "Chosen on",
        forcedTitle: "Choose a password",
        forcedLead: "The one you were given is temporary: it only serves to choose your own.",
        wrongCurrent: "The present password is wrong.",
        noCurrent: "Enter your present password.",
        outOfStep: "Nothing was changed: your account has just been altered elsewhere. Start again.",
        expired: "This temporary password has expired. Ask your administrator for another.",
        fault: { fault in
            switch fault {
            case .tooShort: "The new password must have at least \(PasswordRules.shortest) characters."
            case .tooLong: "The new password is too long."
            case .holdsLogin: "The new password must not contain your username."
            case .repetitive: "The new password repeats the same characters. Choose another."
            case .unchanged: "The new password is the present one. Choose another."
            case .different: "The two entries of the new password are not the same."
            }
        })
}

extension PasswordRules.Fault {
    /// The field to go back to.
    var field: String { self == .different ? "again" : "new" }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The texts of the second factor.
struct SecondFactorTexts: Sendable {
    var title: String
    var hint: String
    var application: String
    var since: String
    var always: String
    var replace: String
    var replaceTitle: String
    var replaceLead: String
    var enrolTitle: String
    var enrolLead: String
    var scan: String
    var key: String
    var link: String
    var present: String
    var presentHint: String
    var given: String
    var givenHint: String
    var code: String
    var confirm: String
    var wrongPresent: String
    var wrongNew: String
    var wrongGiven: String
    var none: String
    var outOfStep: String

    static func of(_ language: Language) -> SecondFactorTexts {
        switch language {
        case .french: french
        case .english: english
        }
    }

    private static let french = SecondFactorTexts(
        title: "Second facteur",
        hint: "L’application qui donne votre code à six chiffres, et comment en changer.",
        application: "Application d’authentification",
        since: "Enregistrée le",
        always: "L’accès aux données de santé exige deux facteurs\u{00A0}: elle peut être remplacée, pas supprimée.",
        replace: "La remplacer",
        replaceTitle: "Remplacer le second facteur",
        replaceLead: "Gardez l’application actuelle jusqu’à la fin. Vos autres sessions seront fermées.",
        enrolTitle: "Enregistrez un second facteur",
        enrolLead: "Votre administrateur a retiré le précédent. Il vous a donné un code pour en enregistrer un autre.",
        scan: "Dans votre application d’authentification, ajoutez un compte et saisissez cette clé.",
        key: "Clé",
        link: "La même, en adresse",
        present: "Code de l’application actuelle",
        presentHint: "Si vous venez de l’utiliser, attendez le suivant.",
        given: "Code donné par votre administrateur",
        givenHint: "Quatre groupes de quatre lettres ou chiffres.",
        code: "Code de la nouvelle application",
        confirm: "Enregistrer",
        wrongPresent: "Le code de l’application actuelle n’est pas valable ou a déjà servi. Attendez le suivant.",
        wrongNew:
            "Le code de la nouvelle application n’est pas valable. Vérifiez la clé et l’heure de votre téléphone.",
        wrongGiven: "Le code donné par votre administrateur est incorrect.",
        none: "Votre compte n’a plus de second facteur. Demandez un code d’enregistrement à votre administrateur.",
        outOfStep: "Cette page a expiré. Voici une nouvelle clé\u{00A0}: remplacez celle que vous avez saisie.")

    private static let english = SecondFactorTexts(
        title: "Second factor",
        hint: "The application that gives your six-digit code, and how to change it.",
        application: "Authenticator application",
        since: "Enrolled on",
        always: "Access to health data needs two factors: it can be replaced, not removed.",
        replace: "Replace it",
        replaceTitle: "Replace the second factor",
        replaceLead: "Keep the present application until the end. Your other sessions will be closed.",
        enrolTitle: "Enrol a second factor",
        enrolLead: "Your administrator removed the one before, and gave you a code to enrol another.",
        scan: "In your authenticator application, add an account and enter this key.",
        key: "Key",
        link: "The same, as an address",
        present: "Code of the present application",
        presentHint: "If you have just used it, wait for the next one.",
        given: "Code given by your administrator",
        givenHint: "Four groups of four letters or digits.",
        code: "Code of the new application",
        confirm: "Enrol",
        wrongPresent: "The code of the present application is not valid or was already used. Wait for the next one.",
        wrongNew: "The code of the new application is not valid. Check the key and the time of your telephone.",
        wrongGiven: "The code given by your administrator is wrong.",
        none: "Your account has no second factor any more. Ask your administrator for an enrolment code.",
        outOfStep: "This page has expired. Here is a new key: it replaces the one you entered.")
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC

/// The texts of the page on which people say whether an application may know them.
struct ConsentTexts: Sendable {
    var title: String
    var lead: @Sendable (_ application: String) -> String
    var learns: String
    var scopes: [String: String]
    /// For a claim asked for by its name.
    var claim: @Sendable (_ name: String) -> String
    var notRegion: String
    var allow: String
    var refuse: String
    var policy: String
    var terms: String
    var withdraw: String

    static func of(_ language: Language) -> ConsentTexts {
        switch language {
        case .french: french
        case .english: english
        }
    }

    private static let french = ConsentTexts(
        title: "Autoriser cette application\u{202F}?",
        lead: { "\($0) demande à vous connaître." },
        learns: "Elle pourra savoir",
        scopes: [
            Scope.openID: "que vous êtes la même personne à chaque connexion",
            Scope.profile: "votre nom et votre prénom",
            Scope.email: "votre adresse électronique",
            Scope.phone: "votre numéro de téléphone",
            Scope.address: "votre adresse postale",
            Scope.nationalIdentifiers: "votre identifiant national et vos lieux d’exercice",
            Scope.offlineAccess: "cela aussi quand vous n’êtes pas connecté, jusqu’à ce que vous y mettiez fin",
            Scope.evaluate: "si un accès vous est permis",
        ],
        claim: { "l’information «\u{00A0}\($0)\u{00A0}»" },
        notRegion: "Cette application n’est pas un service e-Parcours.",
        allow: "Autoriser",
        refuse: "Refuser",
        policy: "Sa politique de confidentialité",
        terms: "Ses conditions d’utilisation",
        withdraw: "Votre accord est retenu. Vous pourrez le retirer à tout moment.")

    private static let english = ConsentTexts(
        title: "Allow this application?",
        lead: { "\($0) asks to know who you are." },
        learns: "It will be able to know",
        scopes: [
            Scope.openID: "that you are the same person each time you sign in",
            Scope.profile: "your first and last name",
            Scope.email: "your email address",
            Scope.phone: "your telephone number",
            Scope.address: "your postal address",
            Scope.nationalIdentifiers: "your national identifier and where you practise",
            Scope.offlineAccess: "the same while you are not signed in, until you end it",
            Scope.evaluate: "whether an access is allowed to you",
        ],
        claim: { "the information “\($0)”" },
        notRegion: "This application is not an e-Parcours service.",
        allow: "Allow",
        refuse: "Refuse",
        policy: "Its privacy policy",
        terms: "Its terms of use",
        withdraw: "Your answer is remembered. You can withdraw it at any time.")
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Texts {
    static let french = Texts(
        language: .french,
        skip: "Aller au contenu",
        service: "Services e-Parcours d’Île\u{2011}de\u{2011}France",
        footer: "Sesan, services numériques de santé en Île\u{2011}de\u{2011}France",
        otherLanguage: "English",
        problem: "Vérifiez votre saisie",
        errorPrefix: "Erreur",
        signInTitle: "Connexion",
        continueTo: { "Pour accéder à \($0)." },
        login: "Identifiant",
        password: "Mot de passe",
        next: "Continuer",
        codeTitle: "Code de vérification",
        codeHint:
            "Saisissez le code affiché par votre application d’authentification. Il change toutes les 30 secondes.",
        code: "Code à six chiffres",
        confirm: "Valider",
        notYou: "Changer d’identifiant",
        situationTitle: "Situation d’exercice",
        situationHint: "Vos droits d’accès en dépendent. Vous pourrez en changer à tout moment, sans vous reconnecter.",
        situationLegend: "Où exercez-vous maintenant\u{202F}?",
        homeTitle: "Vos services",
        homeInvitation: "Connectez-vous une seule fois pour accéder à tous vos services e-Parcours.",
        signIn: "Se connecter",
        signOut: "Se déconnecter",
        signedInAs: "Connexion en tant que",
        situation: "Situation d’exercice",
        noSituation: "Aucune",
        changeSituation: "Changer de situation",
        services: "Services",
        noServices: "Aucun service ne vous est encore ouvert.",
        cancel: "Annuler",
        signOutTitle: "Se déconnecter\u{202F}?",
        signOutQuestion: "La déconnexion vaut pour tous les services ouverts depuis ce navigateur.",
        signOutAsked: { "\($0) demande votre déconnexion." },
        stay: "Garder ma session ouverte",
        signedOutTitle: "Déconnexion effectuée",
        signedOutHint: "Sur un poste partagé, fermez aussi les onglets des services que vous avez ouverts.",
        backHome: "Revenir à l’accueil",
        mistakes: Mistakes(
            noLogin: "Saisissez votre identifiant.",
            noPassword: "Saisissez votre mot de passe.",
            noCode: "Saisissez le code à six chiffres.",
            noSituation: "Choisissez une situation d’exercice.",
            wrongPassword: "Identifiant ou mot de passe incorrect.",
            wrongCode: "Ce code n’est pas valable ou a déjà servi. Attendez le prochain code, puis saisissez-le.",
            busy: "Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes.",
            waitSeconds: { "Trop d’essais infructueux. Réessayez dans \($0) secondes." },
            waitMinutes: { "Trop d’essais infructueux. Réessayez dans \($0) \($0 > 1 ? "minutes" : "minute")." }),
        faults: Faults(
            expired: (
                "Cette page n’est plus valable",
                "La connexion a expiré, est déjà terminée, ou a été commencée dans un autre navigateur. Revenez à "
                    + "l’application et recommencez."
            ),
            foreign: (
                "Demande refusée",
                "Cette demande ne vient pas d’une page de ce site. Revenez à l’accueil et recommencez."
            ),
            invalid: (
                "Demande non valable",
                "L’application qui vous envoie ici a fait une demande que nous ne pouvons pas accepter. Revenez à "
                    + "l’application\u{202F}; si le problème persiste, signalez-le à votre support."
            ),
            unavailable: (
                "Service momentanément indisponible", "Rien n’a été enregistré. Réessayez dans quelques instants."
            ),
            reference: "Référence à communiquer au support"))
}

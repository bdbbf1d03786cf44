// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC

/// The texts of the pages on which people see and change their own account.
struct AccountTexts: Sendable {
    var title: String
    var back: String
    var login: String
    var name: String
    var situations: String
    var sessionsTitle: String
    var sessionsHint: String
    var applicationsTitle: String
    var applicationsHint: String

    var thisDevice: String
    var unknownDevice: String
    var otherBrowser: String
    var started: String
    var lastSeen: String
    var endSession: @Sendable (_ device: String) -> String
    var endOthers: String
    var noOthers: String
    var deviceNote: String
    var sessionGone: String

    var region: String
    var thirdParty: String
    var regionNote: String
    var since: String
    var knows: String
    var offline: String
    var withdraw: @Sendable (_ application: String) -> String
    var endAccess: @Sendable (_ application: String) -> String
    var noApplications: String
    var deleted: String
    var applicationGone: String

    var done: @Sendable (AccountNotice) -> String

    static func of(_ language: Language) -> AccountTexts {
        switch language {
        case .french: french
        case .english: english
        }
    }

    func device(_ device: Device?) -> String {
        guard let device, device.browser != .other || device.system != .other else { return unknownDevice }
        let browser =
            switch device.browser {
            case .firefox: "Firefox"
            case .edge: "Edge"
            case .chrome: "Chrome"
            case .safari: "Safari"
            case .other: otherBrowser
            }
        let system: String? =
            switch device.system {
            case .windows: "Windows"
            case .macos: "macOS"
            case .ios: "iOS"
            case .android: "Android"
            case .linux: "Linux"
            case .other: nil
            }
        return system.map { "\(browser), \($0)" } ?? browser
    }

    private static let french = AccountTexts(
        title: "Mon compte",
        back: "Revenir à mon compte",
        login: "Identifiant",
        name: "Nom",
        situations: "Situations d’exercice",
        sessionsTitle: "Sessions et appareils",
        sessionsHint: "Où votre compte est ouvert en ce moment, et comment fermer une session oubliée.",
        applicationsTitle: "Applications",
        applicationsHint: "Celles qui vous connaissent, ce qu’elles savent, et comment leur retirer votre accord.",
        thisDevice: "Cette session",
        unknownDevice: "Appareil inconnu",
        otherBrowser: "Autre navigateur",
        started: "Ouverte le",
        lastSeen: "Dernière activité le",
        endSession: { "Fermer la session\u{00A0}: \($0)" },
        endOthers: "Fermer toutes les autres sessions",
        noOthers: "Votre compte n’est ouvert nulle part ailleurs.",
        deviceNote:
            "Le nom d’un appareil est celui que son navigateur annonce. Si vous ne reconnaissez pas une session, "
            + "fermez-la, puis changez votre mot de passe.",
        sessionGone: "Cette session n’est plus ouverte.",
        region: "Service e-Parcours",
        thirdParty: "Application extérieure",
        regionNote: "Service de la région\u{00A0}: votre accord n’est pas demandé.",
        since: "Depuis le",
        knows: "Ce qu’elle sait de vous",
        offline: "Elle garde cet accès quand vous n’êtes pas connecté.",
        withdraw: { "Retirer mon accord à \($0)" },
        endAccess: { "Mettre fin à l’accès de \($0)" },
        noApplications: "Aucune application ne vous connaît en ce moment.",
        deleted: "Application supprimée",
        applicationGone: "Cette application n’a plus d’accès à retirer.",
        done: { notice in
            switch notice {
            case .password: "Votre mot de passe est changé. Vos autres sessions sont fermées."
            case .secondFactor: "Votre second facteur est remplacé. Vos autres sessions sont fermées."
            case .session: "La session est fermée. Ses services en sont avertis."
            case .others: "Toutes les autres sessions sont fermées. Leurs services en sont avertis."
            case .application: "L’accès de l’application a pris fin."
            }
        })

    private static let english = AccountTexts(
        title: "My account",
        back: "Back to my account",
        login: "Username",
        name: "Name",
        situations: "Practice situations",
        sessionsTitle: "Sessions and devices",
        sessionsHint: "Where your account is open now, and how to close a session you forgot.",
        applicationsTitle: "Applications",
        applicationsHint: "Those that know you, what they know, and how to withdraw your agreement.",
        thisDevice: "This session",
        unknownDevice: "Unknown device",
        otherBrowser: "Another browser",
        started: "Opened on",
        lastSeen: "Last used on",
        endSession: { "Close the session: \($0)" },
        endOthers: "Close all the other sessions",
        noOthers: "Your account is open nowhere else.",
        deviceNote:
            "A device’s name is what its browser says. If you do not recognise a session, close it, then change your "
            + "password.",
        sessionGone: "This session is no longer open.",
        region: "e-Parcours service",
        thirdParty: "Outside application",
        regionNote: "A service of the region: your agreement is not needed.",
        since: "Since",
        knows: "What it knows of you",
        offline: "It keeps this access while you are not signed in.",
        withdraw: { "Withdraw my agreement from \($0)" },
        endAccess: { "End the access of \($0)" },
        noApplications: "No application knows you now.",
        deleted: "Deleted application",
        applicationGone: "This application has no access to end any more.",
        done: { notice in
            switch notice {
            case .password: "Your password is changed. Your other sessions are closed."
            case .secondFactor: "Your second factor is replaced. Your other sessions are closed."
            case .session: "The session is closed. Its services are being told."
            case .others: "All the other sessions are closed. Their services are being told."
            case .application: "The application’s access has ended."
            }
        })
}

/// What was just done on a page of the account, told on the page that follows.
enum AccountNotice: String, Sendable {
    case password
    case secondFactor = "second-factor"
    case session
    case others
    case application
}

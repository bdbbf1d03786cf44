// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess

/// The journal's codes in French, for who reads them to a patient. In English they are told as they are written.
struct JournalWords: Sendable {
    let language: FactLanguage
    /// From `facts.csv`: by fact, then value.
    private var facts: [String: [String: String]] = [:]
    /// From `reasons.csv`, as told to who administers rights.
    private var reasons: [String: String] = [:]

    init(_ language: FactLanguage, _ text: PolicyText) {
        self.language = language
        guard language == .fr else { return }
        for row in CommaSeparated(text.files["facts.csv"] ?? "").rows {
            facts[row["fact"], default: [:]][row["value"]] = row["fr"]
        }
        for row in CommaSeparated(text.files["reasons.csv"] ?? "").rows {
            let sentence = row["admin_fr"]
            reasons[row["reason"]] = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        }
    }

    func action(_ code: String) -> String { facts["action"]?[code] ?? code }
    func resource(_ type: String) -> String { facts["category"]?[type] ?? type }
    func reason(_ code: String) -> String { reasons[code] ?? code }

    func purpose(_ code: String) -> String {
        facts["purpose"]?[code] ?? language.say(en: "for \(code)", fr: "pour \(code)")
    }

    func outcome(_ code: String) -> String {
        guard language == .fr else { return code }
        return ["permit": "permis", "deny": "refusé"][code] ?? code
    }

    func actor(_ code: String) -> String {
        guard language == .fr else { return code }
        return ["operator": "l’opérateur", "schedule": "le calendrier", "unknown": "inconnu"][code] ?? code
    }

    func act(_ code: String) -> String { language == .fr ? JournalWords.acts[code] ?? code : code }

    private static let acts: [String: String] = [
        "account_created": "compte créé", "account_disabled": "compte désactivé",
        "application_consent_withdrawn": "accord à une application retiré", "code_issued": "code délivré",
        "decision_explained": "décision expliquée", "event_abandoned": "annonce abandonnée à une application",
        "grant_revoked": "accès d’une application révoqué", "journal_listed": "journal consulté",
        "notice_delivered": "information remise", "notices_listed": "informations consultées",
        "password_changed": "mot de passe changé", "patient_merge": "identités réunies",
        "patient_refer": "adressage enregistré", "patient_split": "identités séparées", "read": "lecture",
        "review_closed": "contrôle terminé", "reviews_listed": "contrôles consultés",
        "second_factor_enrolled": "second facteur enrôlé", "second_factor_replaced": "second facteur remplacé",
        "signed_in": "connexion", "signed_out": "déconnexion", "situation_chosen": "lieu d’exercice choisi",
        "token_issued": "jeton délivré", "transaction": "écriture groupée", "write": "écriture",
        "choice": "choix du patient", "decision": "décision", "administration": "administration",
    ]
}

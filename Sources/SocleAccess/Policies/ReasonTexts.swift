// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The sentences an answer carries: for the person it is about, and for who administers rights; French and English.
package struct ReasonText: Hashable, Sendable {
    package var userFrench: String
    package var userEnglish: String
    package var adminFrench: String
    package var adminEnglish: String
}

/// What `reasons.csv` holds, and the few reasons Socle gives when there is no policy to ask.
struct ReasonTexts: Sendable {
    private var texts: [String: ReasonText]

    static let withoutPolicy = ReasonTexts(texts: [
        "unavailable": ReasonText(
            userFrench: "La décision ne peut pas être rendue pour le moment. Réessayez dans un instant.",
            userEnglish: "The decision cannot be given at the moment. Try again shortly.",
            adminFrench: "Les faits, la politique ou le journal ne sont pas accessibles : refus par prudence.",
            adminEnglish: "Facts, policy or journal cannot be reached: refused as a precaution."),
        "conflict": ReasonText(
            userFrench: "Le dossier change en ce moment même. Réessayez.",
            userEnglish: "The record is changing right now. Try again.",
            adminFrench: "Une donnée de la décision a changé à chacune des tentatives.",
            adminEnglish: "A record the decision rests on changed at every attempt."),
        "policy_error": ReasonText(
            userFrench: "La décision ne peut pas être rendue. L'administrateur des droits est prévenu.",
            userEnglish: "The decision cannot be given. The rights administrator is told.",
            adminFrench: "Une règle n'a pas pu être évaluée : refus par prudence.",
            adminEnglish: "A rule could not be evaluated: refused as a precaution."),
        "policy_inconsistent": ReasonText(
            userFrench: "La décision ne peut pas être rendue. L'administrateur des droits est prévenu.",
            userEnglish: "The decision cannot be given. The rights administrator is told.",
            adminFrench: "L'ordre des règles et leur effet se contredisent : refus par prudence.",
            adminEnglish: "The order of the rules and their effect disagree: refused as a precaution."),
        "no_basis": ReasonText(
            userFrench: "Aucune règle n'ouvre cet accès.", userEnglish: "No rule opens this access.",
            adminFrench: "Aucune règle ne s'applique à cette question.",
            adminEnglish: "No rule applies to this question."),
    ])

    init(texts: [String: ReasonText]) { self.texts = texts }

    /// - Parameter others: the reasons that need no line of the table; a line replaces one.
    init(
        _ table: CommaSeparated, besides others: ReasonTexts = .withoutPolicy, faults: inout [PolicyFaults.Fault]
    ) {
        texts = ReasonTexts.withoutPolicy.texts.merging(others.texts) { $1 }
        for row in table.rows {
            let text = ReasonText(
                userFrench: row["user_fr"], userEnglish: row["user_en"], adminFrench: row["admin_fr"],
                adminEnglish: row["admin_en"])
            let words = [text.userFrench, text.userEnglish, text.adminFrench, text.adminEnglish]
            if row["reason"].isEmpty || words.contains(where: \.isEmpty) {
                faults.append(PolicyFaults.Fault("reasons.csv", "\(row.line)", "a text is missing"))
            }
            texts[row["reason"]] = text
        }
    }

    subscript(reason: String) -> ReasonText? { texts[reason] }
}

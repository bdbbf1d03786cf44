// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// The sentences an answer carries, one each: for the person it is about, and for who administers rights; French and
/// English.
package struct ReasonText: Hashable, Sendable {
    package var userFrench: String
    package var userEnglish: String
    package var adminFrench: String
    package var adminEnglish: String

    /// The same, naming the cell of the matrix to who administers rights.
    func citing(_ cell: HabilitationMatrix.Cell) -> ReasonText {
        func cited(_ sentence: String, _ words: String) -> String {
            sentence.hasSuffix(".") ? "\(sentence.dropLast()) (\(words))." : "\(sentence) (\(words))"
        }
        var text = self
        let address = "\(cell.line) : \(cell.role.code) x \(cell.type)"
        text.adminFrench = cited(
            adminFrench, "ligne \(address), \(cell.status == "attested" ? "attestée" : "illustrative")")
        text.adminEnglish = cited(adminEnglish, "line \(cell.line): \(cell.role.code) x \(cell.type), \(cell.status)")
        return text
    }
}

/// What `reasons.csv` holds, and the few reasons Socle gives when there is no policy to ask. By reason, or by the `@id` of
/// the one policy of which a reason's sentences would not be true.
struct ReasonTexts: Sendable {
    private(set) var texts: [String: ReasonText]

    static let withoutPolicy = ReasonTexts(texts: [
        "unavailable": ReasonText(
            userFrench: "La décision ne peut pas être rendue pour le moment : réessayez dans un instant.",
            userEnglish: "The decision cannot be given at the moment: try again shortly.",
            adminFrench: "Les faits, la politique ou le journal ne sont pas accessibles : refus par prudence.",
            adminEnglish: "Facts, policy or journal cannot be reached: refused as a precaution."),
        "conflict": ReasonText(
            userFrench: "Le dossier change en ce moment même : réessayez.",
            userEnglish: "The record is changing right now: try again.",
            adminFrench: "Une donnée de la décision a changé à chacune des tentatives.",
            adminEnglish: "A record the decision rests on changed at every attempt."),
        "answer_too_long": ReasonText(
            userFrench: "La réponse est trop longue pour être donnée : posez moins de questions à la fois.",
            userEnglish: "The answer is too long to be given: ask fewer questions at a time.",
            adminFrench: "Les obligations de cet appel dépassent ce qu'une entrée du journal peut tenir.",
            adminEnglish: "The obligations of this call exceed what a journal entry may hold."),
        "policy_error": ReasonText(
            userFrench: "La décision ne peut pas être rendue : signalez-le à l'administrateur des droits.",
            userEnglish: "The decision cannot be given: tell the rights administrator.",
            adminFrench: "Une règle n'a pas pu être évaluée : refus par prudence.",
            adminEnglish: "A rule could not be evaluated: refused as a precaution."),
        "policy_inconsistent": ReasonText(
            userFrench: "La décision ne peut pas être rendue : signalez-le à l'administrateur des droits.",
            userEnglish: "The decision cannot be given: tell the rights administrator.",
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

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleJSON

/// A question with its answer, asked by `DemoService.pointAccesPro` with its own token. A test asks every one.
struct DemoQuestion: Sendable {
    var title: String
    /// An AuthZEN 1.0 evaluation request.
    var request: JSONValue
    var expected: Bool
    /// The reason the answer gives.
    var reason: String

    private init(
        _ title: String, _ who: String, in situation: String, _ resource: JSONValue,
        context: JSONObject = ["purpose": "TREAT"], _ expected: Bool, _ reason: String
    ) {
        self.title = title
        request = [
            "subject": [
                "type": "professional", "id": .string("rpps:\(who)"),
                "properties": ["situation": .string(situation), "method": "psc", "acr": "eidas1"],
            ],
            "action": ["name": "read"], "resource": resource, "context": .object(context),
        ]
        self.expected = expected
        self.reason = reason
    }

    private static func document(
        _ id: String, of patient: String, type: String, author: String = Region.Cast.lemaire,
        from structure: String = "STR-CH-VDM", confidentiality: [String] = ["N"]
    ) -> JSONValue {
        [
            "type": "document", "id": .string(id),
            "properties": [
                "patient": .string(patient), "type_code": .string(type), "author": .string(author),
                "author_structure": .string(structure), "confidentiality": JSONValue(confidentiality),
                "created": "2025-08-20T08:00:00+02:00",
            ],
        ]
    }

    private static func note(of patient: String) -> JSONValue {
        [
            "type": "liaison_note", "id": "NOTE-1",
            "properties": [
                "patient": .string(patient), "author": .string(Region.Cast.morel),
                "author_structure": "STR-CAB-MOREL", "confidentiality": ["N"],
            ],
        ]
    }

    private static let coma: JSONObject = [
        "purpose": "BTG", "patient_capacity": "unable_to_express", "immediate_risk": true,
        "justification": "coma, antécédents inconnus",
    ]
    private static let emergencyReport = "15507-7"
    private static let biology = "11502-2"

    static let all: [DemoQuestion] = {
        typealias Cast = Region.Cast
        let report = document("DOC-JEANNE-1", of: Cast.jeanne, type: emergencyReport)
        let masked = document(
            Cast.maskedDocument, of: Cast.jeanne, type: emergencyReport, confidentiality: ["N", "MASQUE_PS"])
        let analysis = document("DOC-KARIM-1", of: Cast.karim, type: biology, author: Cast.morel, from: "STR-CAB-MOREL")
        return [
            DemoQuestion("infirmier du cercle", Cast.nadir, in: "STR-CAB-IDEL", report, true, "care_team"),
            DemoQuestion(
                "aide-soignante de l'EHPAD du cercle", Cast.sarr, in: "STR-EHPAD-LILAS", note(of: Cast.jeanne), true,
                "care_team_structure"),
            DemoQuestion(
                "la même, dans son autre EHPAD", Cast.sarr, in: "STR-EHPAD-ROSES", note(of: Cast.jeanne), false,
                "not_in_care_team"),
            DemoQuestion("document masqué", Cast.nadir, in: "STR-CAB-IDEL", masked, false, "masked"),
            DemoQuestion(
                "document masqué, médecin administrateur", Cast.morel, in: "STR-CAB-MOREL", masked, true,
                "administrateur"),
            DemoQuestion("médecin bloqué nommément", Cast.lemaire, in: "STR-CH-VDM", analysis, false, "blocked"),
            DemoQuestion(
                "participation terminée", Cast.nadir, in: "STR-CAB-IDEL", analysis, false, "membership_expired"),
            DemoQuestion(
                "psychologue hors équipe, avec consentement", Cast.roche, in: "STR-CAB-ROCHE",
                document("DOC-KARIM-2", of: Cast.karim, type: "47420-5"), true, "consent_outside_team"),
            DemoQuestion(
                "opposition au partage", Cast.morel, in: "STR-CAB-MOREL",
                document("DOC-NADIA-1", of: Cast.nadia, type: biology), false, "opposition"),
            DemoQuestion(
                "bris de glace", Cast.lemaire, in: "STR-CH-VDM",
                document("DOC-ADELE-1", of: Cast.adele, type: biology, author: Cast.morel, from: "STR-CAB-MOREL"),
                context: coma, true, "break_glass"),
            DemoQuestion(
                "bris de glace malgré une opposition", Cast.lemaire, in: "STR-CH-VDM",
                document("DOC-HENRI-1", of: Cast.henri, type: biology, author: Cast.morel, from: "STR-CAB-MOREL"),
                context: coma, false, "emergency_opposition"),
        ]
    }()
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
package import SocleConsent
package import SocleIdentity
package import SocleJSON

/// The records and the question that a scenario describes: its facts are the only facts, its application counts as
/// registered for what it asks, its matrix is the whole matrix.
package struct ScenarioRecords: Sendable {
    package var now: Instant
    package var people: [PersonChange]
    package var consents: [ConsentChange]
    package var registration: ApplicationRegistration
    /// In place of `matrix.csv`.
    package var matrix: String
    /// The AuthZEN request that the application sends, with its own token.
    package var request: JSONValue
}

extension Scenario {
    package func records() throws(ScenarioFault) -> ScenarioRecords {
        guard let now = json["now"]?.string.flatMap({ Instant(iso8601: $0) }) else {
            throw ScenarioFault("\(id): `now` is not an instant")
        }
        let reader = ScenarioReader(id: id, json: json, now: now)
        return ScenarioRecords(
            now: now, people: try reader.people(), consents: try reader.consents(),
            registration: try reader.registration(), matrix: reader.matrix(), request: try reader.request())
    }
}

extension ScenarioRecords {
    /// What the store would give of the person and the application, for a decision without a store.
    package var asker: AskerFile {
        var file = AskerFile(registration: registration, policyNumber: nil, stamp: .init())
        for change in people {
            switch change {
            case .professional(let professional): file.professional = professional
            case .link(let link): file.link = link
            case .structure, .patient: break
            }
        }
        return file
    }

    /// What the store would give of the patient.
    package var patient: PatientFile {
        var file = PatientFile(patient: nil)
        for change in people {
            switch change {
            case .patient(let patient): file.patient = patient
            case .structure(let structure) where structure.teamCapable: file.teamCapable.insert(structure.id)
            case .structure, .professional, .link: break
            }
        }
        for change in consents {
            switch change {
            case .join(let membership): file.memberships.append(membership)
            case .choose(let choice): file.choices.append(choice)
            case .leave, .refer: break
            }
        }
        return file
    }

    /// The decision of that policy text on these records: no store, no journal, no clock.
    package func decision(under text: PolicyText) throws(PolicyFaults) -> Answer {
        var text = text
        text.files["matrix.csv"] = matrix
        let program = try PolicyProgram(number: 0, text: text)
        let question: AccessQuestion
        do throws(MalformedQuestion) {
            question = try AccessQuestion(JSONView(request))
        } catch {
            throw PolicyFaults([PolicyFaults.Fault("request", "", error.message)])
        }
        return DecisionPoint.decide(
            question, Caller(client: registration.clientID, voice: .application),
            asker: GatheredAsker(asker),
            patient: GatheredPatient(patient), program: program, at: now)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity

/// What emergency permits of one call leave behind: an episode opened or cited, each access, and the notices of an
/// opening. Pure; written in the transaction of the answer's journal entry.
struct EmergencyLedger {
    private(set) var changes: [any RecordChange] = []
    /// The episode of each question, nil where it is no emergency or was refused.
    private(set) var episodes: [EmergencyEpisode?] = []
    /// The name under which each access is kept.
    private(set) var accesses: [String?] = []

    private var open: [EmergencyEpisode.Address: EmergencyEpisode]

    /// Whether a question is of an emergency, and may leave anything behind.
    static func concerns(_ question: AccessQuestion) -> Bool {
        question.context.purpose.flatMap(EmergencyEpisode.Kind.init(rawValue:)) != nil
    }

    init(
        _ questions: [AccessQuestion], _ answers: [Answer], _ caller: Caller, _ gathering: Gathering,
        at clock: Instant
    ) {
        open = gathering.episodes.filter { $0.value.covers(clock) }
        for (index, (question, answer)) in zip(questions, answers).enumerated() {
            guard answer.decision.isPermit,
                let address = EmergencyEpisode.Address(question, gathering.items[index])
            else {
                episodes.append(nil)
                accesses.append(nil)
                continue
            }
            let parameters = gathering.program?.parameters(of: address.service) ?? PolicyParameters()
            // As of when the question was decided: an episode alone lasts by this node's own clock.
            let now = gathering.items[index].patient?.file.instant(clock) ?? clock
            let episode =
                open[address]
                ?? begin(address, question, answer, gathering, index, parameters, opened: clock, decided: now)
            let access = EmergencyLedger.name(
                "\(episode.id) \(clock.milliseconds) \(index) \(question.resource.id)")
            let situation = caller.situation(of: question.subject).flatMap { StructureIdentifier($0) }
            changes.append(
                EmergencyChange.record(
                    EmergencyAccess(
                        id: access, episode: episode.id, patient: address.patient,
                        professional: address.professional, place: situation,
                        placeCounts: parameters.structureMembers == .all, instant: now)))
            episodes.append(episode)
            accesses.append(access)
        }
    }

    private mutating func begin(
        _ address: EmergencyEpisode.Address, _ question: AccessQuestion, _ answer: Answer,
        _ gathering: Gathering, _ index: Int, _ parameters: PolicyParameters, opened: Instant, decided now: Instant
    ) -> EmergencyEpisode {
        let episode = EmergencyEpisode(
            id: EmergencyLedger.name("\(address.key) \(opened.milliseconds)"), address: address, opened: opened,
            until: opened + parameters.breakGlassTime, justification: question.context.justification,
            declaredCapacity: question.context.patientCapacity,
            immediateRisk: question.context.immediateRisk,
            callID: question.context.callID)
        open[address] = episode
        changes.append(EmergencyChange.open(episode))
        var recipients: [Notice.Recipient] = []
        if answer.decision.obligations.contains("notify_patient") { recipients.append(.patient) }
        if answer.decision.obligations.contains("notify_medecin_traitant") {
            recipients +=
                (gathering.items[index].patient?.file.consent.holding(at: now).treatingPhysicians ?? []).filter {
                    $0 != address.professional
                }.map(
                    Notice.Recipient.professional)
        }
        for recipient in recipients {
            changes.append(
                NoticeChange.queue(
                    Notice(
                        patient: address.patient, recipient: recipient,
                        subject: address.kind == .breakGlass ? .breakGlass : .regulation, about: episode.id,
                        createdAt: now)))
        }
        return episode
    }

    /// 128 bits of a digest: the same call written twice, after a conflict, is still one.
    private static func name(_ text: String) -> String {
        Base64URL.encode(Array(SHA256.digest(Array(text.utf8)).prefix(16)))
    }
}

extension EmergencyEpisode.Address {
    /// Whose emergency a question is about; nil when it is about none, or nobody's.
    init?(_ question: AccessQuestion, _ gathered: Gathering.Item) {
        guard let purpose = question.context.purpose, let kind = EmergencyEpisode.Kind(rawValue: purpose),
            question.subject.kind == .professional,
            let professional = gathered.asker.file.professional,
            let service = gathered.asker.file.registration?.service,
            let patient = gathered.patient?.file.patient?.id
        else { return nil }
        self.init(kind: kind, patient: patient, professional: professional.id, service: service)
    }
}

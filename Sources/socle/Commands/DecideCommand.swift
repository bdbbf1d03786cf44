// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON
import SocleStore

/// `socle decide`: why a question is answered as it is, on an installation's own records and policies.
///
/// It answers nobody: no application reads it, no emergency opens, and no access is told to the patient. It shows a
/// patient's choices all the same, so the journal says who was explained what.
struct DecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Answer one question and show every condition met.",
        discussion: """
            The question comes from a file in the AuthZEN form, or from the options. It is answered as the application \
            would be, without granting anything: a simulation, journalled as administration. Every policy is shown in \
            the order of the rules, those that apply with all their conditions, the others with what was missing; \
            --json has them all. Exit status 0 for a permit and for a deny.
            """)

    @OptionGroup var installation: InstallationOptions
    @Option(help: ArgumentHelp("The application that asks, by its client identifier.", valueName: "id"))
    var client: String
    @Option(help: ArgumentHelp("A question as a JSON file, in place of the options below.", valueName: "file"))
    var question: String?
    @Option(help: ArgumentHelp("professional, patient, related_person, system or admin.", valueName: "type"))
    var subjectType = "professional"
    @Option(help: ArgumentHelp("Who: an account's `sub`, or `rpps:` and a number.", valueName: "id"))
    var subject: String?
    @Option(help: ArgumentHelp("The structure the person is working in.", valueName: "structure"))
    var situation: String?
    @Option(help: ArgumentHelp("The level of authentication.", valueName: "level")) var acr = "eidas1"
    @Option(help: ArgumentHelp("What they would do.", valueName: "name")) var action = "read"
    @Option(help: ArgumentHelp("The category of the resource.", valueName: "type")) var type = "document"
    @Option(help: ArgumentHelp("Its identifier.", valueName: "id")) var id = "unnamed"
    @Option(help: ArgumentHelp("The patient it is about.", valueName: "id")) var patient: String?
    @Option(help: ArgumentHelp("Its document type.", valueName: "code")) var typeCode: String?
    @Option(help: ArgumentHelp("Who wrote it.", valueName: "id")) var author: String?
    @Option(help: ArgumentHelp("Where it comes from.", valueName: "structure")) var authorStructure: String?
    @Option(help: ArgumentHelp("TREAT, BTG, REG15, OCCUP, PATRQT, ADMIN or STAT.", valueName: "code"))
    var purpose = "TREAT"
    @Option(help: ArgumentHelp("In an emergency, the reason given.", valueName: "text")) var justification: String?
    @Flag(help: "In an emergency, a risk declared to be immediate.") var immediateRisk = false
    @Option(help: ArgumentHelp("In an emergency, as declared: unable_to_express.", valueName: "state"))
    var patientCapacity: String?
    @Flag(help: "Ask with the person's own token, in place of the application's word for them.") var signedIn = false
    @Option(help: ArgumentHelp("Answer as at this instant, as 2026-11-02T10:15:00+01:00.", valueName: "instant"))
    var at: String?
    @Option(help: ArgumentHelp("Policies in place of those in force.", valueName: "dir")) var policies: String?
    @Flag(help: "Print the answer and its trace as one JSON object.") var json = false

    func validate() throws {
        guard (question == nil) != (subject == nil) else {
            throw ValidationError("give either --question or --subject")
        }
        if question != nil,
            [situation, patient, typeCode, author, authorStructure, justification].contains(where: { $0 != nil })
        {
            throw ValidationError("the question is in the file of --question: leave the other options out")
        }
        if let at, Instant(iso8601: at) == nil { throw ValidationError("--at is not an instant with its offset") }
    }

    func run() async throws {
        let asked = try readQuestion()
        let configuration = try installation.configuration()
        try await Installation.using(configuration) { installation in
            let (answer, trace) = try await explain(asked, installation)
            try await installation.commit(
                [], entry(asked, answer, installation.clock()), refusal: "nothing was written")
            if json {
                guard var object = answer.text.value?.object else { return }
                object["simulated"] = true
                object["trace"] = trace.json
                Console.print(json: .object(object))
            } else {
                for line in TraceText.lines(answer.decision, trace) { Console.print(line) }
            }
        }
    }

    /// The same reading, facts and policies as an application's question.
    private func explain(
        _ asked: AccessQuestion, _ installation: Installation
    ) async throws -> (Answer, DecisionTrace) {
        let records = StoredAccessRecords(database: installation.database)
        let voice: Caller.Voice =
            signedIn
            ? .person(
                Caller.PersonSession(
                    subject: asked.subject.id, situation: asked.subject.situation,
                    methods: [asked.subject.method].compactMap(\.self), acr: asked.subject.acr))
            : .application
        let caller = Caller(client: client, voice: voice)
        do {
            let asker = try await records.asker(client: client, subject: caller.reference(of: asked.subject))
            guard asker.registration != nil else {
                throw CommandFailure(
                    "no application `\(client)` is registered to ask: `socle client list` names those there are, "
                        + "`socle client create --scope access:evaluate` registers one")
            }
            var file: GatheredPatient?
            if let patient = asked.patient { file = GatheredPatient(try await records.file(of: patient)) }
            let program = try await program(asker.policyNumber, records)
            let answer = DecisionPoint.decide(
                asked, caller, asker: GatheredAsker(asker), patient: file, program: program,
                at: at.flatMap { Instant(iso8601: $0) } ?? installation.clock())
            guard let sheet = answer.sheet else { throw CommandFailure("the question has no facts") }
            return (answer, program.trace(sheet, of: answer.decision))
        } catch let error as SocleAccess.RecordsUnavailable {
            throw CommandFailure("the records cannot be read: \(error.detail)")
        }
    }

    private func program(_ number: Int64?, _ records: StoredAccessRecords) async throws -> PolicyProgram {
        do {
            if let policies { return try PolicyProgram(number: 0, text: PolicyFolder.read(policies)) }
            guard let number, let version = try await records.policy(number: number) else {
                throw CommandFailure("no policies are in force: start the server once, or give --policies")
            }
            return try PolicyProgram(number: number, text: version.text)
        } catch let faults as PolicyFaults {
            throw CommandFailure(faults.description)
        }
    }

    private func entry(_ asked: AccessQuestion, _ answer: Answer, _ now: Instant) -> EntryDraft {
        var details: JSONObject = [
            "event": "decision_explained", "client": .string(client),
            "subject": ["type": .string(asked.subject.type), "id": .string(asked.subject.id)],
            "action": .string(asked.action),
            "resource": ["type": .string(asked.resource.type), "id": .string(asked.resource.id)],
            "outcome": .string(answer.decision.outcome.rawValue), "reason": .string(answer.decision.reason),
        ]
        details["policy_version"] = answer.policyVersion.map(JSONValue.integer)
        details["at"] = at.map(JSONValue.string)
        return EntryDraft(
            kind: .administration, instant: now, actor: "operator", patient: asked.patient, details: details)
    }

    private func readQuestion() throws(CommandFailure) -> AccessQuestion {
        guard let question else {
            return AccessQuestion(
                subject: AccessQuestion.Subject(type: subjectType, id: subject ?? "", situation: situation, acr: acr),
                action: action,
                resource: AccessQuestion.Resource(
                    type: type, id: id, patient: patient, typeCode: typeCode, author: author,
                    authorStructure: authorStructure),
                context: AccessQuestion.Context(
                    purpose: purpose, justification: justification, immediateRisk: immediateRisk,
                    patientCapacity: patientCapacity))
        }
        guard let data = FileManager.default.contents(atPath: question) else {
            throw CommandFailure("\(question): cannot be read")
        }
        do {
            return try AccessQuestion(try JSONView(parsing: data))
        } catch let error as JSONError {
            throw CommandFailure("\(question): not JSON: \(error)")
        } catch let error as MalformedQuestion {
            throw CommandFailure("\(question): \(error.message)")
        } catch {
            throw CommandFailure("\(question): \(error)")
        }
    }
}

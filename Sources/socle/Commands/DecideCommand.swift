// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import Foundation
import SocleAccess
import SocleIdentity
import SocleJSON
import SocleStore

/// `socle decide`: why a question is answered as it is, on an installation's own records and policies.
///
/// It explains and grants nothing: no application reads its answer, and the journal of accesses is not its place.
struct DecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Answer one question and show every condition met.",
        discussion: """
            The question comes from a file in the AuthZEN form, or from the options. It is answered as the application \
            would be, without granting anything and without a journal entry. Exit status 0 for a permit and for a deny.
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
    @Option(help: ArgumentHelp("Answer as at this instant, as 2026-11-02T10:15:00+01:00.", valueName: "instant"))
    var at: String?
    @Option(help: ArgumentHelp("Policies in place of those in force.", valueName: "dir")) var policies: String?
    @Flag(help: "Print the answer and its trace as one JSON object.") var json = false

    func validate() throws {
        guard (question == nil) != (subject == nil) else {
            throw ValidationError("give either --question or --subject")
        }
        if let at, Instant(iso8601: at) == nil { throw ValidationError("--at is not an instant with its offset") }
    }

    func run() async throws {
        let answer = try await answer()
        let trace = answer.sheet?.facts.described(matrix: answer.matrix) ?? []
        if json {
            guard var object = answer.json.object else { return }
            var facts = JSONObject()
            for (name, value) in trace { facts[name] = .string(value) }
            object["trace"] = [
                "facts": .object(facts), "ignored": JSONValue(answer.sheet?.ignored ?? []),
                "errors": JSONValue(answer.decision.errors),
            ]
            Console.print(json: .object(object))
            return
        }
        let decision = answer.decision
        Console.print("\(decision.outcome.rawValue)  \(decision.reason)  \(decision.rule)")
        if let text = decision.text { Console.print("\(text.userFrench)\n\(text.adminFrench)") }
        if let cell = decision.cell { Console.print("matrix       \(cell)") }
        for item in decision.obligations { Console.print("obligation   \(item)") }
        for item in decision.advice { Console.print("advice       \(item)") }
        for item in decision.policies { Console.print("policy       \(item)") }
        for item in decision.errors { Console.print("error        \(item)") }
        for item in answer.sheet?.ignored ?? [] { Console.print("ignored      \(item)") }
        for (name, value) in trace { Console.print("fact         \(name) = \(value)") }
    }

    private func answer() async throws -> Answer {
        let asked = try readQuestion()
        let records = StoredAccessRecords(database: try openDatabase())
        let caller = Caller(client: client, voice: .application)
        do {
            let asker = try await records.asker(client: client, subject: caller.reference(of: asked.subject))
            var file: GatheredPatient?
            if let patient = asked.patient { file = GatheredPatient(try await records.file(of: patient)) }
            return DecisionPoint.decide(
                asked, caller, asker: asker, patient: file,
                program: try await program(asker.policyNumber, records),
                at: at.flatMap { Instant(iso8601: $0) } ?? SystemClock.now())
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

    private func openDatabase() throws -> any Database {
        do {
            switch try installation.configuration().database {
            case .sqlite(let path): return try SQLiteDatabase(path: path)
            case .postgresql(let conninfo): return try PostgresDatabase(conninfo: conninfo)
            }
        } catch let error as StoreError {
            throw CommandFailure("the database: \(error.detail)")
        }
    }

    private func readQuestion() throws(CommandFailure) -> AccessQuestion {
        guard let question else {
            return AccessQuestion(
                subject: AccessQuestion.Subject(type: subjectType, id: subject ?? "", situation: situation, acr: acr),
                action: action,
                resource: AccessQuestion.Resource(
                    type: type, id: id, patient: patient, typeCode: typeCode, author: author,
                    authorStructure: authorStructure),
                context: AccessQuestion.Context(purpose: purpose))
        }
        guard let data = FileManager.default.contents(atPath: question) else {
            throw CommandFailure("\(question): cannot be read")
        }
        do {
            return try AccessQuestion(try JSONValue(parsing: data))
        } catch let error as JSONError {
            throw CommandFailure("\(question): not JSON: \(error)")
        } catch let error as MalformedQuestion {
            throw CommandFailure("\(question): \(error.message)")
        } catch {
            throw CommandFailure("\(question): \(error)")
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleCrypto
import SocleIdentity
import SocleJSON
import SocleOIDC
import Testing

@testable import socle

@Suite("Demonstration questions · issue 2 point 4")
struct DemoQuestionTests {
    let region: Region
    let program: PolicyProgram

    init() throws {
        region = try Region()
        program = try PolicyProgram(number: 1, text: PolicyText(files: EmbeddedResources.folder("policies")))
    }

    @Test("there are permits and refusals, at least six in all, each asked by the one client that speaks for people")
    func variety() {
        #expect(DemoQuestion.all.count >= 6)
        #expect(Set(DemoQuestion.all.map(\.expected)) == [true, false])
        let asserting = DemoService.all.filter { $0.scopes.contains(Scope.assert) }
        #expect(
            asserting.filter { $0.registration.assertedSubjects != [.system] }.map(\.id) == [
                DemoService.pointAccesPro.id
            ])
        #expect(asserting.allSatisfy { $0.grantTypes.contains(.clientCredentials) })
        #expect(asserting.allSatisfy { $0.scopes.contains(Scope.evaluate) })
    }

    @Test(
        "the embedded policies answer each as printed, on any day after the region was made",
        arguments: DemoQuestion.all.indices, [Region.made + .days(1), Region.made + .days(3650)])
    func answers(index: Int, instant: Instant) throws {
        let question = DemoQuestion.all[index]
        let asked = try AccessQuestion(JSONView(question.request))
        let service = DemoService.pointAccesPro
        let who = asked.subject.id.dropFirst("rpps:".count)
        let professional = region.professionals.first { $0.id.value == who }
        #expect(professional != nil)
        let patient = region.patients.first { $0.id == asked.patient }
        #expect(patient != nil)
        let members = region.memberships.filter { $0.patient == asked.patient }
        let choices = Dictionary(grouping: region.choices.filter { $0.patient == asked.patient }, by: \.id)
            .values.compactMap { versions in versions.max { $0.version < $1.version } }
        let answer = DecisionPoint.decide(
            asked, Caller(client: service.id, voice: .application),
            asker: GatheredAsker(
                AskerFile(
                    registration: service.registration, professional: professional, policyNumber: 1, stamp: Stamp())),
            patient: GatheredPatient(
                PatientFile(
                    patient: patient, memberships: members, choices: choices,
                    teamCapable: Set(region.structures.filter(\.teamCapable).map(\.id)))),
            program: program, at: instant)
        #expect((answer.decision.outcome == .permit) == question.expected, "\(question.title)")
        #expect(answer.decision.reason == question.reason, "\(question.title)")
    }

    @Test("every client can be registered, and is registered for what it holds") func registrations() {
        #expect(DemoService.all.count == 16)
        for service in DemoService.all {
            let secret = service.authentication == .none ? nil : DemoSecrets(random: .system).clients[service.id]
            #expect(service.clientRegistration(secret: secret.map { .init($0) }).faults == [], "\(service.id)")
            #expect(service.registration.clientID == service.id)
            #expect(service.registration.heldTypes.isSubset(of: service.registration.resourceTypes))
        }
    }

    @Test("everyone with credentials exists, an administrator and a person of several situations among them")
    func accounts() {
        let people = Dictionary(uniqueKeysWithValues: region.professionals.map { ($0.id.value, $0) })
        #expect(DemoAccount.all.count >= 5)
        #expect(DemoAccount.all.contains { $0.roles.contains("admin") })
        #expect(DemoAccount.all.contains { $0.professional.flatMap { people[$0]?.activities.count } ?? 0 > 1 })
        for account in DemoAccount.all {
            #expect(Login(account.login)?.value == account.login)
            if let professional = account.professional { #expect(people[professional]?.name == account.name) }
        }
    }
}

@Suite("Demonstration secrets · issue 2 point 4")
struct DemoSecretsTests {
    let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    @Test("they are drawn once, for their owner only") func kept() throws {
        let directory = try DemoDirectory(making: folder.path)
        let secrets = try DemoSecrets.loadOrCreate(directory, random: .system)
        #expect(try folder.mode("demo.json") == 0o600)
        #expect(try DemoSecrets.loadOrCreate(directory, random: .system) == secrets)
        #expect(try DemoSecrets.load(directory) == secrets)
        #expect(Set(secrets.accounts.keys) == Set(DemoAccount.all.map(\.login)))
        #expect(Set(secrets.accounts.values.map(\.password)).count == secrets.accounts.count)
        #expect(secrets.clients["application-mobile"] == nil)
    }

    @Test("another folder has others") func random() throws {
        #expect(DemoSecrets(random: .system) != DemoSecrets(random: .system))
    }

    @Test(
        "a file that is not one is refused, and left as it is",
        arguments: ["", "{}", "[]", "{\"accounts\":[{}],\"clients\":{}}"])
    func damaged(text: String) throws {
        let directory = try DemoDirectory(making: folder.path)
        try text.write(toFile: directory.secrets, atomically: false, encoding: .utf8)
        #expect(throws: CommandFailure.self) { try DemoSecrets.loadOrCreate(directory, random: .system) }
        #expect(try String(contentsOfFile: directory.secrets, encoding: .utf8) == text)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import ArgumentParser
import SocleAccess
import SocleIdentity
import SocleOIDC

/// What `socle client create` and `entitle` register of the questions a client may ask, and about whom (rule R-APP-1).
struct EntitlementOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "With access:evaluate, a purpose it may ask for, in capitals (TREAT and BTG for professionals); may be "
                + "repeated.", valueName: "p"))
    var purpose: [PurposeCode] = []
    @Option(
        help: ArgumentHelp(
            "With access:evaluate, a resource type it holds and may ask about; may be repeated.", valueName: "t"))
    var resourceType: [String] = []
    @Option(
        help: ArgumentHelp(
            "With access:evaluate, a type it may ask about without holding it; may be repeated.", valueName: "t"))
    var aboutType: [String] = []
    @Option(
        help: ArgumentHelp(
            "With access:evaluate, an action it may ask about (read, search, create and update for professionals); "
                + "may be repeated.", valueName: "a"))
    var action: [String] = []
    @Option(
        help: ArgumentHelp(
            "With access:assert, a kind of subject it may speak for (professional unless said); may be repeated.",
            valueName: "kind"))
    var subject: [SubjectKind] = []
    @Option(
        help: ArgumentHelp(
            "With --subject system, the structure it acts for: only this one's documents are deposited.",
            valueName: "ident"))
    var structure: String?
    @Flag(
        help: ArgumentHelp(
            "With --subject system alone, for statistics (STAT): its word that data is pseudonymised counts."))
    var pseudonymised = false
    @Option(
        help: ArgumentHelp(
            "With access:evaluate, the service it belongs to, whose parameters and emergencies are its own (its "
                + "identifier unless said).", valueName: "name"))
    var service: String?
    @Flag(
        help: ArgumentHelp(
            "With access:evaluate, it may read how an answer was reached (context.trace), a patient's choices "
                + "included: for the tool of whoever administers rights."))
    var trace = false

    private static let statistics = "STAT"

    func validate() throws {
        let faults = contradictions
        guard faults.isEmpty else { throw ValidationError(faults.joined(separator: "\n")) }
    }

    /// A registration is every purpose with every action on every type. So statistics stand alone: a client that also
    /// deposits documents, or speaks for people, could read them as pseudonymised by its word.
    private var contradictions: [String] {
        var faults: [String] = []
        func require(_ condition: Bool, _ fault: String) {
            if !condition { faults.append(fault) }
        }
        require(
            structure.map { StructureIdentifier($0) != nil } ?? true,
            "--structure must be the identifier of a structure: 1 to 64 letters, digits, `-`, `.`, `_` or `/`")
        require(
            service.map { ClientRegistration.isIdentifier($0) } ?? true,
            "--service must be 1 to 128 letters, digits, `-`, `.`, `_`, `~` or `:`")
        let isSystem = subject.contains(.system)
        require(
            structure == nil || isSystem,
            "--structure is what an application without a user acts for: add --subject system")
        if pseudonymised {
            require(
                Set(subject) == [.system],
                "--pseudonymised is for statistics without a user: give --subject system and no other kind")
            require(
                structure == nil,
                "--structure is for deposits and --pseudonymised for statistics: they are two clients")
            require(
                purpose.allSatisfy { $0.code == Self.statistics },
                "--pseudonymised is for the purpose STAT and no other: what asks for another is another client")
        } else if isSystem {
            require(
                structure != nil,
                "--subject system needs --structure, whose documents it deposits, or --pseudonymised for statistics")
            require(
                !purpose.contains { $0.code == Self.statistics },
                "the purpose STAT needs --pseudonymised: statistics on identified data are refused (R-STAT-1)")
        }
        return faults
    }

    /// What the options ask for and the client's scopes and grants do not carry.
    func faults(of client: some AskingClient) -> [String] {
        guard client.scopes.contains(Scope.evaluate) else {
            let given = [
                ("--subject", !subject.isEmpty), ("--service", service != nil), ("--trace", trace),
            ]
            return given.filter(\.1).map { "\($0.0) is for a client that asks: add --scope \(Scope.evaluate)" }
        }
        guard !subject.isEmpty else { return [] }
        var faults: [String] = []
        if !client.scopes.contains(Scope.assert) {
            faults.append("--subject is for a client that speaks for others: add --scope \(Scope.assert)")
        }
        if !client.grantTypes.contains(.clientCredentials) {
            faults.append(
                "--subject is for a client with a token of its own: add --grant "
                    + Client.GrantType.clientCredentials.rawValue)
        }
        return faults
    }

    /// Tells of purposes that the region's rules speak of nowhere: the application's own, or mistyped.
    func warn(of client: String, in node: Installation) {
        guard node.configuration.access == nil else { return }
        for purpose in purpose.map(\.code) where !PurposeCode.region.contains(purpose) {
            Console.warn(
                "the region's rules speak of no purpose `\(purpose)`: it is \(client)'s own, or one of theirs "
                    + "mistyped (\(PurposeCode.region.joined(separator: ", ")))")
        }
    }

    /// What goes with the options where no --scope says it.
    var scopes: Set<String> { subject.isEmpty ? [Scope.evaluate] : [Scope.evaluate, Scope.assert] }

    /// - Returns: nil for a client that asks nothing.
    func registration(of client: some AskingClient) -> ApplicationRegistration? {
        guard client.scopes.contains(Scope.evaluate) else { return nil }
        let spoken = subject.isEmpty ? [.professional] : Set(subject)
        let asserted = client.scopes.contains(Scope.assert) ? spoken : []
        let usual = spoken.map { UsualQuestions(of: $0, pseudonymised: pseudonymised) }
        func chosen(_ given: [String], _ unless: KeyPath<UsualQuestions, Set<String>>) -> Set<String> {
            given.isEmpty ? usual.reduce(into: []) { $0.formUnion($1[keyPath: unless]) } : Set(given)
        }
        let held = aboutType.isEmpty ? chosen(resourceType, \.types) : Set(resourceType)
        return ApplicationRegistration(
            clientID: client.id, service: service ?? client.id, purposes: chosen(purpose.map(\.code), \.purposes),
            actions: chosen(action, \.actions), resourceTypes: held.union(aboutType), heldTypes: held,
            assertedSubjects: asserted, namesByRPPS: asserted.contains(.professional), pseudonymises: pseudonymised,
            structure: structure.flatMap { StructureIdentifier($0) }, traces: trace)
    }
}

/// What decides which questions a client may be registered for.
protocol AskingClient {
    var id: String { get }
    var scopes: Set<String> { get }
    var grantTypes: Set<Client.GrantType> { get }
}

extension ClientRegistration: AskingClient {}
extension Client: AskingClient {}

extension SubjectKind: ExpressibleByArgument {}

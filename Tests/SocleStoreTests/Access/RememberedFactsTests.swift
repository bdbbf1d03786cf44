// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore
import Synchronization
import Testing

/// DESIGN 4.4. Facts come from memory, and no question received after a change was acknowledged is answered from before
/// it, on any node. The order is proved by the revisions that the entries hold, never by a clock.
@Suite("Facts in memory · strict freshness")
struct RememberedFactsTests {
    @Test("a second question reads nothing, and one after a change reads again") func hits() async throws {
        try await Bedside.with { bedside, _ in
            let node = bedside.node
            #expect(await node.ask().reason == "care_team")
            let first = node.memory.figures
            #expect(first.hits == 0 && first.misses == 2)
            for _ in 0..<3 { #expect(await node.ask().reason == "care_team") }
            #expect(node.memory.figures.hits == 6 && node.memory.figures.misses == 2)
            try await bedside.write(bedside.opposition(version: 1, holds: true))
            #expect(await node.ask().reason == "opposition")
            #expect(node.memory.figures.misses == 4)
            #expect(await node.ask().reason == "opposition")
            #expect(node.memory.figures.misses == 4)
        }
    }

    @Test("without memory every question reads, and answers the same") func noMemory() async throws {
        try await Bedside.with(bytes: 0) { bedside, _ in
            for _ in 0..<2 { #expect(await bedside.node.ask().reason == "care_team") }
            #expect(bedside.node.memory.figures.hits == 0 && bedside.node.memory.figures.bytes == 0)
        }
    }

    @Test("a membership kept in memory ends when its period does") func endsByTheClock() async throws {
        try await Bedside.with { bedside, store in
            let end = store.clock.now() + .hours(1)
            try await bedside.write(ConsentChange.leave(patient: bedside.patient, membership: "m1", at: end))
            #expect(await bedside.node.ask().reason == "care_team")
            let read = bedside.node.memory.figures.misses
            store.clock.advance(by: .hours(1) - .milliseconds(1))
            #expect(await bedside.node.ask().reason == "care_team")
            store.clock.advance(by: .milliseconds(1))
            #expect(await bedside.node.ask().reason == "membership_expired")
            #expect(bedside.node.memory.figures.misses == read)
        }
    }

    @Test("that nothing is known of a patient, a person or an application is no longer so once it is") func negatives()
        async throws
    {
        try await Bedside.with { bedside, store in
            let unknown = try #require(PatientIdentifier("PAT-9"))
            let before = await bedside.node.ask(of: unknown)
            #expect(!before.permitted && before.revisions["patient/PAT-9"] == 0)
            try await bedside.write(PersonChange.patient(Patient(id: unknown)))
            #expect(await bedside.node.ask(of: unknown).revisions["patient/PAT-9"] == 1)

            #expect(await bedside.node.ask(from: "later").reason == "client_not_entitled")
            var registration = Bedside.registration
            registration.clientID = "later"
            try await bedside.write(AccessChange.register(registration))
            #expect(await bedside.node.ask(from: "later").reason == "care_team")
        }
    }

    @Test("a structure of the team that changes is seen in the files of its patients") func structures() async throws {
        try await Bedside.with { bedside, _ in
            let structure = try #require(StructureIdentifier("STR-1"))
            try await bedside.write(
                PersonChange.structure(Structure(id: structure, name: "S", type: "MSP", teamCapable: false)),
                ConsentChange.leave(patient: bedside.patient, membership: "m1", at: Bedside.since.start),
                ConsentChange.join(
                    Membership(
                        id: "m2", patient: bedside.patient, member: .structure(structure), period: Bedside.since,
                        legalBasis: .establishment)))
            #expect(await !bedside.node.ask().permitted)
            try await bedside.write(
                PersonChange.structure(Structure(id: structure, name: "S", type: "MSP", teamCapable: true)))
            #expect(await bedside.node.ask().reason == "care_team_structure")
        }
    }

    /// Each turn changes one record, and its revision is then known. Each answer must rest on that revision or a later
    /// one, and say what that revision says.
    @Test("under concurrent changes on two nodes, each answer rests on what was acknowledged before its question")
    func concurrent() async throws {
        try await Bedside.with { bedside, store in
            let other = try await bedside.another(store)
            let turns = 8
            for record in Bedside.Record.allCases {
                let start = try await store.revision(of: bedside.key(of: record))
                let progress = Progress(start)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        defer { progress.end() }
                        for turn in 1...turns {
                            // By turns through one node's lane and the other's.
                            let lane = turn.isMultiple(of: 2) ? bedside.node.lane : other.lane
                            let outcome = try await lane.commit(
                                Submission(changes: [bedside.change(of: record, turn: turn)], entry: nil))
                            #expect(outcome == .committed(nil), "\(record) \(turn)")
                            progress.acknowledge(start + Int64(turn))
                        }
                    }
                    for node in [bedside.node, other] {
                        for _ in 0..<3 {
                            group.addTask {
                                var last = false
                                while !last {
                                    let floor: Int64
                                    (floor, last) = progress.now
                                    let answer = await node.ask()
                                    // Two processes on one SQLite file take the lock by luck: it is left now and then.
                                    try await Task.sleep(for: .milliseconds(4))
                                    // Records that change at each attempt: refused, and journalled as such.
                                    if answer.reason == "conflict" { continue }
                                    let key = bedside.key(of: record)
                                    let revision = answer.revisions["\(key.kind.rawValue)/\(key.id)"]
                                    guard let revision else {
                                        Issue.record("\(store.name): no revision of \(record) in \(answer)")
                                        continue
                                    }
                                    #expect(revision >= floor, "\(store.name): \(record) from before its change")
                                    #expect(
                                        answer.permitted == bedside.permits(record, turn: revision - start),
                                        "\(store.name): \(record) at \(revision - start) turns: \(answer.reason)")
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(bedside.node.memory.figures.hits > 0 && other.memory.figures.hits > 0)
            await other.lane.close()
        }
    }

    /// A session ends once: each turn is a session of its own, with a grant, that both nodes answer on and remember.
    @Test("a session that was ended answers nothing more, on two nodes, to whoever holds its token")
    func sessions() async throws {
        try await Bedside.with { bedside, store in
            let other = try await bedside.another(store)
            let turns = 6
            for turn in 1...turns {
                let session = "session-\(turn + 1)"
                let grant = "grant-\(turn + 1)"
                // Begun on one node, ended on the other, by turns.
                let lanes = turn.isMultiple(of: 2) ? [bedside.node.lane, other.lane] : [other.lane, bedside.node.lane]
                let begin = Submission(changes: Bedside.signIn(session, grant), entry: nil)
                #expect(try await lanes[0].commit(begin) == .committed(nil))
                let progress = Progress(1)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        defer { progress.end() }
                        // Remembered on both nodes by then.
                        for _ in 0..<1000 where progress.noted < 12 { try await Task.sleep(for: .milliseconds(5)) }
                        let end = Submission(
                            changes: [SignInChange.endSession(id: session, at: Bedside.since.start)], entry: nil)
                        #expect(try await lanes[1].commit(end) == .committed(nil))
                        progress.acknowledge(2)
                    }
                    for node in [bedside.node, other] {
                        for _ in 0..<3 {
                            group.addTask {
                                var last = false
                                while !last {
                                    let floor: Int64
                                    (floor, last) = progress.now
                                    let answer = await node.ask(with: grant)
                                    try await Task.sleep(for: .milliseconds(4))
                                    // Ended under the question at its last attempt too: refused either way.
                                    if answer.reason == "conflict", floor == 1 { continue }
                                    let revision = answer.revisions["session/\(session)"]
                                    guard let revision else {
                                        Issue.record("\(store.name): no revision of the session in \(answer)")
                                        continue
                                    }
                                    #expect(revision >= floor, "\(store.name): a session from before its end")
                                    #expect(answer.permitted == (revision == 1), "\(store.name): \(answer)")
                                    if answer.permitted { progress.note() }
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(progress.noted > 0, "\(store.name): nothing was asked before its end")
                for node in [bedside.node, other] { #expect(await node.ask(with: grant).reason == "invalid_token") }
            }
            await other.lane.close()
        }
    }

    @Test("a membership that ends by the clock has ended on both nodes") func endsOnBoth() async throws {
        try await Bedside.with { bedside, store in
            let other = try await bedside.another(store)
            let end = store.clock.now() + .hours(1)
            try await bedside.write(ConsentChange.leave(patient: bedside.patient, membership: "m1", at: end))
            let progress = Progress(0)
            await withTaskGroup(of: Void.self) { group in
                for node in [bedside.node, other] {
                    for _ in 0..<3 {
                        group.addTask {
                            var last = false
                            while !last {
                                let ended: Int64
                                (ended, last) = progress.now
                                let reason = await node.ask().reason
                                #expect(reason == "membership_expired" || (ended == 0 && reason == "care_team"))
                            }
                        }
                    }
                }
                for _ in 0..<4 {
                    store.clock.advance(by: .minutes(15))
                    if store.clock.now() >= end { progress.acknowledge(1) }
                    try? await Task.sleep(for: .milliseconds(20))
                }
                progress.end()
            }
            #expect(bedside.node.memory.figures.hits > 0 && other.memory.figures.hits > 0)
            await other.lane.close()
        }
    }
}

/// The last revision acknowledged, and whether it is the last of all.
private final class Progress: Sendable {
    private let state: Mutex<(acknowledged: Int64, ended: Bool)>
    private let permits = Mutex(0)

    init(_ start: Int64) { state = Mutex((start, false)) }

    var now: (Int64, Bool) { state.withLock { ($0.acknowledged, $0.ended) } }
    func acknowledge(_ revision: Int64) { state.withLock { $0.acknowledged = revision } }
    func end() { state.withLock { $0.ended = true } }
    func note() { permits.withLock { $0 += 1 } }
    /// How often something was permitted.
    var noted: Int { permits.withLock { $0 } }
}

/// One patient, one nurse of the team, one application, the shipped policies.
private struct Bedside: Sendable {
    /// One server: its own lane, records and memory over the shared store.
    struct Node: Sendable {
        let database: any WritableDatabase
        let lane: StoreLane
        let memory: FactsMemory
        let grants: StoredGrants
        let decisions: DecisionPoint
    }

    static let since = Period(start: Instant(seconds: 1_700_000_000))
    static let forever = Instant(seconds: 4_000_000_000)
    static let registration = ApplicationRegistration(
        clientID: "app", service: "point-acces-pro", purposes: ["TREAT"], actions: ["read"],
        resourceTypes: ["liaison_note"], heldTypes: ["liaison_note"], assertedSubjects: [.professional],
        namesByRPPS: true)

    let node: Node
    let patient: PatientIdentifier
    let professional: Professional

    static func with(
        bytes: Int = 1 << 20, _ body: (Bedside, TestStore) async throws -> Void
    ) async throws {
        try await withStores { store in
            let bedside = Bedside(
                node: node(store.database, store.lane, store.clock, bytes: bytes),
                patient: try #require(PatientIdentifier("PAT-1")),
                professional: Professional(
                    id: try #require(ProfessionalIdentifier("899700100022")), name: "Paul Nadir",
                    profession: CodedConcept(code: "60", system: CodeSystem.healthProfessions),
                    activities: [
                        Activity(
                            structure: try #require(StructureIdentifier("STR-1")), kind: "cabinet", sector: "SA08",
                            mode: "L")
                    ]))
            let text = try policies()
            try await bedside.write(
                PersonChange.professional(bedside.professional), PersonChange.patient(Patient(id: bedside.patient)),
                ConsentChange.join(
                    Membership(
                        id: "m1", patient: bedside.patient, member: .professional(bedside.professional.id),
                        period: since, legalBasis: .recognised)),
                ConsentChange.choose(
                    PatientChoice(
                        id: "c1", patient: bedside.patient, kind: .teamInformation(recipients: []), period: since,
                        recordedAt: since.start)),
                AccessChange.register(registration),
                OAuthChange.createClient(
                    Client(
                        id: "app", name: "App", authentication: .basic, sealedSecret: [1], grantTypes: [], scopes: [])),
                SignInChange.addAccount(
                    Account(
                        subject: "sub-1", login: "paul", displayName: "Paul", passwordHash: "x", sealedTOTPSeed: [1])),
                PersonChange.link(
                    AccountLink(subject: "sub-1", person: .professional(bedside.professional.id))),
                AccessChange.addPolicy(PolicyVersion(number: 1, text: text, author: "a", createdAt: since.start)),
                AccessChange.addPolicy(
                    PolicyVersion(number: 2, text: closed(text), author: "a", createdAt: since.start)),
                AccessChange.activatePolicy(number: 1, approver: "b"))
            #expect(
                try await bedside.node.lane.commit(
                    Submission(changes: signIn("session-1", "grant-1"), entry: nil)) == .committed(nil))
            try await body(bedside, store)
        }
    }

    /// A session of the professional's account, and what the application was granted in it.
    static func signIn(_ session: String, _ grant: String) -> [any RecordChange] {
        [
            SignInChange.startSession(
                Session(
                    id: session, cookieDigest: "of \(session)", subject: "sub-1", authenticatedAt: since.start,
                    methods: ["pwd", "otp", "mfa"], acr: "eidas1", lastSeen: since.start, expires: forever)),
            OAuthChange.startGrant(
                Grant(
                    id: grant, clientID: "app", subject: "sub-1", sessionID: session, scopes: [],
                    authenticatedAt: since.start, acr: "eidas1", methods: ["pwd", "otp", "mfa"], situation: "STR-1",
                    createdAt: since.start, expires: forever)),
        ]
    }

    private static func node(
        _ database: any WritableDatabase, _ lane: StoreLane, _ clock: TestClock, bytes: Int
    ) -> Node {
        let memory = FactsMemory(bytes: bytes)
        return Node(
            database: database, lane: lane, memory: memory, grants: StoredGrants(database),
            decisions: DecisionPoint(
                records: StoredAccessRecords(database: database), emergencies: StoredEmergencies(database), lane: lane,
                memory: memory, clock: clock.now))
    }

    /// A second server on the same store.
    func another(_ store: TestStore) async throws -> Node {
        let database = try store.reopen()
        let lane = try await StoreLane.open(
            database, signer: .test, random: .fixed(seed: 2), clock: store.clock.now)
        return Bedside.node(database, lane, store.clock, bytes: 1 << 20)
    }

    func write(_ changes: any RecordChange...) async throws {
        #expect(try await node.lane.commit(Submission(changes: changes, entry: nil)) == .committed(nil))
    }

    // MARK: Records that change by turns

    /// `account` stands for all that a token rests on.
    enum Record: CaseIterable { case patient, person, application, policy, account }

    func key(of record: Record) -> RecordKey {
        switch record {
        case .patient: RecordKey(.patient, patient.value)
        case .person: RecordKey(.person, professional.id.value)
        case .application: RecordKey(.application, "app")
        case .policy: RecordKey(.policy, "active")
        case .account: RecordKey(.account, "sub-1")
        }
    }

    /// Odd turns close the access, even ones open it again.
    func change(of record: Record, turn: Int) -> any RecordChange {
        let closes = !turn.isMultiple(of: 2)
        switch record {
        case .patient: return opposition(version: turn, holds: closes)
        case .person:
            var changed = professional
            changed.registryStatus = closes ? .struckOff : .active
            return PersonChange.professional(changed)
        case .application:
            var changed = Bedside.registration
            if closes { changed.purposes = [] }
            return AccessChange.register(changed)
        case .policy: return AccessChange.activatePolicy(number: closes ? 2 : 1, approver: "b")
        case .account: return SignInChange.setDisabled(subject: "sub-1", closes)
        }
    }

    func permits(_ record: Record, turn: Int64) -> Bool { turn.isMultiple(of: 2) }

    func opposition(version: Int, holds: Bool) -> any RecordChange {
        ConsentChange.choose(
            PatientChoice(
                id: "o", version: version, patient: patient, kind: .oppositionToSharing,
                period: Period(start: Bedside.since.start, end: holds ? nil : Bedside.since.start + .seconds(1)),
                recordedAt: Bedside.since.start))
    }

    private static func policies() throws -> PolicyText {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Policies")
        var text = PolicyText(files: [:])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.contains(".") && !name.hasSuffix(".jsonl") {
            text.files[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        return text
    }

    /// The same, before which everything is forbidden.
    private static func closed(_ text: PolicyText) -> PolicyText {
        var text = text
        text.files["closed.cedar"] = """
            @id("closed") @order("0") @rule("R-TEST") @reason("no_basis")
            forbid (principal, action, resource);
            """
        return text
    }
}

extension Bedside.Node {
    struct Told: Sendable {
        var permitted: Bool
        var reason: String
        /// What the journal entry says the answer rests on.
        var revisions: [String: Int64]
    }

    /// Asks, and reads the entry of the answer.
    /// - Parameter token: the grant of the professional's own token; nil when the application asks for them.
    fileprivate func ask(
        of patient: PatientIdentifier? = nil, from client: String = "app", with token: String? = nil
    ) async -> Told {
        var revisions: [String: Int64] = [:]
        func note(_ stamp: Stamp) {
            for record in stamp.revisions { revisions["\(record.key.kind.rawValue)/\(record.key.id)"] = record.value }
        }
        // As the routes do: the token first.
        guard let standing = try? await grants.standing(ofGrant: token ?? "grant-1", client: "app") else {
            return Told(permitted: false, reason: "unavailable", revisions: [:])
        }
        guard standing.stands(at: Bedside.since.start) else {
            note(standing.stamp)
            return Told(permitted: false, reason: "invalid_token", revisions: revisions)
        }
        let question = AccessQuestion(
            subject: .init(
                type: "professional", id: token == nil ? "rpps:899700100022" : "sub-1", situation: "STR-1",
                method: "psc",
                acr: "eidas1"),
            action: "read",
            resource: .init(type: "liaison_note", id: "N-1", patient: patient?.value ?? "PAT-1"),
            context: .init(purpose: "TREAT"))
        let session = Caller.PersonSession(
            subject: "sub-1", situation: "STR-1", methods: standing.grant?.methods ?? [], acr: standing.grant?.acr)
        let answer = await decisions.answer(
            question,
            from: Caller(
                client: client, voice: token == nil ? .application : .person(session), stamp: standing.stamp))
        if let parts = answer.id?.split(separator: ":"), parts.count == 2, let sequence = Int64(parts[1]),
            let row = try? await database.row(
                "SELECT body FROM journal_entries WHERE chain = $1 AND sequence = $2",
                [.text(String(parts[0])), .integer(sequence)]),
            let body = try? JSONValue(parsing: row.blob(0))
        {
            for (name, value) in body["revisions"]?.object?.members ?? [] { revisions[name] = value.integer }
        }
        return Told(permitted: answer.decision.isPermit, reason: answer.decision.reason, revisions: revisions)
    }
}

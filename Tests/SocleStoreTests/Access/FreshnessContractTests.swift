// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Foundation
import SocleAccess
import SocleAudit
import SocleConsent
import SocleFHIR
import SocleIdentity
import SocleJSON
import SocleOIDC
import Testing

@testable import SocleStore

/// DESIGN 4.4. What may be kept in memory is what is read with its revisions: so no change may alter such a reading and
/// leave every revision of its stamp where it was.
@Suite("Freshness · no change of what is read without a change of its revisions")
struct FreshnessContractTests {
    @Test("over every case of every change there is") func everyWriter() async throws {
        try await withStores { store in
            let world = try World()
            let kept = (clients: StoredClients(store.database), grants: StoredGrants(store.database))
            var before = try await world.seen(store, kept.clients, kept.grants)
            var alterations = 0
            for change in try world.changes() {
                try await store.write(change)
                let after = try await world.seen(
                    store, StoredClients(store.database), StoredGrants(store.database))
                for (name, now) in after {
                    guard let then = before[name], now.reading != then.reading else { continue }
                    alterations += 1
                    #expect(
                        then.stamp.revisions.contains { now.stamp.revisions[$0.key] != $0.value },
                        "\(store.name): \(change) altered \(name), and no revision tells")
                }
                // What is kept in memory tells the same as what was never read before.
                let remembered = try await world.seen(store, kept.clients, kept.grants)
                for (name, now) in after {
                    #expect(remembered[name]?.reading == now.reading, "\(store.name): \(name) after \(change)")
                }
                before = after
            }
            #expect(alterations >= 20, "the changes of this test alter what is read")
        }
    }

    /// Read from the sources, so that a change, or a case of one, cannot be added without a sample above.
    @Test("the test above has a sample of every case of every change that the sources declare") func everyCase() throws
    {
        let declared = try DeclaredChanges.all()
        #expect(declared.count >= 12, "\(declared.keys.sorted())")
        let cases = Set(declared.flatMap { type, cases in cases.isEmpty ? [type] : cases.map { "\(type).\($0)" } })
        let samples = Set(try World().changes().map(DeclaredChanges.name))
        #expect(cases.subtracting(samples).isEmpty, "these have no sample")
        #expect(samples.subtracting(cases).isEmpty, "these are declared where nobody looks")
    }

    @Test("the reading of the sources finds every way to declare a change") func reading() {
        let source = """
            package enum AChange: RecordChange, Hashable {
                /// Words, case by case.
                case one(Int)
                case two
                enum Inner {
                    case inner
                }
            }
            package struct BCreation: StoredChange {
                var id: String
            }
            extension AChange: StoredChange {
            }
            package protocol StoredChange: RecordChange {
            }
            final class CChange: Sendable, RecordChange {
            }
            """
        #expect(DeclaredChanges.found(in: source) == ["AChange": ["one", "two"], "BCreation": [], "CChange": []])
    }
}

/// The changes that the sources declare, each with its cases.
private enum DeclaredChanges {
    static func all() throws -> [String: Set<String>] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        var all: [String: Set<String>] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where path.hasSuffix(".swift") {
            let source = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            all.merge(found(in: source)) { $0.union($1) }
        }
        return all
    }

    static func found(in source: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        var current: String?
        for line in source.split(separator: "\n") {
            if let match = line.firstMatch(
                of: /^(?:\w+ )*(?:enum|struct|class|actor) (\w+)\s*:[^{]*\b(?:RecordChange|StoredChange)\b/)
            {
                current = String(match.1)
                found[String(match.1)] = []
            } else if line.hasPrefix("}") {
                current = nil
            } else if let current, let match = line.firstMatch(of: /^ {4}case (\w+)/) {
                found[current]?.insert(String(match.1))
            }
        }
        return found
    }

    /// `ConsentChange.join`, as the sources name it.
    static func name(_ change: any RecordChange) -> String {
        let mirror = Mirror(reflecting: change)
        guard mirror.displayStyle == .enum else { return "\(type(of: change))" }
        return "\(type(of: change)).\(mirror.children.first?.label ?? "\(change)")"
    }
}

/// A few records of each kind, every change to them, and every reading that an answer can rest on.
private struct World {
    struct Seen: Sendable {
        var reading: Reading
        var stamp: Stamp
    }

    enum Reading: Hashable, Sendable {
        case asker(AskerFile)
        case patient(PatientFile)
        case standing(Standing)
        case clientStanding(ClientStanding)
        case client(Client?)
        case episodes([EmergencyEpisode])
    }

    private let now = Instant(seconds: 1_793_610_000)
    private let professional: Professional
    private let patient: Patient
    private let structure: StructureIdentifier
    private let second: PatientIdentifier
    private let emergency: EmergencyEpisode

    init() throws {
        second = try #require(PatientIdentifier("PAT-2"))
        professional = try Sample.professional()
        patient = try Sample.patient()
        structure = try #require(StructureIdentifier("STR-1"))
        emergency = EmergencyEpisode(
            id: "e1",
            address: .init(kind: .breakGlass, patient: patient.id, professional: professional.id, service: "app"),
            opened: now, until: now + .hours(4), justification: "coma")
    }

    func seen(
        _ store: TestStore, _ clients: StoredClients, _ grants: StoredGrants
    ) async throws -> [String: Seen] {
        let records = StoredAccessRecords(database: store.database)
        var seen: [String: Seen] = [:]
        for subject in [SubjectReference.account("sub-1"), .professional(professional.id), .application] {
            var file = try await records.asker(client: "app", subject: subject)
            let stamp = file.stamp
            file.stamp = Stamp()
            seen["asker \(subject)"] = Seen(reading: .asker(file), stamp: stamp)
        }
        for id in [patient.id, second] {
            var file = try await records.file(of: id)
            let stamp = file.stamp
            file.stamp = Stamp()
            seen["patient \(id.value)"] = Seen(reading: .patient(file), stamp: stamp)
        }
        for id in ["grant-1", "grant-2", "grant-3", "grant-4"] {
            var standing = try await grants.standing(ofGrant: id, client: "app")
            let stamp = standing.stamp
            standing.stamp = Stamp()
            // A grant that is not there is never kept, nor is anything answered on it.
            guard standing.grant != nil else { continue }
            seen["grant \(id)"] = Seen(reading: .standing(standing), stamp: stamp)
        }
        var token = try await grants.standing(ofClientToken: "jti-1", client: "app")
        let tokenStamp = token.stamp
        token.stamp = Stamp()
        seen["client token"] = Seen(reading: .clientStanding(token), stamp: tokenStamp)
        var client = try await clients.client("app")
        let revision = client?.revision ?? 0
        client?.revision = 0
        let (episodes, episodeStamp) = try await StoredEmergencies(store.database).episodes(of: [emergency.address])
        seen["episodes"] = Seen(reading: .episodes(episodes), stamp: episodeStamp)
        seen["client"] = Seen(reading: .client(client), stamp: Stamp([RecordKey(.client, "app"): revision]))
        return seen
    }

    /// Each is committed where it stands; each case is there at least once, and where a record can change it does.
    func changes() throws -> [any RecordChange] {
        var told = ClientMetadata()
        told.backChannelLogoutURI = "https://app.example/back"
        let client = Client(
            id: "app", name: "App", authentication: .basic, sealedSecret: [1], redirectURIs: ["https://app.example/cb"],
            grantTypes: [.authorizationCode], scopes: ["openid"], metadata: told)
        let account = Account(
            subject: "sub-1", login: "paul", displayName: "Paul", passwordHash: "x", sealedTOTPSeed: [1])
        var session = Session(
            id: "session-1", cookieDigest: "d", subject: "sub-1", authenticatedAt: now, methods: ["pwd"], acr: "eidas1",
            lastSeen: now, expires: now + .hours(8))
        func grant(_ id: String) -> Grant {
            Grant(
                id: id, clientID: "app", subject: "sub-1", sessionID: "session-1", scopes: ["openid"],
                authenticatedAt: now, acr: "eidas1", methods: ["pwd"], situation: nil, createdAt: now,
                expires: now + .hours(8))
        }
        func token(_ digest: String) -> RefreshToken {
            RefreshToken(digest: digest, grantID: "grant-1", clientID: "app", createdAt: now, expires: now + .hours(1))
        }
        let interaction = Interaction(
            id: "i-1", browserDigest: "b",
            request: AuthorizationRequest(clientID: "app", redirectURI: "https://app.example/cb", scopes: ["openid"]),
            createdAt: now, expires: now + .minutes(10))
        var failure = FailureCount(
            account: "sub-1", address: "192.0.2.1", minute: FailureCount.minute(of: now), count: 1, last: now)

        var active = professional
        active.registryStatus = .active
        var alive = patient
        alive.alive = true
        var registration = Sample.registration
        registration.purposes = ["TREAT"]
        let incapable = Structure(id: structure, name: "S", type: "MSP", teamCapable: false)
        let capable = Structure(id: structure, name: "S", type: "MSP", teamCapable: true)
        let membership = Membership(
            id: "m1", patient: patient.id, member: .structure(structure), period: Period(start: now),
            legalBasis: .establishment)
        let version = { (number: Int64) in
            PolicyVersion(number: number, text: PolicyText(files: [:]), author: "a", createdAt: now)
        }

        let portal = Client(
            id: "portal", name: "Portal", authentication: .none, redirectURIs: [], grantTypes: [], scopes: [])

        func event(_ position: Int64) -> PendingPush {
            PendingPush(
                client: "portal",
                message: .event(
                    ChangeEvent(
                        id: "jti", kind: .membership, patient: patient.id, position: position, change: "joined")),
                queuedAt: now, attempts: 0)
        }
        let notice = Notice(
            patient: patient.id, recipient: .patient, subject: .breakGlass, about: "e1", createdAt: now)
        let logout = LogoutNotice(
            sessionID: "session-1", clientID: "app", subject: "sub-1", queuedAt: now + .seconds(6),
            due: now + .seconds(6))
        var tried = logout
        tried.attempts = 1

        var changes: [any RecordChange] = [
            LaneProbe(), VaultKeyCreation(id: "data-2", wrapped: [1], created: now),
            OAuthChange.createClient(portal),
            EventChange.subscribe(
                EventSubscription(
                    client: "portal", endpoint: "https://a.example/", audience: "a",
                    kinds: Set(ChangeEvent.Kind.allCases))),
            OAuthChange.createClient(client), SignInChange.addAccount(account), SignInChange.startSession(session),
            PersonChange.structure(incapable), PersonChange.professional(professional),
            PersonChange.professional(active),
            PersonChange.link(AccountLink(subject: "sub-1", person: .administrator(roles: ["policy_author"]))),
            PersonChange.link(AccountLink(subject: "sub-1", person: .professional(professional.id))),
            PersonChange.patient(patient), PersonChange.patient(alive),
            ConsentChange.join(membership),
            EventChange.lease(holder: "n1", now: now, until: now + .minutes(1)), EventChange.release(holder: "n1"),
            EventChange.postponed(event(1), until: now + .minutes(1), why: "503"),
            EventChange.delivered(event(1), at: now),
            EventChange.register(
                Notifier(subject: .breakGlass, client: "portal", endpoint: "https://a.example/", audience: "a")),
            EventChange.unregister(.breakGlass),
            EmergencyChange.open(emergency),
            EmergencyChange.record(
                EmergencyAccess(
                    id: "a1", episode: "e1", patient: patient.id, professional: professional.id, place: structure,
                    instant: now)),
            NoticeChange.queue(notice),
            EmergencyChange.review(episode: "e1", by: "dpo", conclusion: "justified", at: now + .hours(5)),
            FHIRChange.write(
                StoredVersion(
                    reference: Reference(type: "Consent", id: "f1"), version: 1, lastUpdated: now,
                    content: ["resourceType": "Consent"]), index: []),
            FHIRChange.presented(patient.id),
        ]
        // The structure of a membership weighs on the patient's facts without a change of the patient.
        changes.append(PersonChange.structure(capable))
        changes += [
            ConsentChange.leave(patient: patient.id, membership: "m1", at: now + .hours(1)),
            ConsentChange.choose(Sample.choice("c", .oppositionToSharing, of: patient.id)),
            ConsentChange.choose(Sample.choice("c", .oppositionInEmergency, of: patient.id, version: 2)),
            ConsentChange.refer(
                Referral(
                    id: "r1", patient: patient.id, from: professional.id, to: .structure(structure),
                    period: Period(start: now), recordedAt: now)),
            PersonChange.patient(Patient(id: second)),
            IdentityChange.merge(survivor: second, absorbed: patient.id, at: now),
            ConsentChange.choose(Sample.choice("d", .oppositionToSharing, of: patient.id)),
            IdentityChange.split(absorbed: patient.id, at: now + .hours(1)),
            AccessChange.register(Sample.registration), AccessChange.register(registration),
            AccessChange.addPolicy(version(1)), AccessChange.activatePolicy(number: 1, approver: "b"),
            AccessChange.addPolicy(version(2)), AccessChange.activatePolicy(number: 2, approver: "b"),
            AccessChange.rollBackPolicy(number: 1, approver: "c"),
        ]
        session.cookieDigest = "e"
        var other = session
        other.id = "session-2"
        other.cookieDigest = "f"
        changes += [
            OAuthChange.storeCode(
                AuthorizationCode(
                    digest: "code-1", grant: grant("grant-1"), redirectURI: "https://app.example/cb",
                    codeChallenge: nil,
                    nonce: nil, expires: now + .seconds(60))),
            OAuthChange.redeemCode(digest: "code-1", at: now), OAuthChange.startGrant(grant("grant-1")),
            OAuthChange.startGrant(grant("grant-2")), OAuthChange.storeRefreshToken(token("token-1")),
            OAuthChange.storeRefreshToken(token("token-2")),
            OAuthChange.useUpRefreshToken(digest: "token-1", at: now),
            OAuthChange.keepRefreshToken(digest: "token-2", at: now, until: now + .hours(2)),
            OAuthChange.revokeClientToken(grantID: "jti-1", clientID: "app", at: now, expires: now + .minutes(5)),
            OAuthChange.revokeGrant(id: "grant-2", at: now), OAuthChange.startGrant(grant("grant-3")),
            OAuthChange.giveConsent(
                ApplicationConsent(subject: "sub-1", clientID: "app", scopes: ["openid"], claims: [], givenAt: now)),
            OAuthChange.withdrawConsent(subject: "sub-1", clientID: "app", at: now),
            OAuthChange.startGrant(grant("grant-4")),
            OAuthChange.revokeGrants(subject: "sub-1", exceptSession: nil, at: now),
            OAuthChange.startGrant(grant("grant-5")),
            SignInChange.setDisabled(subject: "sub-1", true), SignInChange.setDisabled(subject: "sub-1", false),
            SignInChange.setPassword(subject: "sub-1", hash: "y", expires: nil, at: now),
            SignInChange.acceptCode(subject: "sub-1", step: 9),
            SignInChange.removeSecondFactor(
                subject: "sub-1", PendingEnrolment(digest: "d", expires: now + .hours(1)), at: now),
            SignInChange.setSecondFactor(subject: "sub-1", sealedSeed: [2], step: 10, at: now),
            SignInChange.saveInteraction(interaction), SignInChange.endInteraction(id: "i-1"),
            SignInChange.renewSession(session),
            SignInChange.chooseSituation(sessionID: "session-1", situation: "STR-1"),
            SignInChange.touchSession(id: "session-1", at: now + .seconds(5)),
            SignInChange.endSession(id: "session-1", at: now + .seconds(6)),
            LogoutChange.attempt(logout, next: now + .minutes(1)), LogoutChange.settle(tried),
            EventChange.unsubscribe(client: "portal"),
            SignInChange.startSession(other),
            SignInChange.endSessions(subject: "sub-1", except: nil, at: now + .seconds(7)),
            SignInChange.countFailure(failure),
        ]
        failure.count = 1
        var renewed = client
        renewed.sealedSecret = [2]
        changes += [
            SignInChange.reportFailures(failure), OAuthChange.replaceClient(renewed),
            OAuthChange.addInitialAccessToken(
                InitialAccessToken(digest: "i", label: "editor", expires: now + .hours(1), uses: 1)),
            OAuthChange.useInitialAccessToken(digest: "i", at: now),
            OAuthChange.useAssertion(clientID: "app", digest: "a", expires: now + .minutes(5)),
            OAuthChange.disableClient(id: "app"),
            // Only what has expired by itself goes: nothing that still weighs on an answer.
            OAuthChange.deleteExpired(before: now + .hours(2), limit: 1000),
            SignInChange.deleteExpired(before: now + .hours(2), limit: 1000), OAuthChange.removeClient(id: "app"),
        ]
        return changes
    }
}

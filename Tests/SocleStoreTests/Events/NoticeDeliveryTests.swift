// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleConsent
import SocleIdentity
import SocleJSON
import SocleOIDC
import SocleStore
import Synchronization
import Testing

/// The region's messaging: keeps what it accepts, refuses while it is told to.
private final class Messaging: Sendable {
    private let state = Mutex((received: [JSONValue](), refuses: false))

    var received: [JSONValue] { state.withLock { $0.received } }
    func refuse(_ refuses: Bool) { state.withLock { $0.refuses = refuses } }

    func push(_ token: String) -> EventDelivery.Receipt {
        state.withLock { state in
            guard !state.refuses, let claims = try? JSONValue(parsing: Array(token.utf8)) else { return .failed("503") }
            state.received.append(claims)
            return .accepted
        }
    }

    /// `PAT-1 break_glass E patient`, ...
    var lines: [String] {
        received.map { claims in
            let notice = claims["events"]?[SecurityEventToken.noticeType]
            return [
                claims["sub_id"]?["id"]?.string, notice?["subject"]?.string, notice?["about"]?.string,
                notice?["recipient"]?["type"]?.string,
            ].map { $0 ?? "?" }.joined(separator: " ")
        }
    }
}

@Suite("Notices · kept until an application delivers them, told once, in order for each patient")
struct NoticeDeliveryTests {
    private func id(_ name: String) throws -> PatientIdentifier { try #require(PatientIdentifier(name)) }

    private func notice(
        _ about: String, of patient: String = "PAT-1", _ subject: Notice.Subject = .breakGlass,
        to recipient: Notice.Recipient = .patient, at seconds: Int64 = 1_793_610_000
    ) throws -> Notice {
        Notice(
            patient: try id(patient), recipient: recipient, subject: subject, about: about,
            createdAt: Instant(seconds: seconds))
    }

    private func notifier(_ subject: Notice.Subject, _ client: String = "msg") -> EventChange {
        .register(
            Notifier(
                subject: subject, client: client, endpoint: "https://\(client).test", audience: "https://\(client).test"
            ))
    }

    private func delivery(
        _ store: TestStore, to messaging: Messaging, holder: String = "node-1", lane: StoreLane? = nil
    ) -> EventDelivery {
        EventDelivery(
            records: StoredEvents(store.database), lane: lane ?? store.lane, issuer: "https://socle.test",
            holder: holder, sign: { String(decoding: $0, as: UTF8.self) },
            push: { token, _ in messaging.push(token) }, clock: store.clock.now)
    }

    private func states(_ store: TestStore) async throws -> [String] {
        try await StoredNotices(store.database).followed(limit: 100).map {
            "\($0.notice.about) \($0.notice.recipient.text) \($0.state.rawValue) \($0.notifier ?? "nobody")"
        }
    }

    @Test("without a notifier a notice waits, and is seen waiting; registering one is enough to have it told")
    func nobody() async throws {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            let delivery = delivery(store, to: messaging)
            try await store.write(NoticeChange.queue(try notice("E")), NoticeChange.queue(try notice("E")))
            store.clock.advance(by: .days(30))
            #expect(try await delivery.deliverDue().delivered == 0)
            #expect(try await states(store) == ["E patient pending nobody"], "\(store.name): once, and not lost")
            // Of another subject: not asked for this one.
            try await store.write(notifier(.memberAdded))
            #expect(try await delivery.deliverDue().delivered == 0)
            try await store.write(notifier(.breakGlass))
            #expect(try await delivery.deliverDue().delivered == 1)
            #expect(try await delivery.deliverDue().delivered == 0)
            #expect(messaging.lines == ["PAT-1 break_glass E patient"])
            #expect(try await states(store) == ["E patient delivered msg"])
            let told = try await StoredNotices(store.database).followed(of: try id("PAT-1"), limit: 10)
            #expect(told.first?.deliveredTo == "msg" && told.first?.deliveredAt == store.clock.now())
            #expect(try await StoredNotices(store.database).followed(waitingOnly: true, limit: 10).isEmpty)
        }
    }

    @Test("what a disabled application should have told waits for another") func disabled() async throws {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            let delivery = delivery(store, to: messaging)
            #expect(try await store.outcome(of: notifier(.breakGlass, "unknown")) == .refused(changeIndex: 0))
            try await store.write(
                notifier(.breakGlass), NoticeChange.queue(try notice("E")), OAuthChange.disableClient(id: "msg"))
            #expect(try await delivery.deliverDue().delivered == 0, "\(store.name)")
            #expect(try await states(store) == ["E patient pending nobody"])
            try await store.write(notifier(.breakGlass, "other"))
            #expect(try await delivery.deliverDue().delivered == 1)
        }
    }

    @Test("each delivery is in the journal with the patient, and a notice is the same token each time it is tried")
    func journalled() async throws {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            let physician = try Sample.professional()
            let recipient = Notice.Recipient.professional(physician.id)
            try await store.write(
                notifier(.breakGlass), NoticeChange.queue(try notice("E")),
                NoticeChange.queue(try notice("E", to: recipient)))
            let before = try await store.sequences(of: store.lane.chain).count
            #expect(try await delivery(store, to: messaging).deliverDue().delivered == 2)
            #expect(try await store.sequences(of: store.lane.chain).count == before + 2, "\(store.name)")
            let entries = try await store.database.integer(
                "SELECT count(*) FROM journal_entries WHERE patient = 'PAT-1' AND kind = 'administration'")
            #expect(entries == 2)
            let ids = messaging.received.compactMap { $0["jti"]?.string }
            let name = try notice("E").id
            #expect(Set(ids).count == 2 && ids.first == name)
            let payload = try #require(messaging.received.last?["events"]?[SecurityEventToken.noticeType])
            #expect(payload["recipient"]?["id"]?.string == physician.id.value)
        }
    }

    @Test("an application that is down is asked again for as long as it takes; the list says why") func neverGivenUp()
        async throws
    {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            messaging.refuse(true)
            let delivery = delivery(store, to: messaging)
            try await store.write(notifier(.breakGlass), NoticeChange.queue(try notice("E")))
            for _ in 0..<100 {
                _ = try await delivery.deliverDue()
                store.clock.advance(by: .hours(1))
            }
            let waiting = try await StoredNotices(store.database).followed(waitingOnly: true, limit: 10)
            #expect(waiting.map(\.state) == [.failing] && waiting.first?.failure == "503", "\(store.name)")
            #expect(waiting.first?.attempts == 100)
            messaging.refuse(false)
            // Another application takes over at once, whatever the pause.
            try await store.write(notifier(.breakGlass, "other"))
            #expect(try await delivery.deliverDue().delivered == 1)
            #expect(try await states(store) == ["E patient delivered other"])
        }
    }

    @Test("a notice that is refused keeps back that patient's next, for three days; nobody else's ever") func order()
        async throws
    {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            let delivery = delivery(store, to: messaging)
            let start = store.clock.now().seconds
            try await store.write(
                notifier(.breakGlass), notifier(.memberAdded), NoticeChange.queue(try notice("E", at: start)),
                NoticeChange.queue(try notice("m", .memberAdded, at: start + 1)))
            messaging.refuse(true)
            _ = try await delivery.deliverDue()
            messaging.refuse(false)
            try await store.write(NoticeChange.queue(try notice("F", of: "PAT-2", at: start + 2)))
            #expect(try await delivery.deliverDue().delivered == 1)
            #expect(messaging.lines == ["PAT-2 break_glass F patient"], "\(store.name)")
            // What nobody delivers holds up nothing.
            try await store.write(EventChange.unregister(.breakGlass))
            #expect(try await delivery.deliverDue().delivered == 1)
            #expect(messaging.lines.last == "PAT-1 member_added m patient")
            #expect(try await store.outcome(of: EventChange.unregister(.breakGlass)) == .refused(changeIndex: 0))
            try await store.write(
                notifier(.breakGlass), NoticeChange.queue(try notice("n", .memberAdded, at: start + 3)))
            messaging.refuse(true)
            _ = try await delivery.deliverDue()
            messaging.refuse(false)
            #expect(try await delivery.deliverDue().delivered == 0, "E is due later, and n behind it")
            store.clock.advance(by: .hours(1))
            #expect(try await delivery.deliverDue().delivered == 2)
            #expect(messaging.lines.suffix(2) == ["PAT-1 break_glass E patient", "PAT-1 member_added n patient"])
        }
    }

    @Test("one node delivers at a time") func lease() async throws {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            messaging.refuse(true)
            let lane = try await store.openLane(seed: 9)
            try await store.write(notifier(.breakGlass), NoticeChange.queue(try notice("E")))
            _ = try await delivery(store, to: messaging).deliverDue()
            messaging.refuse(false)
            store.clock.advance(by: .seconds(10))
            let second = delivery(store, to: messaging, holder: "node-2", lane: lane)
            #expect(try await second.deliverDue().delivered == 0, "\(store.name)")
            store.clock.advance(by: EventDelivery.leaseTime)
            #expect(try await second.deliverDue().delivered == 1)
            await lane.close()
        }
    }

    @Test("the text names whom it is about, in both languages, and says nothing of health") func text() async throws {
        try await withStores { store in
            try await store.enlist("msg", "other")
            let messaging = Messaging()
            var nurse = try Sample.professional()
            nurse.name = "Marie Dubois"
            let place = try #require(StructureIdentifier("STR-1"))
            let address = EmergencyEpisode.Address(
                kind: .breakGlass, patient: try id("PAT-1"), professional: nurse.id, service: "s")
            let member = Membership(
                id: "m", patient: try id("PAT-1"), member: .structure(place),
                period: Period(start: Instant(seconds: 1)),
                legalBasis: .recognised, addedBy: nurse.id.value)
            let added = try #require(member.notice(at: Instant(seconds: 1_793_610_001)))
            try await store.write(
                PersonChange.professional(nurse),
                PersonChange.structure(Structure(id: place, name: "SSIAD du Parc", type: "SSIAD", teamCapable: true)),
                EmergencyChange.open(
                    EmergencyEpisode(
                        id: "E", address: address, opened: Instant(seconds: 5), until: Instant(seconds: 6),
                        justification: "coma diabétique")),
                ConsentChange.join(member), NoticeChange.queue(try notice("E")), NoticeChange.queue(added),
                notifier(.breakGlass), notifier(.memberAdded))
            #expect(try await delivery(store, to: messaging).deliverDue().delivered == 2)
            let texts = messaging.received.compactMap { $0["events"]?[SecurityEventToken.noticeType]?["text"] }
            let (french, english) = (texts[0]["fr"]?.string ?? "", texts[0]["en"]?.string ?? "")
            // 09:00 UTC in November.
            #expect(
                french.hasPrefix("Marie Dubois a consulté votre dossier en urgence le 02/11/2026 à 10:00."),
                "\(store.name) \(french)")
            #expect(english.hasPrefix("Marie Dubois accessed your record in an emergency on 02/11/2026 at 10:00."))
            #expect(
                texts[1]["fr"]?.string?.hasPrefix("SSIAD du Parc fait maintenant partie de votre cercle de soins")
                    == true)
            #expect(messaging.received.allSatisfy { !$0.text.contains("diab") }, "the justification stays here")
        }
    }

    @Test("a patient reads what either of their identifiers was told") func merged() async throws {
        try await withStores { store in
            try await store.write(
                PersonChange.patient(Patient(id: try id("PAT-1"))), PersonChange.patient(Patient(id: try id("PAT-2"))),
                NoticeChange.queue(try notice("E")), NoticeChange.queue(try notice("F", of: "PAT-2")),
                NoticeChange.queue(try notice("G", of: "PAT-3")))
            let records = StoredNotices(store.database)
            #expect(try await records.followed(of: try id("PAT-2"), limit: 10).map(\.notice.about) == ["F"])
            try await store.write(
                IdentityChange.merge(survivor: try id("PAT-1"), absorbed: try id("PAT-2"), at: Instant(seconds: 9)))
            for name in ["PAT-1", "PAT-2"] {
                let about = try await records.followed(of: try id(name), limit: 10).map(\.notice.about)
                #expect(about == ["E", "F"], "\(store.name)")
            }
        }
    }
}

@Suite("Notices · their words")
struct NoticeTextTests {
    @Test("each subject has a sentence for each reader, in both languages, whoever is named") func all() throws {
        let physician = try #require(ProfessionalIdentifier("899700100011"))
        let patient = try #require(PatientIdentifier("PAT-1"))
        var seen: Set<String> = []
        for subject in Notice.Subject.allCases {
            for recipient in [Notice.Recipient.patient, .professional(physician)] {
                #expect(Notice.Recipient(recipient.text) == recipient)
                let notice = Notice(
                    patient: patient, recipient: recipient, subject: subject, about: "E",
                    createdAt: try #require(Instant(iso8601: "2026-07-14T22:30:00Z")))
                for who in [nil, "Dr Inès Roche"] {
                    let text = NoticeText(notice, who: who)
                    for words in [text.french, text.english] {
                        #expect(words.contains("15/07/2026") && words.contains("00:30"), "summer, French clocks")
                        #expect(words.hasSuffix(".") && !words.contains(physician.value) && !words.contains("PAT-1"))
                        seen.insert(words)
                    }
                }
            }
        }
        // A member added is told to the patient alone: one sentence for that subject.
        #expect(seen.count == 20)
        #expect(Notice.Recipient("professional/") == nil && Notice.Recipient("somebody") == nil)
    }

    @Test("a member without a name is told as what they are, and no sentence takes the gender of who reads it")
    func nameless() throws {
        let patient = try #require(PatientIdentifier("PAT-1"))
        let parties: [(Party, String, String)] = [
            (
                .professional(try #require(ProfessionalIdentifier("899700100011"))), "Un professionnel ",
                "A professional "
            ),
            (.structure(try #require(StructureIdentifier("STR-1"))), "Une structure ", "A structure "),
            (
                .relatedPerson(try #require(RelatedPersonIdentifier("R"))), "Une personne de votre entourage ",
                "Someone close to you "
            ),
        ]
        for (party, french, english) in parties {
            let stay = Membership(
                id: "m", patient: patient, member: party, period: Period(start: Instant(seconds: 1)),
                legalBasis: .recognised, addedBy: "app")
            let notice = try #require(stay.notice(at: Instant(seconds: 2)))
            let text = NoticeText(notice, who: nil)
            #expect(text.french.hasPrefix(french + "fait maintenant partie de votre cercle de soins"))
            #expect(text.english.hasPrefix(english))
            #expect(NoticeText(notice, who: "Sofia Lemaire").french.hasPrefix("Sofia Lemaire fait maintenant partie"))
        }
        for subject in Notice.Subject.allCases {
            let physician = try #require(ProfessionalIdentifier("899700100011"))
            for recipient in [Notice.Recipient.patient, .professional(physician)] {
                let text = NoticeText(
                    Notice(
                        patient: patient, recipient: recipient, subject: subject, about: "E",
                        createdAt: Instant(seconds: 1)), who: "Sofia Lemaire")
                #expect(!text.french.contains("informé") && !text.french.contains("ajouté"))
            }
        }
    }

    @Test("a stay that begins at that very instant has begun, one that begins a millisecond later has not")
    func begins()
        throws
    {
        let now = Instant(seconds: 1_793_610_001)
        var stay = Membership(
            id: "m", patient: try #require(PatientIdentifier("PAT-1")),
            member: .professional(try #require(ProfessionalIdentifier("899700100011"))), period: Period(start: now),
            legalBasis: .recognised, addedBy: "app")
        let begun = try #require(stay.notice(at: now))
        #expect(begun.begins == nil && NoticeText(begun, who: nil).french.contains("fait maintenant partie"))
        stay.period.start = now + .milliseconds(1)
        let toCome = try #require(stay.notice(at: now))
        #expect(toCome.begins == stay.period.start)
        #expect(
            NoticeText(toCome, who: nil).french.contains("fera partie de votre cercle de soins à partir du 02/11/2026"))
        #expect(NoticeText(toCome, who: nil).english.contains(", from 02/11/2026 at 10:00 on."))
    }

    @Test("of a member added, only what the patient does not know already is told") func membership() throws {
        let now = Instant(seconds: 100)
        var stay = Membership(
            id: "m", patient: try #require(PatientIdentifier("PAT-1")),
            member: .professional(try #require(ProfessionalIdentifier("899700100011"))),
            period: Period(start: Instant(seconds: 1)), legalBasis: .recognised, addedBy: "app")
        #expect(stay.notice(at: now)?.recipient == .patient)
        stay.information = .oral
        #expect(stay.notice(at: now) == nil, "told already")
        stay.information = nil
        stay.period.end = now
        #expect(stay.notice(at: now) == nil, "over")
        stay.period.end = nil
        for adder in [nil, "PAT-1"] {
            stay.addedBy = adder
            #expect(stay.notice(at: now) == nil, "the patient's own doing")
        }
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleAccess
import SocleAudit
import SocleIdentity
import SocleJSON
import Testing

@Suite("Publication · R-ADM-2, four eyes and the gate")
struct PolicyPublicationTests {
    private static let author = PolicyPublication.Administrator(subject: "sub-a", roles: ["policy_author"])
    private static let approver = PolicyPublication.Administrator(subject: "sub-b", roles: ["policy_approver"])
    private static let both = PolicyPublication.Administrator(
        subject: "sub-a", roles: ["policy_author", "policy_approver"])
    private static let now = Instant(seconds: 1_700_000_000)

    private func version(_ number: Int64, _ text: PolicyText) -> PolicyVersion {
        PolicyVersion(number: number, text: text, author: "sub-a", createdAt: Self.now)
    }

    private func publication(_ stamp: Stamp = Stamp()) throws -> PolicyPublication {
        try PolicyPublication(inForce: version(1, Shipped.policies()), stamp: stamp)
    }

    private enum Step: CaseIterable { case draft, publish, rollBack }

    /// What comes of one step with version 2: `done`, or the reason, the broken checks or the faults.
    private func outcome(
        _ step: Step, _ text: PolicyText, by person: PolicyPublication.Administrator, _ desk: PolicyPublication
    ) -> String {
        let next = version(2, text)
        do throws(PolicyPublication.Refusal) {
            switch step {
            case .draft: _ = try desk.draft(text, number: 2, by: person, at: Self.now)
            case .publish: _ = try desk.publication(of: next, by: person, at: Self.now)
            case .rollBack: _ = try desk.rollback(to: next, by: person, at: Self.now)
            }
            return "done"
        } catch {
            return switch error {
            case .notAllowed(let decision): decision.reason
            case .gate(let report): report.checks.filter { !$0.holds }.map(\.id).joined(separator: " ")
            case .faults(let faults): faults.description
            }
        }
    }

    @Test("a draft adds a version and moves nothing; a publication moves the pointer and adds nothing") func steps()
        throws
    {
        let stamp = Stamp([RecordKey(.policy, "active"): 7])
        let desk = try publication(stamp)
        let text = try Shipped.policies()
        let draft = try desk.draft(text, number: 2, by: Self.author, at: Self.now).submission
        #expect(draft.changes as? [AccessChange] == [.addPolicy(version(2, text))])
        let published = try desk.publication(of: version(2, text), by: Self.approver, at: Self.now).submission
        #expect(published.changes as? [AccessChange] == [.activatePolicy(number: 2, approver: "sub-b")])
        for submission in [draft, published] {
            #expect(submission.stamp == stamp)
            #expect(submission.entry?.kind == .administration)
            #expect(submission.entry?.details["author"]?.string == "sub-a")
            #expect(submission.entry?.details["rule"]?.string == "R-ADM-2")
            #expect(submission.entry?.details["in_force"]?.integer == 1)
        }
        #expect(published.entry?.actor == "sub-b")
    }

    @Test("the author does not publish, approver or not; nor does anybody without the role") func fourEyes() throws {
        let desk = try publication()
        let text = try Shipped.policies()
        for person in [Self.author, Self.both, .init(subject: "sub-c", roles: ["policy_author"])] {
            #expect(outcome(.publish, text, by: person, desk) == "four_eyes", "\(person)")
            #expect(outcome(.rollBack, text, by: person, desk) == "four_eyes", "\(person)")
        }
        #expect(outcome(.publish, text, by: Self.approver, desk) == "done")
    }

    @Test("a version that breaks an invariant is neither deposited nor published, but the way back stays open")
    func gate() throws {
        let desk = try publication()
        let wrong = try PolicyGateTests.shipped(
            "09-regulation.cedar", "(context.regulation_opposition || context.emergency_opposition)",
            "context.emergency_opposition")
        #expect(outcome(.draft, wrong, by: Self.author, desk) == "regulation_opposition")
        #expect(outcome(.publish, wrong, by: Self.approver, desk) == "regulation_opposition")
        #expect(outcome(.rollBack, wrong, by: Self.approver, desk) == "done")
    }

    @Test("a text that cannot be read is refused at each step") func unreadable() throws {
        let desk = try publication()
        let broken = try PolicyGateTests.shipped(adding: "permit (principal, action, resource) when { contxt };")
        for step in Step.allCases {
            let person = step == .draft ? Self.author : Self.approver
            #expect(outcome(step, broken, by: person, desk).contains("zz.cedar:1"), "\(step)")
        }
    }
}

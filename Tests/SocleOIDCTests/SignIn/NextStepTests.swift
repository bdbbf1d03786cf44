// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import Testing

@testable import SocleOIDC

@Suite("What comes next in a sign-in with a temporary password")
struct NextStepTests {
    let start = Instant(seconds: 1_793_610_000)
    let limits = SignInLimits()

    private func account(expires: Duration? = .hours(24), since: Duration = .hours(-1)) -> Account {
        Account(
            subject: "sub-1", login: "marie", displayName: "Marie", passwordHash: "h", sealedTOTPSeed: [1],
            passwordSince: start + since, passwordExpires: expires.map { start + $0 })
    }

    private func interaction(
        password: Duration? = .zero, code: Duration? = nil, prompts: [AuthorizationRequest.Prompt] = []
    ) -> Interaction {
        var request = AuthorizationRequest(clientID: "app", redirectURI: "https://app.example/cb", scopes: ["openid"])
        request.prompts = prompts
        return Interaction(
            id: "i", browserDigest: "b", request: request, createdAt: start, expires: start + .minutes(30),
            passwordGivenBy: password == nil ? nil : "sub-1", passwordGivenAt: password.map { start + $0 },
            codeGivenAt: code.map { start + $0 })
    }

    private func next(_ interaction: Interaction, _ account: Account?, after: Duration = .minutes(1)) -> NextStep {
        NextStep(
            NextStep.Facts(interaction: interaction, newcomer: account), at: start + after, limits: limits,
            issuer: "https://socle.example")
    }

    @Test("password, code, then another password: never a code for the application") func transcript() {
        #expect(next(interaction(password: nil), nil) == .signIn(loginHint: nil))
        #expect(next(interaction(), account()) == .secondFactor)
        #expect(next(interaction(code: .seconds(30)), account()) == .choosePassword)
        // Chosen in another tab meanwhile: this one begins again.
        #expect(next(interaction(code: .seconds(30)), account(expires: nil)) == .signIn(loginHint: nil))
    }

    @Test("one's own password asks for the code alone") func lasting() {
        #expect(next(interaction(), account(expires: nil)) == .secondFactor)
    }

    @Test("each step has its time") func late() {
        #expect(next(interaction(), account(), after: .minutes(5)) == .signIn(loginHint: nil))
        let chosen = interaction(code: .minutes(4))
        #expect(next(chosen, account(), after: .minutes(18)) == .choosePassword)
        #expect(next(chosen, account(), after: .minutes(19)) == .signIn(loginHint: nil))
        #expect(next(chosen, account(expires: .minutes(10)), after: .minutes(10)) == .signIn(loginHint: nil))
        #expect(next(interaction(), account(expires: .minutes(1)), after: .minutes(1)) == .signIn(loginHint: nil))
    }

    @Test("a password given before it was changed or reset opens nothing") func stale() {
        for code in [nil, Duration.seconds(10)] {
            #expect(next(interaction(code: code), account(since: .seconds(30))) == .signIn(loginHint: nil))
        }
        #expect(next(interaction(), account(since: .zero)) == .secondFactor)
    }

    @Test("a second factor taken away is enrolled anew, within its leave and its time; then the password is chosen")
    func enrolment() {
        var lost = account()
        lost.sealedTOTPSeed = []
        #expect(next(interaction(), lost) == .signIn(loginHint: nil))
        lost.enrolment = PendingEnrolment(digest: "d", expires: start + .minutes(10))
        #expect(next(interaction(), lost) == .enrolSecondFactor)
        #expect(next(interaction(), lost, after: .seconds(599)) == .enrolSecondFactor)
        #expect(next(interaction(), lost, after: .minutes(10)) == .signIn(loginHint: nil))
        lost.enrolment?.expires = start + .hours(2)
        #expect(next(interaction(), lost, after: .minutes(15)) == .signIn(loginHint: nil))
        // Taken away while the password was being chosen.
        #expect(next(interaction(code: .seconds(10)), lost) == .signIn(loginHint: nil))
        var enrolled = account()
        enrolled.secondFactorSince = start + .seconds(10)
        #expect(next(interaction(code: .seconds(10)), enrolled) == .choosePassword)
        #expect(next(interaction(code: .seconds(9)), enrolled) == .signIn(loginHint: nil))
    }

    @Test("what somebody else gave, or a disabled account, opens nothing") func others() {
        var other = account()
        other.subject = "sub-2"
        var disabled = account()
        disabled.disabled = true
        for account in [other, disabled, nil] {
            #expect(next(interaction(code: .zero), account) == .signIn(loginHint: nil))
        }
    }

    @Test("an application that asks silently is told that somebody must sign in") func silent() {
        for step in [interaction(prompts: [.none]), interaction(code: .zero, prompts: [.none])] {
            guard case .redirect(let response) = next(step, account()) else {
                Issue.record("not sent back")
                continue
            }
            #expect(response.parameters.contains { $0.name == "error" && $0.value == "login_required" })
        }
    }
}

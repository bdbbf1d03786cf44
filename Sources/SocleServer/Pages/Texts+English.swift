// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

extension Texts {
    static let english = Texts(
        language: .english,
        skip: "Skip to content",
        service: "e-Parcours services of Île\u{2011}de\u{2011}France",
        footer: "Sesan, digital health services in Île\u{2011}de\u{2011}France",
        otherLanguage: "Français",
        problem: "Check what you entered",
        errorPrefix: "Error",
        signInTitle: "Sign in",
        continueTo: { "To continue to \($0)." },
        login: "Username",
        password: "Password",
        next: "Continue",
        codeTitle: "Verification code",
        codeHint: "Enter the code shown by your authenticator app. It changes every 30 seconds.",
        code: "Six-digit code",
        confirm: "Confirm",
        notYou: "Use another username",
        situationTitle: "Practice situation",
        situationHint: "Your access rights depend on it. You can change it at any time without signing in again.",
        situationLegend: "Where are you working now?",
        homeTitle: "Your services",
        homeInvitation: "Sign in once to reach all your e-Parcours services.",
        signIn: "Sign in",
        signOut: "Sign out",
        signedInAs: "Signed in as",
        situation: "Practice situation",
        noSituation: "None",
        changeSituation: "Change situation",
        services: "Services",
        noServices: "No service is open to you yet.",
        cancel: "Cancel",
        signOutTitle: "Sign out?",
        signOutQuestion: "You will be signed out of every service opened from this browser.",
        signOutAsked: { "\($0) asks to sign you out." },
        stay: "Stay signed in",
        signedOutTitle: "You are signed out",
        signedOutHint: "On a shared computer, also close the tabs of the services you opened.",
        backHome: "Back to the home page",
        mistakes: Mistakes(
            noLogin: "Enter your username.",
            noPassword: "Enter your password.",
            noCode: "Enter the six-digit code.",
            noSituation: "Choose a practice situation.",
            wrongPassword: "Wrong username or password.",
            wrongCode: "This code is not valid or was already used. Wait for the next code, then enter it.",
            busy: "Too many people are signing in right now. Try again in a few seconds.",
            waitSeconds: { "Too many failed attempts. Try again in \($0) seconds." },
            waitMinutes: { "Too many failed attempts. Try again in \($0) \($0 > 1 ? "minutes" : "minute")." }),
        faults: Faults(
            expired: (
                "This page is no longer valid",
                "The sign-in has expired, is already complete, or was started in another browser. Go back to the "
                    + "application and start again."
            ),
            foreign: (
                "Request refused",
                "This request does not come from a page of this site. Go to the home page and start again."
            ),
            invalid: (
                "Invalid request",
                "The application that sent you here made a request we cannot accept. Go back to the application; if "
                    + "the problem persists, tell your support team."
            ),
            unavailable: ("Service temporarily unavailable", "Nothing was saved. Try again in a moment."),
            reference: "Reference for your support team"))
}

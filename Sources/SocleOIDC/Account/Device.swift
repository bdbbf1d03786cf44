// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What a browser says it is, as far as it helps people to tell their devices apart. It proves nothing: whoever sends a
/// request writes it as they like.
///
/// - Shape: a family of browsers and a system, stored as two words (`firefox windows`). The `User-Agent` itself is not
///   kept: it says more of a person than this needs (GDPR article 5.1 c).
package struct Device: Hashable, Sendable {
    package enum Browser: String, CaseIterable, Sendable { case firefox, edge, chrome, safari, other }
    package enum System: String, CaseIterable, Sendable { case windows, macos, ios, android, linux, other }

    package var browser: Browser
    package var system: System

    /// - Parameter userAgent: RFC 9110 §10.1.5.
    package init(userAgent: String) {
        // Each names those it descends from: the youngest first.
        let browsers: [(String, Browser)] = [
            ("Edg", .edge), ("OPR/", .other), ("Firefox/", .firefox), ("FxiOS/", .firefox), ("CriOS/", .chrome),
            ("Chrome/", .chrome), ("Safari/", .safari),
        ]
        let systems: [(String, System)] = [
            ("Windows", .windows), ("Android", .android), ("iPhone", .ios), ("iPad", .ios), ("Macintosh", .macos),
            ("Linux", .linux), ("CrOS", .linux),
        ]
        browser = browsers.first { userAgent.contains($0.0) }?.1 ?? .other
        system = systems.first { userAgent.contains($0.0) }?.1 ?? .other
    }

    /// nil for words unknown here.
    package init?(stored: String) {
        let words = stored.split(separator: " ").map(String.init)
        guard words.count == 2, let browser = Browser(rawValue: words[0]), let system = System(rawValue: words[1])
        else { return nil }
        self.browser = browser
        self.system = system
    }

    package var stored: String { "\(browser.rawValue) \(system.rawValue)" }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleOIDC

/// The page after a sign-out: it frames the logout address of each application that has one
/// (Front-Channel Logout 1.0 §3), then leads on.
struct SigningOutPage: Sendable {
    let texts: Texts

    /// How long the frames have before the browser moves on by itself.
    static let patience = 3

    /// - Parameters:
    ///   - next: where the browser goes afterwards; nil to stay here.
    func page(_ applications: [(name: String, frame: String)], next: String?) -> Page {
        let own = SignOutTexts.of(texts.language)
        let names = applications.map { application -> HTML in "<li>\(application.name)</li>\n" }
        let frames = applications.map { application -> HTML in
            "<iframe src=\"\(link: application.frame)\" title=\"\(application.name)\" hidden></iframe>\n"
        }
        var page = Page(
            title: own.title,
            content: """
                <h1>\(own.title)</h1>
                <p class="lead">\(own.lead)</p>
                <ul>
                \(names)</ul>
                \(frames)
                <p><a class="button" href="\(link: next ?? "/")">\(next == nil ? texts.backHome : own.next)</a></p>
                """)
        page.frameSources = Set(applications.compactMap { RedirectURI.origin(of: $0.frame) }).sorted()
        page.next = next.map { (after: Self.patience, uri: $0) }
        return page
    }
}

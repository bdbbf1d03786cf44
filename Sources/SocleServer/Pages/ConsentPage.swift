// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleOIDC

/// The page on which people say whether an application that is not the region's may know them.
struct ConsentPage: Sendable {
    let texts: Texts
    let context: FormContext

    func page(_ client: Client, _ request: AuthorizationRequest) -> Page {
        let words = ConsentTexts.of(texts.language)
        let scopes = request.scopes.map { words.scopes[$0] ?? $0 }
        let claims = request.claims.names.sorted().map(words.claim)
        let items = (scopes + claims).map { text -> HTML in "<li>\(text)</li>\n" }
        var page = Page(
            title: words.title,
            content: """
                <h1>\(words.title)</h1>
                <p class="lead">\(words.lead(client.name)) \(words.notRegion)</p>
                <h2>\(words.learns)</h2>
                <ul>
                \(items)</ul>
                \(ApplicationCard(client: client).html(words))
                <form method="post" action="/login/consent">
                \(context.hidden)
                <p>\(words.withdraw)</p>
                <button type="submit" name="answer" value="allow">\(words.allow)</button>
                <button type="submit" name="answer" value="refuse" class="second">\(words.refuse)</button>
                </form>
                """)
        page.imageSources = ApplicationCard(client: client).imageSources
        return page
    }
}

/// What an application that registered itself says of itself: its logo, its policy, its terms. Shown beside what is
/// asked of the person, never instead of its name.
struct ApplicationCard: Sendable {
    let client: Client

    func html(_ words: ConsentTexts) -> HTML? {
        guard client.metadata.isThirdParty else { return nil }
        let logo: HTML? = client.metadata.logoURI.map { uri in
            "<img class=\"logo\" src=\"\(link: uri)\" alt=\"\" width=\"64\" height=\"64\" referrerpolicy=\"no-referrer\">"
        }
        return """
            <div class="application">\(logo)
            \(link(client.metadata.policyURI, words.policy))\(link(client.metadata.termsURI, words.terms))</div>
            """
    }

    /// The origin a logo comes from: pages load images from nowhere else.
    var imageSources: [String] {
        guard client.metadata.isThirdParty else { return [] }
        return client.metadata.logoURI.flatMap(RedirectURI.origin(of:)).map { [$0] } ?? []
    }

    private func link(_ uri: String?, _ text: String) -> HTML? {
        uri.map { uri in "<p><a href=\"\(link: uri)\" rel=\"noopener noreferrer\">\(text)</a></p>\n" }
    }
}

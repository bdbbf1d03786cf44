// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// The languages of the pages. French first: it is everyone's unless they ask for English.
package enum Language: String, CaseIterable, Sendable {
    case french = "fr"
    case english = "en"

    /// - Parameters:
    ///   - chosen: what the person chose on a page.
    ///   - uiLocales: what the application asks for, by preference (OpenID Connect Core §3.1.2.1).
    ///   - accepted: the browser's `Accept-Language` (RFC 9110 §12.5.4).
    init(chosen: String?, uiLocales: [String] = [], accepted: String?) {
        if let chosen, let language = Language(rawValue: chosen) {
            self = language
        } else if let language = uiLocales.lazy.compactMap(Language.init(tag:)).first {
            self = language
        } else {
            self = accepted.flatMap(Language.init(accepted:)) ?? .french
        }
    }

    /// `fr-FR` is French.
    private init?(tag: some StringProtocol) {
        let primary = tag.prefix { $0 != "-" }.lowercased()
        self.init(rawValue: primary)
    }

    private init?(accepted: String) {
        var best: (language: Language, weight: Double)?
        for range in accepted.split(separator: ",").prefix(16) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first, let language = Language(tag: tag) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > (best?.weight ?? 0) { best = (language, weight) }
        }
        guard let best else { return nil }
        self = best.language
    }
}

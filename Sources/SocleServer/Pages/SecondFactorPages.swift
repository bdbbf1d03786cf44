// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity
import SocleOIDC

/// The key of a second factor to enrol and the field for its first code, wherever it is done.
struct EnrolmentFields: Sendable {
    let words: SecondFactorTexts
    let offer: SecondFactorOffer
    let uri: String
    /// Fields to correct.
    let wrong: Set<String>

    var shown: HTML {
        """
        <p>\(words.scan)</p>
        <dl>
        <dt>\(words.key)</dt><dd><code class="key">\(offer.key)</code></dd>
        </dl>
        <details><summary>\(words.link)</summary><p><code>\(uri)</code></p></details>
        """
    }

    var code: HTML { field("code", label: words.code, hint: nil) }

    func field(_ name: String, label: String, hint: String?) -> HTML {
        let note: HTML? = hint.map { "<p class=\"hint\" id=\"\(name)-hint\">\($0)</p>\n" }
        let described: HTML = hint == nil ? "" : " aria-describedby=\"\(name)-hint\""
        return """
            <div class="field">
            <label for="\(name)">\(label)</label>
            \(note)<input id="\(name)" class="code" name="\(name)" type="text" inputmode="numeric" pattern="[0-9 ]*" \
            autocomplete="one-time-code" maxlength="7" required\(described)\(NewPasswordFields.invalid(name, wrong))>
            </div>

            """
    }
}

extension OwnAccountPages {
    func secondFactor(_ account: Account) -> Page {
        let words = SecondFactorTexts.of(texts.language)
        let since: HTML? = account.secondFactorSince.map { "<p>\(words.since) \(time($0))</p>" }
        return page(
            words.title,
            """
            <ul class="cards">
            <li><h2>\(words.application)</h2>
            \(since)
            <p><a href="\(link: AccountPart.replaceSecondFactor.rawValue)">\(words.replace)</a></p></li>
            </ul>
            <p class="reference">\(words.always)</p>
            """)
    }

    func replaceSecondFactor(_ offer: SecondFactorOffer, sealed: String, uri: String) -> Page {
        let words = SecondFactorTexts.of(texts.language)
        let fields = EnrolmentFields(words: words, offer: offer, uri: uri, wrong: Set(mistakes.map(\.field)))
        return page(
            words.replaceTitle, lead: words.replaceLead,
            back: (link: AccountPart.secondFactor.rawValue, text: texts.cancel),
            """
            \(fields.shown)
            <form method="post" action="\(link: AccountPart.replaceSecondFactor.rawValue)">
            \(context.hidden)
            <input type="hidden" name="offer" value="\(sealed)">
            \(fields.code)\(fields.field("present", label: words.present, hint: words.presentHint))
            <button type="submit">\(words.confirm)</button>
            </form>
            """)
    }
}

extension SignInPages {
    /// In place of a second factor that an administrator took away.
    func enrol(_ offer: SecondFactorOffer, sealed: String, uri: String, mistakes: [Mistake] = []) -> Page {
        let words = SecondFactorTexts.of(texts.language)
        let fields = EnrolmentFields(words: words, offer: offer, uri: uri, wrong: Set(mistakes.map(\.field)))
        return page(
            words.enrolTitle, lead: words.enrolLead, mistakes,
            """
            \(fields.shown)
            <form method="post" action="/login/enrol">
            \(context.hidden)
            <input type="hidden" name="offer" value="\(sealed)">
            <div class="field">
            <label for="given">\(words.given)</label>
            <p class="hint" id="given-hint">\(words.givenHint)</p>
            <input id="given" name="given" type="text" autocomplete="off" autocapitalize="none" autocorrect="off" \
            spellcheck="false" maxlength="64" required aria-describedby="given-hint"\
            \(NewPasswordFields.invalid("given", fields.wrong))>
            </div>
            \(fields.code)
            <button type="submit">\(words.confirm)</button>
            </form>
            <form method="post" action="/login/restart">
            \(context.hidden(for: "restart"))
            <button type="submit" class="plain">\(texts.notYou)</button>
            </form>
            """)
    }
}

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import HTTPTypes
import SocleCrypto

/// The one stylesheet, under a path that names its content: cached for a year, never stale.
package enum Stylesheet {
    static let path = "/assets/\(Hex.encode(SHA256.digest(Array(text.utf8)).prefix(8))).css"

    package static var routes: [Route] {
        let answer = WebResponse.bytes(Array(text.utf8), type: "text/css; charset=utf-8").caching(
            for: .seconds(31_536_000))
        return [Route(.get, path) { _ in answer }]
    }

    private static let text = """
        :root {
          --paper: #f4f6f8; --card: #ffffff; --ink: #16202c; --soft: #51606f; --line: #c3ccd5; --field: #6b7b8b;
          --blue: #0b4f8a; --blue-strong: #083d6b; --on-blue: #ffffff; --wash: #e8f1f9; --red: #b3261e; --red-wash: #fdf0ef;
          color-scheme: light dark;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #10161d; --card: #19222c; --ink: #e9eef3; --soft: #aab7c4; --line: #3a4857; --field: #8697a8;
            --blue: #8cc4f5; --blue-strong: #b5daf9; --on-blue: #0c1c2b; --wash: #1d3042; --red: #ffb4ab; --red-wash: #3a1f1d;
          }
        }
        *, *::before, *::after { box-sizing: border-box; }
        html { font-size: 106.25%; -webkit-text-size-adjust: 100%; }
        body {
          margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--paper); color: var(--ink);
          font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
          line-height: 1.5;
        }
        header {
          display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between;
          padding: .8rem 1.25rem; background: var(--card); border-bottom: 1px solid var(--line);
        }
        header p { margin: 0; }
        .brand strong { font-size: 1.2rem; color: var(--blue); }
        .brand { display: flex; flex-wrap: wrap; column-gap: .75rem; align-items: baseline; }
        .brand span { color: var(--soft); font-size: .9rem; }
        main {
          width: 100%; max-width: 30rem; margin: 0 auto; padding: 1.75rem 1.25rem 2.5rem; flex: 1 0 auto; outline: none;
        }
        @media (min-width: 36rem) {
          main {
            margin: 3rem auto; padding: 2.25rem 2.5rem 2.5rem; flex: 0 0 auto; background: var(--card);
            border: 1px solid var(--line); border-radius: .6rem;
          }
          footer { margin-top: auto; }
        }
        @media (max-width: 35.99rem) { body { background: var(--card); } }
        h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; text-wrap: balance; }
        h2 { font-size: 1.1rem; line-height: 1.3; margin: 2rem 0 .6rem; }
        p { margin: 0 0 1rem; text-wrap: pretty; overflow-wrap: anywhere; }
        .lead { color: var(--soft); }
        form { margin: 1.5rem 0 0; }
        form + form { margin-top: 1rem; }
        label, legend { font-weight: 600; }
        .field { margin: 0 0 1.25rem; }
        .field > label { display: block; margin: 0 0 .35rem; }
        code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
        .key { font-size: 1.15rem; }
        details { margin: 0 0 1rem; font-size: .95rem; }
        summary { color: var(--blue); cursor: pointer; }
        .hint { margin: 0 0 .35rem; color: var(--soft); font-size: .95rem; }
        input[type="text"], input[type="password"] {
          display: block; width: 100%; min-height: 2.9rem; padding: .5rem .75rem; font: inherit; color: inherit;
          background: var(--card); border: 1px solid var(--field); border-radius: .35rem;
        }
        input.code { max-width: 11rem; font-size: 1.4rem; letter-spacing: .22em; font-variant-numeric: tabular-nums; }
        input[aria-invalid="true"] { border: 2px solid var(--red); }
        button, .button {
          display: inline-block; min-height: 2.9rem; padding: .6rem 1.5rem; font: inherit; font-weight: 600; line-height: 1.4;
          text-align: center; text-decoration: none; color: var(--on-blue); background: var(--blue);
          border: 1px solid var(--blue); border-radius: .35rem; cursor: pointer;
        }
        button:hover, .button:hover { background: var(--blue-strong); border-color: var(--blue-strong); }
        button.plain {
          min-height: 0; padding: .3rem 0; font-weight: 400; text-align: start; color: var(--blue); background: none; border: 0;
          text-decoration: underline; text-underline-offset: .15em;
        }
        button.plain:hover { color: var(--blue-strong); background: none; }
        button.second { color: var(--blue); background: none; }
        button.second:hover { color: var(--blue-strong); background: var(--wash); }
        @media (max-width: 35.99rem) { form > button:not(.plain), .button { width: 100%; } }
        a { color: var(--blue); text-underline-offset: .15em; }
        a:hover { color: var(--blue-strong); }
        :focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
        main:focus-visible { outline: none; }
        fieldset { margin: 0 0 1.5rem; padding: 0; border: 0; min-width: 0; }
        legend { padding: 0; margin: 0 0 .75rem; }
        .choice {
          display: flex; gap: .75rem; align-items: flex-start; padding: .8rem 1rem; margin: 0 0 .6rem; font-weight: 400;
          border: 1px solid var(--field); border-radius: .35rem; cursor: pointer; overflow-wrap: anywhere;
        }
        .choice:hover { background: var(--wash); }
        .choice:has(:checked) { border-color: var(--blue); box-shadow: inset 0 0 0 1px var(--blue); background: var(--wash); }
        .choice input { flex: none; width: 1.2rem; height: 1.2rem; margin: .17rem 0 0; accent-color: var(--blue); }
        .summary {
          margin: 1rem 0 0; padding: .9rem 1.1rem; background: var(--red-wash); border: 1px solid var(--red);
          border-left-width: .35rem; border-radius: .35rem;
        }
        .summary h2 { margin: 0 0 .25rem; font-size: 1rem; color: var(--red); }
        .summary p, .summary ul { margin: 0; padding: 0; list-style: none; }
        .summary a { color: inherit; }
        dl { margin: 1.25rem 0 0; }
        dt { color: var(--soft); font-size: .9rem; }
        dd { margin: 0 0 .9rem; font-weight: 600; overflow-wrap: anywhere; }
        .services { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
        .services li { border-bottom: 1px solid var(--line); }
        .services a { display: block; padding: .75rem 0; font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
        .services a:hover { background: var(--wash); text-decoration: underline; }
        .parts, .cards { margin: 1.5rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
        .parts > li, .cards > li { padding: .9rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        .parts a { font-weight: 600; }
        .parts p { margin: .15rem 0 0; color: var(--soft); font-size: .95rem; }
        .cards h2 { margin: 0 0 .25rem; }
        .cards h3 { margin: .75rem 0 .25rem; font-size: .95rem; }
        .cards p { margin: 0 0 .25rem; font-size: .95rem; }
        .cards ul { margin: 0; padding-left: 1.2rem; font-size: .95rem; }
        .cards form { margin: .5rem 0 0; }
        .mark { color: var(--soft); font-weight: 600; }
        .notice {
          margin: 1rem 0 0; padding: .9rem 1.1rem; background: var(--wash); border: 1px solid var(--blue);
          border-left-width: .35rem; border-radius: .35rem;
        }
        .way { margin: 2rem 0 0; }
        .reference { margin-top: 1.5rem; color: var(--soft); font-size: .9rem; }
        .reference code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
        footer { padding: 1rem 1.25rem; color: var(--soft); font-size: .85rem; border-top: 1px solid var(--line); }
        footer p { margin: 0 auto; text-align: center; }
        .skip { position: absolute; left: -100vw; top: 0; padding: .6rem 1rem; background: var(--card); z-index: 1; }
        .skip:focus { left: 0; }
        @media print { header a, form { display: none; } }

        """
}

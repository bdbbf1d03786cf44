// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleServer owns the edge: routes, pages, cookies, headers, rate limits. A route decodes a request, calls one use
// case and encodes its outcome; no rule lives here. Hummingbird is known to one file only, so that every route is
// a plain function from `WebRequest` to `WebResponse` which tests call without a socket.

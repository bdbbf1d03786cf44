// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleOIDC owns OpenID Connect and OAuth 2: requests, sign-in steps, sessions, grants, tokens, discovery, logout.
// It refuses to know HTTP (forms come in as names and values, outcomes go out as values) and how records are stored.

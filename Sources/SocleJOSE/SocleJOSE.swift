// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleJOSE owns compact JWS and JWE, JWK, JWK sets, thumbprints and the time and audience checks of JWT: bytes in,
// verified claims out. A token is `UnverifiedToken` or `EncryptedToken` until a key and an algorithm chosen by the caller
// have passed it. It refuses to know where keys come from, what a claim means, and what time it is.

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleJSON owns JSON text: a strict, bounded reader and a compact writer.
// It refuses what an identity server must not guess about: duplicate members, invalid UTF-8, lone surrogates,
// numbers beyond Int64 without a fraction, depth and size beyond the caller's limits. It knows no protocol.

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleIdentity owns who and when: patients, professionals, structures, their national identifiers (INS, RPPS,
// FINESS) checked at construction, coded concepts, instants and periods. It refuses to know what anyone may do.

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleAccess owns the decision point: a question is verified, its facts gathered, decided by the policies in force,
// journalled, and answered. It refuses to know HTTP and SQL, and no rule of its own may permit anything.

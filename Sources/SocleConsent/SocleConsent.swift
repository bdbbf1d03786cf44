// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleConsent owns what a patient's team and choices are and what of them holds at an instant: memberships with
// their legal basis, oppositions, blocks, masks, consents and mandates, compiled into flat, dated facts. It refuses
// to know whether an access is allowed, and how records are kept.

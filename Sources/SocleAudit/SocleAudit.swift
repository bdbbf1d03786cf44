// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleAudit owns the journal: its entries, their hash chain, checkpoints and verification, and the seam by which
// every other module commits a change together with its entry (the commit lane). It knows no SQL and no HTTP.

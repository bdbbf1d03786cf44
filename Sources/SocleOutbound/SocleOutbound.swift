// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// Outgoing HTTP, bounded and guarded: every call Socle makes to an address somebody else chose goes through here
/// (DESIGN 5: `jwks_uri`, `request_uri`, `sector_identifier_uri`, logout addresses, event receivers, upstreams).
///
/// It owns the sockets it opens and the check of their addresses; it refuses to know what is fetched or told, and it
/// neither follows nor retries. Sole importer of `CCurl`.
enum SocleOutbound {}

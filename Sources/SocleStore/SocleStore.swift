// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleStore implements the record protocols of the domain modules on SQLite (GRDB) or PostgreSQL (libpq), with one
// set of SQL. It owns the migrations and the commit lane's thread. It decides nothing: no rule lives here.

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleStore owns the tables: the record protocols of the domain modules, written once in SQL for two drivers
// (SQLite and PostgreSQL, each through its own C library), the migrations, and the commit lane that applies changes with
// their journal entry. It decides nothing: a rule found here is in the wrong place.

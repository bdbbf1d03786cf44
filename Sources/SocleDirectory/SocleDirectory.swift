// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleDirectory answers "is this person who they say" from an establishment's LDAP directory. It is the sole importer
// of CLDAP: no handle leaves it. It knows neither sessions nor second factors: a directory is one factor, never two.

// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

// Swift has neither variadic functions nor casts of numbers to function pointers.

/// Before any other call, once: no lock around each allocation to count it, none around each connection, since a
/// connection of ours is used by one thread at a time.
static inline int socle_sqlite_configure(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) : code;
}

/// SQLite copies the bytes before returning.
static inline int socle_sqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_text(statement, index, (const char *)bytes, count, SQLITE_TRANSIENT);
}

static inline int socle_sqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count) {
    return sqlite3_bind_blob(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// The shared memory of the WAL index of a connection's main database; NULL when there is none. It stays where it is for as
/// long as the connection is open in WAL mode.
static inline const void *socle_sqlite_wal_index(sqlite3 *connection) {
    sqlite3_file *file = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file) return 0;
    if (!file->pMethods || file->pMethods->iVersion < 2) return 0;
    volatile void *region = 0;
    if (file->pMethods->xShmMap(file, 0, 32768, 0, &region) != SQLITE_OK) return 0;
    return (const void *)region;
}

/// The header of the WAL index as a transaction that began now would read it: 48 bytes, written twice, the second copy
/// first (https://www.sqlite.org/walformat.html, section 2.1). Its third word counts the commits.
/// Returns 0 when a writer is at it.
static inline int socle_sqlite_wal_header(const void *index, uint32_t header[12]) {
    const volatile uint32_t *shared = (const volatile uint32_t *)index;
    uint32_t again[12];
    for (int word = 0; word < 12; word++) header[word] = shared[word];
    __sync_synchronize();
    for (int word = 0; word < 12; word++) again[word] = shared[12 + word];
    // The byte after the count says that the header is made.
    return memcmp(header, again, sizeof again) == 0 && (header[3] & 0xFF) != 0;
}

# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""The store of a demo, seen from outside: row counts, the journal's rows, and a copy to tamper with."""

import shutil
import sqlite3
from pathlib import Path


def database_file(data):
    """The SQLite file of a data directory, found by its first bytes."""
    for path in sorted(Path(data).rglob("*")):
        if path.is_file() and not path.name.endswith(("-wal", "-shm")):
            with open(path, "rb") as file:
                if file.read(16) == b"SQLite format 3\0":
                    return path
    raise RuntimeError(f"no SQLite file in {data}")


def connect(data, writable=False):
    mode = "rw" if writable else "ro"
    return sqlite3.connect(f"file:{database_file(data)}?mode={mode}", uri=True, isolation_level=None)


def tables(connection):
    rows = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return [name for name, in rows]


def row_counts(data):
    connection = connect(data)
    try:
        connection.execute("BEGIN")
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in tables(connection)}
    finally:
        connection.close()


def grown(before, after, allowed=()):
    """Tables whose number of rows changed, but for those allowed to."""
    return {name: (before.get(name, 0), count) for name, count in after.items()
            if count != before.get(name, 0) and not any(word in name for word in allowed)}


def columns(connection, table):
    return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def journal_table(connection):
    """The table of entries: (its name, its chain, sequence and body columns)."""
    for table in tables(connection):
        found = columns(connection, table)
        chain = next((c for c in found if c in ("chain", "chain_id")), None)
        sequence = next((c for c in found if c in ("sequence", "seq")), None)
        body = next((c for c in found if c == "body"), None)
        if chain and sequence and body:
            return table, chain, sequence, body
    raise RuntimeError("no table of journal entries found")


def journal_positions(data):
    """The (chain, sequence) of each entry."""
    connection = connect(data)
    try:
        table, chain, sequence, _ = journal_table(connection)
        return set(connection.execute(f'SELECT "{chain}", "{sequence}" FROM "{table}"'))
    finally:
        connection.close()


def copy(data, to):
    """A copy of a stopped server's directory, for tampering."""
    shutil.copytree(data, to)
    return Path(to)

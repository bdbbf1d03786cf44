# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures what sessions cost: memory after 100,000 of them were used, and a start over ten million stored ones.

    .build-venv/bin/python Tests/Benchmark/sessions.py [--socle BINARY] [--used 100000] [--stored 10000000]

The sessions are copies, written to the store, of one made through the pages. Each one used signs its browser in
silently at an application (`prompt=none`): a grant, a code and a journal entry. The stored ones are half of them
expired; the server then starts over them, and deletes those in its own steps.
"""

import argparse
import base64
import hashlib
import os
import re
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

import run                          # noqa: E402  (puts the harness on the path)
import flows
import harness

USE = """
local cookies, at = {{}}, 0
for line in io.lines("{cookies}") do cookies[#cookies + 1] = line end
request = function()
  at = at % #cookies + 1
  return wrk.format("GET", nil, {{ ["Cookie"] = "{name}=" .. cookies[at] }})
end
local codes = 0
response = function(status, headers, body)
  if (headers["Location"] or ""):match("[?&]code=") then codes = codes + 1; wrk.thread:set("codes", codes) end
end
local threads = {{}}
setup = function(thread) table.insert(threads, thread) end
done = function() for _, thread in ipairs(threads) do print("codes " .. (thread:get("codes") or 0)) end end
"""

INSERT = """
INSERT INTO sessions SELECT ?, ?, subject, authenticated_at, methods, acr, situation, last_seen, expires, ended_at
FROM sessions WHERE id = ?
"""

# Half of them expired a year ago: a session outlasts the tokens that rest on it.
INSERT_MANY = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO sessions SELECT hex(randomblob(16)), hex(randomblob(16)), subject, authenticated_at, methods, acr, situation,
    last_seen, expires - (n % 2) * 365 * 86400000, ended_at
FROM numbers CROSS JOIN (SELECT * FROM sessions WHERE id = ?)
"""


def token():
    return base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()


def digest(cookie):
    return base64.urlsafe_b64encode(hashlib.sha256(cookie.encode()).digest()).rstrip(b"=").decode()


def open_store(data):
    return sqlite3.connect(data / "socle.db", timeout=60)


def used(folder, count):
    """A server's memory before and after that many sessions signed their browsers in."""
    data = folder / "used"
    demo = harness.Demo(data)
    try:
        person = flows.Person(demo)
        client = flows.register(demo, "benchmark-web", "basic")
        name, cookie = next((c.name, c.value) for c in person.browser.session.cookies if c.name.endswith("session"))
        cookies = [token() for _ in range(count)]
        store = open_store(data)
        origin = store.execute("SELECT id FROM sessions WHERE cookie_digest = ?", (digest(cookie),)).fetchone()[0]
        with store:
            store.executemany(INSERT, ((token(), digest(one), origin) for one in cookies))
        store.close()
        (folder / "cookies").write_text("\n".join(cookies))
        lua = folder / "use.lua"
        lua.write_text(USE.format(cookies=folder / "cookies", name=name))
        url = demo.issuer.replace("localhost", "127.0.0.1") + flows.authorize(client["client_id"], prompt="none")
        before, spent = run.resident(demo.process.pid), run.processor_seconds(demo.process.pid)
        done, began = 0, time.monotonic()
        while done < count:
            out = subprocess.run(["wrk", "-t1", "-c32", "-d10s", "-s", str(lua), url], check=True, capture_output=True,
                                 text=True).stdout
            codes = int(re.search(r"(?m)^codes (\d+)", out)[1])
            if "Non-2xx" in out or codes == 0:
                raise SystemExit(f"not every session was signed in:\n{out}")
            done += codes
            # The next run goes on with the sessions that this one did not reach.
            cookies = cookies[codes:] or cookies
            (folder / "cookies").write_text("\n".join(cookies))
        seconds = time.monotonic() - began
        each = (run.processor_seconds(demo.process.pid) - spent) * 1e6 / done
        time.sleep(2)
        after = run.resident(demo.process.pid)
        print(f"{count:,} sessions used: {done:,} silent authorizations in {seconds:.0f} s, {each:.0f} µs of CPU each; "
              f"resident {before[0]:.0f} MB before ({before[1]:.0f} anonymous), {after[0]:.0f} MB after "
              f"({after[1]:.0f} anonymous).", flush=True)
        return data, origin
    finally:
        demo.stop()


def started(data):
    """(seconds until the server listens, MB it had read by then, resident MB, the server)"""
    demo = harness.Demo(data)
    pid = demo.process.pid
    read = int(re.search(r"rchar: (\d+)", Path(f"/proc/{pid}/io").read_text())[1]) / (1 << 20)
    return demo.seconds_to_listen, read, run.resident(pid)[0], demo


def stored(data, origin, count):
    """A start over few sessions, and over as many as asked, in turn; then the first steps of expiry."""
    seconds, read, resident, demo = started(data)
    demo.stop()
    print(f"Start over the sessions above: listening after {seconds:.2f} s, {read:.1f} MB read, {resident:.0f} MB resident.")
    store = open_store(data)
    # Rows in no order: without the index in memory, each would wait for the disk.
    store.execute("PRAGMA cache_size = -4000000")
    began = time.monotonic()
    with store:
        store.execute(INSERT_MANY, (count, origin))
    total = store.execute("SELECT count(*) FROM sessions").fetchone()[0]
    size = (data / "socle.db").stat().st_size / (1 << 30)
    print(f"{count:,} more written in {time.monotonic() - began:.0f} s: {total:,} rows, a file of {size:.1f} GB.", flush=True)
    for turn in range(3):
        # What the system kept of the file is given up where it can be: the start reads the disk.
        descriptor = os.open(data / "socle.db", os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
        seconds, read, resident, demo = started(data)
        print(f"Start {turn + 1} over {total:,} sessions: listening after {seconds:.2f} s, {read:.1f} MB read, "
              f"{resident:.0f} MB resident.", flush=True)
        if turn < 2:
            demo.stop()
    first, watched = store.execute("SELECT count(*) FROM sessions").fetchone()[0], time.monotonic()
    time.sleep(60)
    last = store.execute("SELECT count(*) FROM sessions").fetchone()[0]
    print(f"Expiry took {first - last:,} sessions away in {time.monotonic() - watched:.0f} s while serving.")
    store.close()
    demo.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socle", help="the executable to measure (default: .build-release/release/socle)")
    parser.add_argument("--used", type=int, default=100_000)
    parser.add_argument("--stored", type=int, default=10_000_000)
    arguments = parser.parse_args()
    os.environ["SOCLE_BIN"] = str(Path(arguments.socle or run.ROOT / ".build-release/release/socle").resolve())
    with tempfile.TemporaryDirectory(prefix="socle-sessions-") as folder:
        data, origin = used(Path(folder), arguments.used)
        stored(data, origin, arguments.stored)


if __name__ == "__main__":
    main()

# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures durable decisions over a small and a large region: single and by fifty, from memory and not.

    .build-venv/bin/python Tests/Benchmark/decisions.py [--patients 10000,20000,1000000] [--working-set 20000]
        [--data FOLDER] [--seconds 8]

Prints a Markdown table. Each figure is the median of several starts of a server, the regions by turns, each warmed up by
as long a run as the measured one. A working set is as many patients in each region, spread over it, drawn by Zipf's law
with exponent 0.99, and is asked about in the regions that have as many; `uniform` draws from all of any. The bare route
is the same request with the same body and no token: its body is read, and it is refused before anything else.
"""

import argparse
import bisect
import itertools
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import run                          # noqa: E402  (puts the harness on the path)
import harness                      # noqa: E402
import requests                     # noqa: E402

FIRST = 1001            # the crowd's patients are numbered from here on
PLACE = {"situation": "STR-CAB-MOREL", "method": "psc", "acr": "eidas1"}


def subject(demo):
    """The professional of a question of the demonstration: a real one of the region."""
    return next(q["request"]["subject"] for q in demo.about["questions"] if q["expected"])


def question(demo, patient):
    return {"subject": subject(demo), "action": {"name": "read"},
            "resource": {"type": "document", "id": "DOC-1", "properties": {
                "patient": patient, "type_code": "15507-7", "author": "899700100063", "author_structure": "STR-CH-VDM",
                "confidentiality": ["N"], "created": "2025-08-20T08:00:00+02:00"}},
            "context": {"purpose": "TREAT"}}


def drawn(patients, count, size=None, seed=20261102):
    """`count` patient numbers of a region of that size: of a working set, or of all."""
    source = random.Random(seed)
    if size is None:
        return [FIRST + source.randrange(patients) for _ in range(count)]
    weights = list(itertools.accumulate(1 / rank ** 0.99 for rank in range(1, size + 1)))
    ranks = list(range(size))
    source.shuffle(ranks)
    step = patients // size
    return [FIRST + ranks[bisect.bisect_left(weights, source.random() * weights[-1])] * step for _ in range(count)]


def script(folder, demo, token, numbers, batch):
    """A Lua script for wrk that asks about those patients by turns, `batch` in one request."""
    path, marker = folder / "decisions.lua", "PAT-@"
    one = json.dumps(question(demo, marker), ensure_ascii=False)
    (folder / "numbers").write_text("\n".join(map(str, numbers)))
    before, after = one.split("@")
    headers = '["Content-Type"] = "application/json"'
    if token:
        headers += f', ["Authorization"] = "Bearer {token}"'
    build = "body = one()" if batch == 1 else (
        f"local items = {{}} for i = 1, {batch} do items[i] = one() end\n"
        '  body = \'{"evaluations":[\' .. table.concat(items, ",") .. "]}"')
    target = "/access/v1/evaluation" if batch == 1 else "/access/v1/evaluations"
    path.write_text(f"""
local numbers, at = {{}}, 0
for line in io.lines("{folder}/numbers") do numbers[#numbers + 1] = line end
local function one()
  at = at % #numbers + 1
  return [==[{before}]==] .. numbers[at] .. [==[{after}]==]
end
local headers = {{ {headers} }}
request = function()
  local body
  {build}
  return wrk.format("POST", "{target}", headers, body)
end
""")
    return path


def load(demo, lua, seconds, connections, refused=False):
    before = run.processor_seconds(demo.process.pid)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(lua),
         demo.issuer.replace("localhost", "127.0.0.1")], capture_output=True, text=True, check=True)
    spent = run.processor_seconds(demo.process.pid) - before
    out = done.stdout
    if "Socket errors" in out or ("Non-2xx" in out) != refused:
        raise SystemExit(f"the answers were not what they should be:\n{out}")
    count = int(re.search(r"(\d+) requests in", out)[1])
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            run.milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out)[1]),
            run.milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out)[1]), spent * 1e6 / count)


class Served:
    """A demonstration started on a region loaded before; its last line tells of its memory."""

    def __init__(self, data, facts_memory=None):
        # One application asks everything here, by fifty more than its rate by default.
        extra = ["--rate", "1000000"] + ([] if facts_memory is None else ["--facts-memory", str(facts_memory)])
        self.demo = harness.Demo(data, arguments=extra)
        client = self.demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
        self.token = lambda: run.application_token(self.demo, client)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.demo.process.poll() is None:
            self.demo.stop()

    def stop(self):
        """(hit rate, MB of facts kept, resident MB, anonymous MB)"""
        resident = run.resident(self.demo.process.pid)
        self.demo.stop()
        told = json.loads(re.findall(r'(?m)^\{"facts_memory".*$', self.demo.log_tail())[-1])["facts_memory"]
        asked = told["hits"] + told["misses"]
        return told["hits"] / max(asked, 1), told["bytes"] / (1 << 20), *resident


def measured(arguments, folder, data, numbers, batch=1, bare=False, **options):
    """One start: (requests/s, p50, p99, CPU, hit rate, MB of facts, resident MB)"""
    with Served(data, **options) as served:
        lua = script(folder, served.demo, None if bare else served.token(), numbers, batch)
        load(served.demo, lua, arguments.seconds, arguments.connections, refused=bare)
        figures = load(served.demo, lua, arguments.seconds, arguments.connections, refused=bare)
        return *figures, *served.stop()[:3]


def rows(arguments, folder, regions):
    """The table, and how far the largest region is from the smallest that each row has.

    - regions: number of patients -> folder.
    """
    size = arguments.working_set
    working = {patients: drawn(patients, 200_000, size) for patients in regions if patients >= size}
    uniform = {patients: drawn(patients, 200_000) for patients in regions}
    kinds = [("bare route, same body", uniform, {"bare": True}),
             (f"single, working set of {size:,}", working, {}),
             (f"by fifty, working set of {size:,}", working, {"batch": 50}),
             ("single, uniform", uniform, {}),
             ("single, uniform, no memory", uniform, {"facts_memory": 0})]
    apart = []
    for name, numbers, options in kinds:
        starts = {patients: [] for patients in numbers}
        for _ in range(arguments.starts):
            for patients in numbers:
                starts[patients].append(measured(arguments, folder, regions[patients], numbers[patients], **options))
        medians = {patients: [statistics.median(column) for column in zip(*runs)] for patients, runs in starts.items()}
        for patients, (rate, p50, p99, cpu, hit, kept, resident) in medians.items():
            lowest, highest = min(run[0] for run in starts[patients]), max(run[0] for run in starts[patients])
            print(f"| {patients:,} | {name} | {rate:,.0f} [{lowest:,.0f}–{highest:,.0f}] | {p50:.2f} | {p99:.2f} | "
                  f"{cpu:,.0f} | {'-' if options.get('bare') else f'{hit:.1%}'} | {kept:,.0f} | {resident:,.0f} |",
                  flush=True)
        small, large = medians[min(numbers)], medians[max(numbers)]
        apart.append(f"{name}, {max(numbers):,} patients against {min(numbers):,}: {large[0] / small[0] - 1:+.0%} of the "
                     f"rate, {large[3] / small[3] - 1:+.0%} of the CPU")
    print("\n" + "; ".join(apart) + ".", flush=True)


def everyone_kept(arguments, folder, data, patients):
    """Asks once about each patient of the region, all facts kept."""
    with Served(data, facts_memory=8192) as served:
        batches, asked = [], time.monotonic()
        session, token = requests.Session(), served.token()
        for first in range(FIRST, FIRST + patients, 50):
            items = [question(served.demo, f"PAT-{number}") for number in range(first, min(first + 50, FIRST + patients))]
            if len(batches) % 2000 == 0:
                token = served.token()
            batches.append(session.post(
                f"{served.demo.issuer}/access/v1/evaluations", json={"evaluations": items},
                headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code)
        if set(batches) != {200}:
            raise SystemExit(f"the answers were not all 200: {set(batches)}")
        seconds = time.monotonic() - asked
        _, kept, resident, anonymous = served.stop()
        print(f"\nThe facts of all {patients:,} patients kept: {kept:,.0f} MB by the server's own estimate, "
              f"{resident:,.0f} MB resident ({anonymous:,.0f} anonymous); asked in {seconds:.0f} s.")


def withdrawal(folder, data):
    """From a withdrawal committed by another process to its effect: the first answer asked after it."""
    with Served(data) as served:
        session, token = requests.Session(), served.token()
        store = sqlite3.connect(data / "socle.db", isolation_level=None, timeout=10)
        expected = next(q["request"] for q in served.demo.about["questions"] if q["expected"])
        patient = expected["resource"]["properties"]["patient"]

        def ask():
            began = time.monotonic()
            answer = session.post(f"{served.demo.issuer}/access/v1/evaluation", json=expected,
                                  headers={"Authorization": f"Bearer {token}"}, timeout=20).json()
            return answer["context"]["reason"], (time.monotonic() - began) * 1000

        times, late, begun = [], 0, int(time.time() * 1000) - 1000
        for version in range(1, 201):
            opposed = version % 2 == 1
            for _ in range(3):
                ask()
            store.execute("BEGIN IMMEDIATE")
            store.execute(
                "INSERT INTO choices (patient, id, version, kind, details, period_start, period_end, recorded_at, "
                "recorded_by, evidence) VALUES (?, ?, ?, 'opposition_sharing', '{}', ?, ?, ?, NULL, NULL)",
                (patient, f"benchmark-{begun}", version, begun - 1000, None if opposed else begun, begun))
            store.execute("UPDATE record_revisions SET revision = revision + 1 WHERE kind = 'patient' AND id = ?",
                          (patient,))
            store.execute("COMMIT")
            reason, took = ask()
            late += (reason == "opposition") != opposed
            times.append(took)
        print(f"\nFrom a withdrawal committed by another process to an answer that rests on it, 200 times: the first "
              f"answer asked for always did ({late} did not); it took {statistics.median(times):.1f} ms "
              f"(p99 {sorted(times)[197]:.1f} ms) to ask for it and read it.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socle", help="the executable to measure (default: .build-release/release/socle)")
    parser.add_argument(
        "--patients", default="10000,20000,1000000", help="sizes of the regions, separated by commas")
    parser.add_argument("--working-set", type=int, default=20_000, help="patients; the largest region has as many")
    parser.add_argument("--data", help="a folder for the regions, kept and used again")
    parser.add_argument("--starts", type=int, default=3, help="of a server for each figure")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--connections", type=int, default=32)
    arguments = parser.parse_args()
    os.environ["SOCLE_BIN"] = str(Path(arguments.socle or run.ROOT / ".build-release/release/socle").resolve())
    with tempfile.TemporaryDirectory(prefix="socle-decisions-") as temporary:
        folder = Path(temporary)
        home = Path(arguments.data or folder)
        home.mkdir(parents=True, exist_ok=True)
        sizes = [int(size) for size in arguments.patients.split(",")]
        if max(sizes) < arguments.working_set:
            parser.error(f"no region has {arguments.working_set:,} patients to ask about")
        for size in sizes:
            began = time.monotonic()
            loaded = harness.Demo(home / str(size), arguments=["--more-patients", str(size)], patience=3600)
            loaded.stop()
            print(f"{size:,} patients loaded in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        print("| patients | questions | requests/s | p50 ms | p99 ms | server CPU µs/request | found in memory | "
              "facts kept MB | resident MB |")
        print("|---|---|---|---|---|---|---|---|---|")
        rows(arguments, folder, {size: home / str(size) for size in sizes})
        everyone_kept(arguments, folder, home / str(max(sizes)), max(sizes))
        withdrawal(folder, home / str(min(sizes)))
        print(f"\nLoad average {os.getloadavg()[0]:.1f} at the end.", file=sys.stderr)


if __name__ == "__main__":
    main()

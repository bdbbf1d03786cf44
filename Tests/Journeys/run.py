# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Runs the acceptance journeys one after another, each in a process and a data directory of its own.

    .build-venv/bin/python Tests/Journeys/run.py [--socle BINARY] [--summary FILE] [NAME]...

The last line is `N passed, N failed`, counting checks; with --summary it goes to that file instead.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
JOURNEYS = [
    "policies", "demo", "serve", "authzen", "fhir", "emergencies", "authlib_client", "apache", "account", "oidc_agent",
    "idpyoidc_client", "operation", "durability", "freshness"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--socle", help="the executable under test (default: .build/debug/socle)")
    parser.add_argument("--summary", help="where to write the last line")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(JOURNEYS))
    arguments = parser.parse_args()
    for name in arguments.names:
        if name not in JOURNEYS:
            parser.error(f"no journey `{name}`; there are {', '.join(JOURNEYS)}")

    environment = dict(os.environ)
    if arguments.socle:
        environment["SOCLE_BIN"] = str(Path(arguments.socle).resolve())
    passed = failed = 0
    for name in arguments.names or JOURNEYS:
        started = time.monotonic()
        with tempfile.NamedTemporaryFile(prefix="socle-counts-") as counts:
            process = subprocess.Popen(
                [sys.executable, HERE / f"{name}.py", "--counts", counts.name], env=environment,
                stdin=subprocess.DEVNULL)

            def interrupted(number, _):
                process.terminate()
                process.wait(30)
                raise SystemExit(128 + number)

            signal.signal(signal.SIGTERM, interrupted)
            try:
                code = process.wait(600)
            except subprocess.TimeoutExpired:
                process.terminate()
                code = process.wait(30)
                print(f"  FAIL  {name} took more than ten minutes")
            numbers = Path(counts.name).read_text().split() or ["0", "1"]
        good, bad = map(int, numbers)
        if code != 0 and bad == 0:
            bad = 1
        passed, failed = passed + good, failed + bad
        print(f"journey: {name} made {good + bad} checks, {bad} not held, in {time.monotonic() - started:.1f} s\n",
              flush=True)
    line = f"{passed} passed, {failed} failed"
    if arguments.summary:
        Path(arguments.summary).write_text(line + "\n")
    else:
        print(line)
    raise SystemExit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()

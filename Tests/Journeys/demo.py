# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (g): a newcomer's first minutes. What `socle demo` prints is read and pasted as a person would; its folder is
used again; nobody else on the network reaches it.
"""

import os
import re
import subprocess
import time
from pathlib import Path

from harness import run_journey, run_socle, socle_binary, spawn, stop


class Terminal:
    """A `socle demo` without --json: its output in a file, read as it comes."""

    def __init__(self, journey, name, *arguments):
        self.path = journey.folder / f"{name}.log"
        with open(self.path, "wb") as log:
            self.process = spawn([socle_binary(), "demo", "--port", "0", *map(str, arguments)], stdout=log, stderr=log,
                                 cwd="/", env={**os.environ, "TMPDIR": str(journey.folder)})
        journey.cleanup.callback(stop, self.process)
        limit = time.monotonic() + 60
        # The text is printed at once: its last line is a question.
        while self.text.count("curl ") < 3 or not self.text.endswith("\n"):
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"`socle demo` did not start: {self.text}")
            time.sleep(0.05)

    @property
    def text(self):
        return self.path.read_text(errors="replace")

    @property
    def port(self):
        return int(re.search(r"listening on http://localhost:(\d+)", self.text)[1])

    @property
    def people(self):
        """The login and password of each account."""
        return re.findall(r"^  ([a-z.]+)  +([a-z2-7]{4}(?:-[a-z2-7]{4}){3})  ", self.text, re.M)


def listening(port):
    """The addresses, as the kernel writes them, on which something listens on that port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state = line.split()[:4]
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                found.add(address)
    return found


def journey_body(journey):
    data = journey.folder / "region"
    first = Terminal(journey, "first", "--data", data)
    journey.check("it prints at least five accounts with their passwords", len(first.people) >= 5, first.text)
    journey.equal("it listens on 127.0.0.1 alone", listening(first.port), {"0100007F"})
    mode = (data / "demo.json").stat().st_mode & 0o777
    journey.equal("its secrets are for its owner alone", oct(mode), "0o600")

    pasted = first.text[first.text.index("  TOKEN="):]
    done = subprocess.run(["bash", "-c", pasted], capture_output=True, text=True, timeout=60, cwd="/")
    answers = re.findall(r'"decision":(true|false).*?"reason":"(\w+)"', done.stdout)
    journey.check("the lines pasted give a permit and a refusal, each with its reason",
                  [decision for decision, _ in answers] == ["true", "false"], (done.stdout, done.stderr))

    login = first.people[0][0]
    code, out, error = run_socle("demo", "code", login, "--data", data)
    journey.check("`socle demo code` gives a code", code == 0 and re.fullmatch(r"\d{6}\n", out), (code, out, error))
    code, out, error = run_socle("demo", "code", "nobody", "--data", data)
    journey.check("an account that is not there is refused with those that are", code == 1 and login in error, error)
    journey.equal("stopped, it ends with 0", stop(first.process), 0)

    second = Terminal(journey, "second", "--data", data)
    journey.equal("the same folder has the same accounts and passwords", second.people, first.people)
    stop(second.process)
    code, out, error = run_socle("journal", "verify", "--data", data)
    journey.check("its journal verifies", code == 0, out + error)

    other = journey.folder / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    code, out, error = run_socle("demo", "--port", "0", "--data", other)
    journey.check("a folder that holds something else is refused, and left as it is",
                  code == 1 and "something else" in error and os.listdir(other) == ["notes.txt"], (code, error))

    third = Terminal(journey, "temporary")
    folder = Path(re.search(r"Data, removed at exit: (\S+)", third.text)[1])
    journey.check("without --data the folder is temporary", folder.is_dir() and folder.parent == journey.folder, folder)
    stop(third.process)
    journey.check("and gone at the end", not folder.exists())


if __name__ == "__main__":
    run_journey("demo", journey_body)

# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (d): an answer leaves only after its journal entry is on the disk.

First watched with strace: between the write of the entry to the write-ahead log and the answer on the socket lies a
completed `fdatasync`. Then by violence: the server is killed under load, and each decision that was answered must be
found in a journal that still verifies.
"""

import os
import re
import signal
import threading
import time

import requests

import store
from harness import run_journey, run_socle
from operation import client_token

CALLS = "read,recvfrom,write,writev,sendto,sendmsg,pwrite64,pwritev,fdatasync,fsync"
LINE = re.compile(r"^(?P<pid>\d+)\s+(?P<rest>.*)$")


def calls(path):
    """The traced calls in order of completion: (name, arguments, began, ended), line numbers for clocks."""
    pending, done = {}, []
    for number, line in enumerate(open(path, errors="replace")):
        found = LINE.match(line)
        if not found:
            continue
        pid, rest = found["pid"], found["rest"]
        if rest.rstrip().endswith("<unfinished ...>"):
            name = rest.split("(", 1)[0]
            pending[pid] = (name, rest.rsplit("<unfinished", 1)[0], number)
        elif resumed := re.match(r"<\.\.\. (\w+) resumed>(.*)$", rest):
            if pid in pending:
                name, start, began = pending.pop(pid)
                done.append((name, start + resumed[2], began, number))
        elif match := re.match(r"(\w+)\((.*)$", rest):
            done.append((match[1], match[2], number, number))
    return done


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return int(file.read().split()[0])


def observed(journey):
    trace = journey.folder / "trace"
    demo = journey.demo("traced", wrapper=[
        "strace", "-f", "-yy", "-s", "1500", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)])
    server = child_of(demo.process.pid)
    journey.cleanup.callback(lambda: kill_quietly(server))
    client = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
    token = client_token(demo, client)
    question = demo.about["questions"][0]["request"]
    identifiers = []
    for _ in range(3):
        response = requests.post(f"{demo.issuer}/access/v1/evaluation", json=question, timeout=30,
                                 headers={"Authorization": f"Bearer {token}"})
        if not journey.check("a decision is answered under strace", response.status_code == 200, response.text):
            return
        identifiers.append(response.json()["context"]["id"])
        time.sleep(0.3)
    os.kill(server, signal.SIGTERM)
    demo.process.wait(30)
    seen = calls(trace)
    for number, identifier in enumerate(identifiers, 1):
        on_socket = [(began, name) for name, arguments, began, _ in seen
                     if name in ("write", "writev", "sendto", "sendmsg") and "TCP" in arguments.split(",", 1)[0]
                     and identifier in arguments]
        if not journey.check(f"decision {number}: its answer is seen on the socket", len(on_socket) == 1,
                             f"{identifier}: {on_socket}"):
            continue
        answered = on_socket[0][0]
        asked = max((ended for name, arguments, _, ended in seen
                     if name in ("read", "recvfrom") and "POST /access/v1/evaluation" in arguments
                     and ended < answered), default=None)
        journey.check(f"decision {number}: its request too", asked is not None)
        written = [ended for name, arguments, began, ended in seen
                   if name in ("pwrite64", "pwritev") and "-wal" in arguments.split(",", 1)[0]
                   and (asked or 0) < began and ended < answered]
        journey.check(f"decision {number}: its entry is written to the log before it is answered", written)
        synced = [(began, ended) for name, arguments, began, ended in seen
                  if name in ("fdatasync", "fsync") and "-wal" in arguments.split(",", 1)[0]
                  and re.search(r"=\s*0\b", arguments) and written and began > max(written) and ended < answered]
        journey.check(f"decision {number}: and a completed fdatasync lies between", synced,
                      f"asked {asked}, written {written}, answered {answered}")


def kill_quietly(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def killed_under_load(journey):
    demo = journey.demo("killed")
    client = demo.client(grant="client_credentials", scopes=["access:evaluate", "access:assert"])
    token = client_token(demo, client)
    questions = [q["request"] for q in demo.about["questions"]]
    answered, lock, ending = [], threading.Lock(), threading.Event()

    def load(offset):
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        turn = offset
        while not ending.is_set():
            turn += 1
            try:
                response = session.post(f"{demo.issuer}/access/v1/evaluation", json=questions[turn % len(questions)],
                                        timeout=10)
                identifier = response.json()["context"]["id"] if response.status_code == 200 else None
            except (requests.RequestException, ValueError, KeyError):
                return
            if identifier:
                with lock:
                    answered.append(identifier)

    threads = [threading.Thread(target=load, args=(n,), daemon=True) for n in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(4)
    demo.process.kill()
    demo.process.wait()
    ending.set()
    for thread in threads:
        thread.join(15)
    journey.check(f"{len(answered)} decisions were answered before the server was killed", len(answered) > 20)

    code, out, error = run_socle("journal", "verify", "--data", demo.data, timeout=120)
    journey.check("the journal of the killed server verifies", code == 0, out + error)
    # A decision's id is the place of its entry: `chain:sequence`.
    entries = {f"{chain}:{sequence}" for chain, sequence in store.journal_positions(demo.data)}
    lost = [identifier for identifier in answered if identifier not in entries]
    journey.check("each decision that was answered is in it", not lost, f"{len(lost)} lost: {lost[:5]}")

    again = journey.demo("killed")
    response = requests.post(f"{again.issuer}/access/v1/evaluation", json=questions[0], timeout=30,
                             headers={"Authorization": f"Bearer {client_token(again, client)}"})
    journey.equal("started again on the same directory, it answers", response.status_code, 200)
    journey.equal("and ends with 0", again.stop(), 0)
    code, out, error = run_socle("journal", "verify", "--data", demo.data, timeout=120)
    journey.check("the journal still verifies, the interrupted chain included", code == 0, out + error)


def journey_body(journey):
    observed(journey)
    killed_under_load(journey)


if __name__ == "__main__":
    run_journey("durability", journey_body)

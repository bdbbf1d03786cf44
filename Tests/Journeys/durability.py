# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (d): an answer leaves only after its journal entry is on the disk.

First watched with strace: between the write of the entry to the write-ahead log and the answer on the socket lies a
completed `fdatasync`, for decisions and for choices. Then by violence, on SQLite and on PostgreSQL: the server is killed
under load again and again; each decision that was answered is in a journal that still verifies, and each choice that
was answered is there and obeyed.

    durability.py [--kills N]     # on each store; 2 by default
"""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import requests

from harness import run_journey, socle_binary, spawn, stop, wait_for_port
from serve import Installation, Postgres, postgresql

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


NURSE = "810001234573"
PATIENTS = [f"PAT-K{n}" for n in range(1, 9)]
SCOPES = "system/*.cruds access:evaluate access:assert"


class Region:
    """An installation with one nurse in the team of a few patients, and the application that asks and writes."""

    def __init__(self, journey, name, database):
        self.installation = Installation(journey, name, database)
        self.issuer = self.installation.issuer
        server = self.installation.serve()
        code, out, error = self.installation.run(
            "client", "create", "--id", "dossier", "--json",
            *[word for scope in SCOPES.split() for word in ("--scope", scope)])
        if code != 0:
            raise RuntimeError(error)
        self.secret = json.loads(out)["client_secret"]
        self.authorize()
        self.populate()
        stop(server)

    def authorize(self):
        answer = requests.post(f"{self.issuer}/oauth2/token", timeout=20, auth=("dossier", self.secret),
                               data={"grant_type": "client_credentials", "scope": SCOPES})
        answer.raise_for_status()
        self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def put(self, resource, match=None, session=requests):
        headers = {**self.headers, "Content-Type": "application/fhir+json"}
        if match:
            headers["If-Match"] = f'W/"{match}"'
        return session.put(f"{self.issuer}/fhir/{resource['resourceType']}/{resource['id']}", headers=headers,
                           data=json.dumps(resource), timeout=10)

    def populate(self):
        profession = {"coding": [{"system": "https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/"
                                            "TRE-G15-ProfessionSante", "code": "60"}]}
        resources = [
            {"resourceType": "Organization", "id": "HOME", "name": "Cabinet infirmier"},
            {"resourceType": "Practitioner", "id": NURSE, "name": [{"family": "Nadir"}],
             "identifier": [{"system": "https://rpps.esante.gouv.fr", "value": NURSE[1:]}],
             "qualification": [{"code": profession}]},
            {"resourceType": "PractitionerRole", "id": "ROLE", "practitioner": {"reference": f"Practitioner/{NURSE}"},
             "organization": {"reference": "Organization/HOME"}},
        ]
        for patient in PATIENTS:
            resources += [
                {"resourceType": "Patient", "id": patient, "name": [{"family": "Durand"}], "birthDate": "1948-03-15"},
                {"resourceType": "CareTeam", "id": f"team-{patient}", "status": "active",
                 "subject": {"reference": f"Patient/{patient}"},
                 "participant": [{"member": {"reference": f"Practitioner/{NURSE}"},
                                  "period": {"start": "2026-01-10"}}]},
                consent(f"information-{patient}", patient, {"type": "permit"}, "active", "team-information"),
            ]
        for resource in resources:
            answer = self.put(resource)
            if answer.status_code != 201:
                raise RuntimeError(answer.text)

    def opposition(self, patient, version):
        """The patient opposes at odd versions, and takes it back at even ones."""
        provision = {"type": "deny", "purpose": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "TREAT"}]}
        return consent(f"opposition-{patient}", patient, provision, "active" if version % 2 else "inactive")

    def question(self, patient):
        return {"subject": {"type": "professional", "id": f"rpps:{NURSE}",
                            "properties": {"situation": "HOME", "method": "psc", "acr": "eidas1"}},
                "action": {"name": "read"},
                "resource": {"type": "liaison_note", "id": "N-1", "properties": {"patient": patient}},
                "context": {"purpose": "TREAT"}}

    def ask(self, patient, session=requests):
        return session.post(f"{self.issuer}/access/v1/evaluation", json=self.question(patient), headers=self.headers,
                            timeout=10)


def consent(name, patient, provision, status, kind=None):
    category = [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}]
    if kind:
        category.append({"coding": [{"system": "urn:socle:consent-kind", "code": kind}]})
    return {"resourceType": "Consent", "id": name, "status": status, "patient": {"reference": f"Patient/{patient}"},
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                                  "code": "patient-privacy"}]},
            "category": category, "dateTime": "2026-01-10",
            "policy": [{"uri": "urn:socle:policy:equipe-de-soins:v0"}], "provision": provision}


def observed(journey):
    region = Region(journey, "traced", "{ sqlite: data.db }")
    trace = journey.folder / "trace"
    with open(region.installation.log, "ab") as log:
        process = spawn(["strace", "-f", "-yy", "-s", "4000", "-e", f"trace={CALLS}", "-e", "signal=none", "-o",
                         str(trace), socle_binary(), "serve", "--config", str(region.installation.file)],
                        stdout=log, stderr=log, cwd="/")
    journey.cleanup.callback(stop, process)
    wait_for_port(region.installation.port, process, patience=60)
    server = child_of(process.pid)
    journey.cleanup.callback(lambda: kill_quietly(server))
    region.authorize()
    answers = []
    for turn in (1, 2, 3):
        answer = region.ask("PAT-K1")
        answers.append((f"decision {turn}", "POST /access/v1/evaluation", 200, answer,
                        answer.json().get("context", {}).get("id", "?")))
        time.sleep(0.3)
        name = f"opposition-PAT-K{turn}"
        answers.append((f"choice {turn}", f"PUT /fhir/Consent/{name}", 201,
                        region.put(region.opposition(f"PAT-K{turn}", 1)), name))
        time.sleep(0.3)
    os.kill(server, signal.SIGTERM)
    process.wait(30)
    seen = calls(trace)
    for what, request, status, answer, identifier in answers:
        if not journey.check(f"{what} is answered under strace", answer.status_code == status, answer.text):
            continue
        on_socket = [(began, name) for name, arguments, began, _ in seen
                     if name in ("write", "writev", "sendto", "sendmsg") and "TCP" in arguments.split(",", 1)[0]
                     and identifier in arguments]
        if not journey.check(f"{what}: its answer is seen on the socket", len(on_socket) == 1,
                             f"{identifier}: {on_socket}"):
            continue
        answered = on_socket[0][0]
        asked = max((ended for name, arguments, _, ended in seen
                     if name in ("read", "recvfrom") and request in arguments and ended < answered), default=None)
        journey.check(f"{what}: its request too", asked is not None)
        written = [ended for name, arguments, began, ended in seen
                   if name in ("pwrite64", "pwritev") and "-wal" in arguments.split(",", 1)[0]
                   and (asked or 0) < began and ended < answered]
        journey.check(f"{what}: its entry is written to the log before it is answered", written)
        synced = [(began, ended) for name, arguments, began, ended in seen
                  if name in ("fdatasync", "fsync") and "-wal" in arguments.split(",", 1)[0]
                  and re.search(r"=\s*0\b", arguments) and written and began > max(written) and ended < answered]
        journey.check(f"{what}: and a completed fdatasync lies between", synced,
                      f"asked {asked}, written {written}, answered {answered}")


def kill_quietly(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Load:
    """Questions and choices from several threads until the server is gone; remembers what was answered."""

    def __init__(self, region, versions):
        self.region, self.versions = region, versions
        self.decisions, self.choices, self.under_way, self.refused = [], 0, set(), []
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.asks, args=(n,), daemon=True) for n in range(5)]
        # Each patient's choices come from one thread: their order is known.
        self.threads += [threading.Thread(target=self.chooses, args=(PATIENTS[n::3],), daemon=True) for n in range(3)]
        for thread in self.threads:
            thread.start()

    def asks(self, turn):
        session = requests.Session()
        while not self.ending.is_set():
            turn += 1
            try:
                answer = self.region.ask(PATIENTS[turn % len(PATIENTS)], session)
                identifier = answer.json()["context"]["id"] if answer.status_code == 200 else None
            except (requests.RequestException, ValueError, KeyError):
                return
            with self.lock:
                if identifier:
                    self.decisions.append(identifier)
                else:
                    self.refused.append(answer.text)

    def chooses(self, patients):
        session = requests.Session()
        while not self.ending.is_set():
            for patient in patients:
                version = self.versions[patient]
                self.under_way.add(patient)
                try:
                    answer = self.region.put(self.region.opposition(patient, version + 1), version or None, session)
                except requests.RequestException:
                    return
                self.under_way.discard(patient)
                if answer.status_code in (200, 201):
                    with self.lock:
                        self.versions[patient] = version + 1
                        self.choices += 1
                else:
                    with self.lock:
                        self.refused.append(answer.text)

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(15)


def killed(journey, name, database, positions, kills):
    """Kills the server `kills` times; `positions(chains)` reads the journal's (chain, sequence) from outside."""
    region = Region(journey, name, database)
    versions = dict.fromkeys(PATIENTS, 0)
    decisions = choices = in_flight = 0
    problems = {"refused": [], "lost": [], "undone": [], "disobeyed": [], "unverified": []}
    for kill in range(1, kills + 1):
        server = region.installation.serve()
        region.authorize()
        # What the server before had answered, or had been asked: no choice was lost, and each is obeyed.
        for patient in PATIENTS if kill > 1 else []:
            settle(region, versions, patient, load, problems)
        load = Load(region, versions)
        time.sleep(random.uniform(0.3, 0.9))
        server.kill()
        server.wait()
        load.end()
        decisions, choices, in_flight = decisions + len(load.decisions), choices + load.choices, \
            in_flight + len(load.under_way)
        problems["refused"] += load.refused
        # A decision's id is the place of its entry: `chain:sequence`.
        entries = positions({identifier.split(":")[0] for identifier in load.decisions})
        problems["lost"] += [identifier for identifier in load.decisions if identifier not in entries]
        if kills <= 5 or kill % 10 == 0 or kill == kills:
            code, out, error = region.installation.run("journal", "verify")
            if code != 0:
                problems["unverified"].append(out + error)
    server = region.installation.serve()
    region.authorize()
    for patient in PATIENTS:
        settle(region, versions, patient, load, problems)
    journey.equal(f"{name}: started again a last time, it ends with 0", stop(server), 0)
    code, out, error = region.installation.run("journal", "verify")
    if code != 0:
        problems["unverified"].append(out + error)
    journey.check(f"{name}: the load was there", decisions >= 20 * kills and choices >= 5 * kills, (decisions, choices))
    journey.check(f"{name}: nothing was refused while the server was up", not problems["refused"],
                  problems["refused"][:3])
    journey.check(f"{name}: each decision that was answered is in the journal", not problems["lost"],
                  f"{len(problems['lost'])} lost: {problems['lost'][:5]}")
    journey.check(f"{name}: each choice that was answered is there, with its version", not problems["undone"],
                  problems["undone"][:5])
    journey.check(f"{name}: and obeyed after the restart", not problems["disobeyed"], problems["disobeyed"][:5])
    journey.check(f"{name}: the journal verifies, the interrupted chains included", not problems["unverified"],
                  problems["unverified"][:2])
    print(f"  {name}: {kills} kills, {decisions} decisions and {choices} choices answered before one, {in_flight} "
          f"choices under way at one; {sum(map(len, problems.values()))} problems; {out.strip().splitlines()[-1]}",
          flush=True)


def settle(region, versions, patient, load, problems):
    """The choice is at the version answered, or at the next when that one was under way; and decisions follow it."""
    answered = versions[patient]
    current = requests.get(f"{region.issuer}/fhir/Consent/opposition-{patient}", headers=region.headers, timeout=10)
    version = int(current.json()["meta"]["versionId"]) if current.status_code == 200 else 0
    if version != answered and not (version == answered + 1 and patient in load.under_way):
        problems["undone"].append((patient, answered, version))
    elif version and current.json()["status"] != ("active" if version % 2 else "inactive"):
        problems["undone"].append((patient, version, current.text))
    versions[patient] = version
    reason = region.ask(patient).json()["context"]["reason"]
    if reason != ("opposition" if version % 2 else "care_team"):
        problems["disobeyed"].append((patient, version, reason))


def journey_body(journey):
    kills = int(sys.argv[sys.argv.index("--kills") + 1]) if "--kills" in sys.argv else 2
    observed(journey)

    def in_sqlite(chains):
        connection = sqlite3.connect(f"file:{journey.folder}/SQLite/data.db?mode=ro", uri=True)
        with connection:
            rows = [row for chain in chains for row in connection.execute(
                "SELECT chain, sequence FROM journal_entries WHERE chain = ?", (chain,))]
        connection.close()
        return {f"{chain}:{sequence}" for chain, sequence in rows}

    killed(journey, "SQLite", "{ sqlite: data.db }", in_sqlite, kills)
    binaries = postgresql(journey)
    if binaries is None:
        return
    with Postgres(binaries) as server:
        def in_postgresql(chains):
            names = ", ".join(f"'{chain}'" for chain in chains) or "''"
            out = subprocess.run(
                [binaries / "psql", "-h", server.folder, "-U", "socle", "-d", "postgres", "-At", "-F", ":",
                 "-c", f"SELECT chain, sequence FROM journal_entries WHERE chain IN ({names})"],
                check=True, capture_output=True, text=True).stdout
            return set(out.split())

        killed(journey, "PostgreSQL", json.dumps({"postgresql": server.conninfo}), in_postgresql, kills)


if __name__ == "__main__":
    run_journey("durability", journey_body)

# SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
# SPDX-License-Identifier: EUPL-1.2
"""Journey (i): two servers on one PostgreSQL, and no answer from before what was acknowledged.

Oppositions, a place in a care team and the policy in force change again and again through one server, while the other
is asked about them by several threads; a membership ends by the clock; three people's sessions end by a sign-out, a
revocation and a disabled account. The order is proved by the revisions that the journal entries hold: whoever changes a
record counts the acknowledgements, each of which is one revision, and an answer whose question was sent after one rests
on that revision or a later one, and says what that revision says. No clock is compared, but for what ends by one.
"""

import base64
import hashlib
import json
import os
import secrets
import subprocess
import threading
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from durability import NURSE, Region
from harness import Authenticator, free_port, run_journey, socle_binary, spawn, stop, wait_for_port
from pages import Arrived, Browser
from policies import copy_of_policies
from serve import Postgres, postgresql

REDIRECT, BYE = "http://127.0.0.1/poste", "http://127.0.0.1/poste/fin"
SECONDS = 7


class Records:
    """What the two servers share, read without them."""

    def __init__(self, binaries, server):
        self.command = [binaries / "psql", "-h", server.folder, "-U", "socle", "-d", "postgres", "-At", "-F", "\t", "-c"]

    def rows(self, statement):
        done = subprocess.run([*self.command, statement], check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def revision(self, key):
        kind, name = key.split("/", 1)
        rows = self.rows(f"SELECT revision FROM record_revisions WHERE kind = '{kind}' AND id = '{name}'")
        return int(rows[0][0]) if rows else 0

    def entries(self):
        """By the name under which each was answered: its instant in milliseconds, and its revisions."""
        rows = self.rows("SELECT chain || ':' || sequence, instant, convert_from(body, 'UTF8')::json->>'revisions' "
                         "FROM journal_entries WHERE convert_from(body, 'UTF8')::json->>'revisions' IS NOT NULL")
        return {name: (int(instant), json.loads(revisions)) for name, instant, revisions in rows}


class Record:
    """Changes again and again through one server, by `change(n)`; at `asked`, another, its state is asked for."""

    def __init__(self, name, key, change, asked, patient, told):
        self.name, self.key, self.change, self.asked, self.patient, self.told = name, key, change, asked, patient, told
        self.acknowledged = 0
        self.refused = []

    def keep_changing(self, until):
        while time.monotonic() < until:
            answer = self.change(self.acknowledged + 1)
            if answer is not None:
                self.refused.append(answer)
                return
            self.acknowledged += 1
            time.sleep(0.05)


class Asker(threading.Thread):
    """Asks until it is told to stop, and keeps what each question was sent after."""

    def __init__(self, base, question, headers, floor):
        super().__init__(daemon=True)
        self.base, self.question, self.headers, self.floor = base, question, headers, floor
        self.ending = threading.Event()
        self.seen, self.failed = [], []     # (the floor, status, id, reason, version of the policies)

    def run(self):
        session = requests.Session()
        while not self.ending.is_set():
            floor = self.floor()
            try:
                answer = session.post(f"{self.base}/access/v1/evaluation", json=self.question, headers=self.headers,
                                      timeout=10)
                context = answer.json()["context"] if answer.status_code == 200 else {}
            except (requests.RequestException, ValueError, KeyError) as error:
                self.failed.append(str(error))
                return
            self.seen.append((floor, answer.status_code, context.get("id"), context.get("reason"),
                              context.get("policy_version")))

    def end(self):
        self.ending.set()
        self.join(15)


def care_team(patient, active, end=None):
    period = {"start": "2026-01-10"} | ({"end": end} if end else {})
    return {"resourceType": "CareTeam", "id": f"team-{patient}", "status": "active" if active else "inactive",
            "subject": {"reference": f"Patient/{patient}"},
            "participant": [{"member": {"reference": f"Practitioner/{NURSE}"}, "period": period}]}


def put_at(region, base, resource, match):
    """None, or what was answered in the place of an acknowledgement."""
    answer = requests.put(f"{base}/fhir/{resource['resourceType']}/{resource['id']}", timeout=10,
                          headers={**region.headers, "Content-Type": "application/fhir+json"}
                          | ({"If-Match": f'W/"{match}"'} if match else {}), data=json.dumps(resource))
    return None if answer.status_code in (200, 201) else answer.text


def changing(region, installation, first, second):
    """The records that change, each through one server and asked for at the other."""
    def opposes(patient, base):
        return lambda n: put_at(region, base, region.opposition(patient, n), n - 1)

    def belongs(patient, base):
        return lambda n: put_at(region, base, care_team(patient, n % 2 == 0), n)

    def publishes(n):
        word = "publish" if n == 1 else "rollback"
        code, out, error = installation.run("policy", word, "2" if n % 2 else "1", "--approver", "approbatrice")
        return None if code == 0 else out + error

    def closed_by(reason):
        return lambda n, seen: seen[3] == (reason if n % 2 else "care_team")

    return [
        Record("an opposition", "patient/PAT-K1", opposes("PAT-K1", first), second, "PAT-K1", closed_by("opposition")),
        Record("an opposition, the other way", "patient/PAT-K2", opposes("PAT-K2", second), first, "PAT-K2",
               closed_by("opposition")),
        Record("a place in the care team", "patient/PAT-K3", belongs("PAT-K3", first), second, "PAT-K3",
               closed_by("membership_expired")),
        Record("the policy in force", "policy/active", publishes, second, "PAT-K4",
               lambda n, seen: seen[4] == (2 if n % 2 else 1)),
    ]


def changed(journey, region, records, first, second):
    """All at once, with a membership that ends meanwhile."""
    end = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=SECONDS // 2 + 1)
    fault = put_at(region, first, care_team("PAT-K5", True, end.strftime("%Y-%m-%dT%H:%M:%SZ")), 1)
    if not journey.check("a membership is given an end, a few seconds ahead", fault is None, fault):
        return
    changes = changing(region, region.installation, first, second)
    start = {record.key: records.revision(record.key) for record in changes}
    askers = {record.name: [Asker(record.asked, region.question(record.patient), region.headers,
                                  lambda record=record: record.acknowledged) for _ in range(2)] for record in changes}
    ending = [Asker(base, region.question("PAT-K5"), region.headers, lambda: 0) for base in (first, second)]
    everybody = [asker for several in askers.values() for asker in several] + ending
    until = time.monotonic() + SECONDS
    writers = [threading.Thread(target=record.keep_changing, args=(until,)) for record in changes]
    for thread in everybody + writers:
        thread.start()
    for writer in writers:
        writer.join()
    time.sleep(0.3)
    for asker in everybody:
        asker.end()
    entries = records.entries()
    failed = [fault for asker in everybody for fault in asker.failed] + [f for r in changes for f in r.refused]
    journey.check("no question and no change failed meanwhile", not failed, failed[:3])
    for record in changes:
        proved(journey, record, start[record.key], records, entries, [s for a in askers[record.name] for s in a.seen])
    by_the_clock(journey, end, entries, ending)
    chains = [{seen[2].split(":")[0] for seen in asker.seen if seen[2]} for asker in ending]
    journey.check("each server answered in a chain of its own", len(chains[0]) == len(chains[1]) == 1
                  and chains[0] != chains[1], chains)


def proved(journey, record, start, records, entries, seen):
    journey.equal(f"{record.name}: each acknowledgement was one revision", records.revision(record.key),
                  start + record.acknowledged)
    conflicts = [s for s in seen if s[3] == "conflict"]
    told = [s for s in seen if s[3] != "conflict"]
    journey.check(f"{record.name}: it changed, and was asked for, often enough",
                  record.acknowledged >= 2 and len(told) >= 20 and len(conflicts) * 20 <= len(seen),
                  (record.acknowledged, len(told), len(conflicts)))
    unknown, early, untrue, rested = [], [], [], Counter()
    for answer in told:
        floor, status, name, *_ = answer
        revision = entries[name][1].get(record.key) if name in entries else None
        if status != 200 or revision is None:
            unknown.append(answer)
            continue
        rested[revision] += 1
        if revision < start + floor:
            early.append((answer, revision))
        if not record.told(revision - start, answer):
            untrue.append((answer, revision))
    journey.check(f"{record.name}: each answer is in the journal, with the revision it rests on", not unknown, unknown[:3])
    journey.check(f"{record.name}: none rests on a revision before the one acknowledged when its question was sent",
                  not early, f"{len(early)} of {len(told)}, such as {early[:3]}")
    journey.check(f"{record.name}: each says what its revision says", not untrue,
                  f"{len(untrue)} of {len(told)}, such as {untrue[:3]}")
    journey.check(f"{record.name}: both states were answered", len({r % 2 for r in rested}) == 2, rested)
    print(f"  {record.name}: {record.acknowledged} changes, {len(told)} answers on {len(rested)} revisions, "
          f"{len(conflicts)} conflicts", flush=True)


def by_the_clock(journey, end, entries, askers):
    end = int(end.timestamp() * 1000)
    for server, asker in zip(("first", "second"), askers):
        told = [(entries[name][0], reason) for _, _, name, reason, _ in asker.seen if name in entries]
        wrong = [(instant - end, reason) for instant, reason in told
                 if reason != ("care_team" if instant < end else "membership_expired")]
        journey.check(f"the membership ended by the clock at the {server} server, at its millisecond",
                      not wrong and len({reason for _, reason in told}) == 2, wrong[:3] or told[-3:])


class Person:
    """An account of the nurse's, signed in at the first server, and the token of an application for it."""

    def __init__(self, region, login):
        password = "une phrase assez longue"
        code, out, error = region.installation.run(
            "user", "create", "--login", login, "--professional", NURSE, "--password-stdin", "--json",
            stdin=password + "\n")
        if code != 0:
            raise RuntimeError(error)
        self.region, self.login = region, login
        self.browser = Browser(until=[REDIRECT])
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {"client_id": "poste", "redirect_uri": REDIRECT, "response_type": "code", "state": "s",
                 "scope": "openid access:evaluate", "code_challenge": challenge, "code_challenge_method": "S256"}
        _, ended = self.browser.sign_in(
            f"{region.issuer}/oauth2/authorize?{urlencode(asked)}",
            {"login": login, "password": password, "situations": [{"id": "HOME"}]},
            Authenticator(json.loads(out)["totp_secret"]))
        answer = requests.post(f"{region.issuer}/oauth2/token", timeout=20, data={
            "grant_type": "authorization_code", "code": parse_qs(urlsplit(ended).query)["code"][0],
            "redirect_uri": REDIRECT, "client_id": "poste", "code_verifier": verifier})
        answer.raise_for_status()
        self.tokens = answer.json()
        payload = self.tokens["id_token"].split(".")[1]
        self.subject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
        self.acknowledged = 0

    def question(self):
        return {"subject": {"type": "professional", "id": self.subject}, "action": {"name": "read"},
                "resource": {"type": "liaison_note", "id": "N-1", "properties": {"patient": "PAT-K6"}},
                "context": {"purpose": "TREAT"}}

    # Each returns None once it is acknowledged.

    def sign_out(self):
        query = {"id_token_hint": self.tokens["id_token"], "post_logout_redirect_uri": BYE}
        try:
            return self.browser.open(f"{self.region.issuer}/oauth2/logout?{urlencode(query)}")
        except Arrived:
            return None

    def revoke(self):
        answer = requests.post(f"{self.region.issuer}/oauth2/revoke", timeout=10, data={
            "token": self.tokens["access_token"], "client_id": "poste"})
        return None if answer.status_code == 200 else answer.text

    def disable(self):
        code, out, error = self.region.installation.run("user", "disable", "--login", self.login)
        return None if code == 0 else out + error


def ended(journey, region, records, second):
    code, out, error = region.installation.run(
        "client", "create", "--id", "poste", "--auth", "none", "--redirect-uri", REDIRECT, "--post-logout-uri", BYE,
        "--scope", "openid", "--scope", "access:evaluate", "--json")
    if not journey.check("an application for people is made while both run", code == 0, error):
        return
    ends = [("a sign-out", "session", Person.sign_out), ("a revocation", "grant", Person.revoke),
            ("a disabled account", "account", Person.disable)]
    people = [Person(region, f"nadir{number}") for number in range(len(ends))]
    askers = [[Asker(second, person.question(), {"Authorization": f"Bearer {person.tokens['access_token']}"},
                     lambda person=person: person.acknowledged) for _ in range(2)] for person in people]
    everybody = [asker for several in askers for asker in several]
    for asker in everybody:
        asker.start()
    for person, (what, _, end) in zip(people, ends):
        time.sleep(0.7)
        fault = end(person)
        person.acknowledged = 1
        journey.check(f"{what}: acknowledged by the first server", fault is None, fault)
    time.sleep(0.7)
    for asker in everybody:
        asker.end()
    entries = records.entries()
    for several, (what, kind, _) in zip(askers, ends):
        seen = [answer for asker in several for answer in asker.seen]
        failed = [fault for asker in several for fault in asker.failed]
        before = [answer for answer in seen if answer[1] == 200 and answer[3] != "conflict"]
        journey.check(f"{what}: the second server answered before it, by the person's own token",
                      len(before) >= 5 and all(answer[3] == "care_team" for answer in before) and not failed,
                      (len(before), {answer[3] for answer in before}, failed[:3]))
        after = Counter(answer[1] for answer in seen if answer[0])
        journey.check(f"{what}: to whoever asked once it was acknowledged, the token is dead",
                      set(after) == {401} and after[401] >= 2, after)
        rested = {(key, revision) for answer in before if answer[2] in entries
                  for key, revision in entries[answer[2]][1].items() if key.startswith(f"{kind}/")}
        now = {key: records.revision(key) for key, _ in rested}
        journey.check(f"{what}: every answer rests on the {kind} as it was before, in its entry",
                      len(rested) == 1 and all(now[key] == revision + 1 for key, revision in rested)
                      and all(answer[2] in entries for answer in before), (rested, now))


def journey_body(journey):
    binaries = postgresql(journey)
    if binaries is None:
        return
    with Postgres(binaries) as server:
        region = Region(journey, "pair", json.dumps({"postgresql": server.conninfo}))
        installation = region.installation
        port = free_port()
        servers = [installation.serve()]
        # The same file, keys and issuer on another port.
        with open(journey.folder / "pair-second.log", "ab") as log:
            servers.append(spawn([socle_binary(), "serve", "--config", str(installation.file)], stdout=log, stderr=log,
                                 cwd="/", env={**os.environ, "SOCLE_LISTEN_PORT": str(port)}))
        journey.cleanup.callback(stop, servers[1])
        wait_for_port(port, servers[1], patience=60)
        first, second = region.issuer, f"http://localhost:{port}"
        region.authorize()
        folder = copy_of_policies(journey, "next")
        with open(folder / "reasons.csv", "a") as file:
            file.write("journey_freshness,fr,en,fr,en\n")
        for login, role in [("auteur", "policy_author"), ("approbatrice", "policy_approver")]:
            installation.run("user", "create", "--login", login, "--password-stdin", "--admin-role", role,
                             stdin="une phrase assez longue\n")
        code, out, error = installation.run("policy", "draft", "--policies", folder, "--author", "auteur")
        if not journey.check("two servers run on one PostgreSQL, and a second policy version is there", code == 0,
                             out + error):
            return
        records = Records(binaries, server)
        changed(journey, region, records, first, second)
        ended(journey, region, records, second)
        journey.equal("both end with 0", [stop(process) for process in servers], [0, 0])
        code, out, error = installation.run("journal", "verify")
        journey.check("the journal verifies, with the chains of both and of the commands", code == 0, out + error)


if __name__ == "__main__":
    run_journey("freshness", journey_body)
